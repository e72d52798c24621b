// @vitest-environment node
import { describe, expect, it, vi } from 'vitest'
import { createCooldowns, type CooldownStorage } from '../../src/core/cooldowns.js'
import { fakeClock } from '../support/fakeClock.js'

const second = 1000
const hour = 3_600_000
const day = 24 * hour
const factor = 'email_code:1'

/** One device: tabs share the storage and the wall clock, each has a monotonic clock of its own. */
function device() {
  const stored = new Map<string, string>()
  const storage: CooldownStorage = {
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, value) => void stored.set(key, value),
  }
  const wall = { now: Date.UTC(2026, 0, 15) }
  const clocks: ReturnType<typeof fakeClock>[] = []
  return {
    stored,
    wall,
    tab(name = 'scripted') {
      const clock = fakeClock(clocks.length * 777)
      clocks.push(clock)
      const cooldowns = createCooldowns(clock, name, storage, () => wall.now)
      return { ...cooldowns, left: (id = factor) => Math.max(0, cooldowns.endsAt(id) - clock.now()) }
    },
    async pass(ms: number) {
      wall.now += ms
      for (const clock of clocks) await clock.advance(ms)
    },
  }
}

describe('resend waits', () => {
  it('OT-18 run from the send, per factor, and end', async () => {
    const { tab, pass } = device()
    const page = tab()
    expect(page.left()).toBe(0)
    page.start(factor, 30 * second)
    expect(page.left()).toBe(30 * second)
    expect(page.left('email_code:2')).toBe(0)
    await pass(29 * second)
    expect(page.left()).toBe(second)
    await pass(second)
    expect(page.left()).toBe(0)
  })

  it('OT-18 survive a reload and hold in another tab, for the same backend only', async () => {
    const { tab, pass } = device()
    const page = tab()
    page.start(factor, 30 * second)
    await pass(10 * second)
    const [reloaded, elsewhere] = [tab(), tab('another backend')]
    expect(reloaded.left()).toBe(20 * second)
    expect(elsewhere.left()).toBe(0)
    reloaded.start(factor, 30 * second)
    expect(page.left()).toBe(30 * second)
    await pass(30 * second)
    expect([page.left(), reloaded.left()]).toEqual([0, 0])
  })

  it('OT-18 HA-11 leave a start and a wait in the storage and nothing else', () => {
    const { tab, stored, wall } = device()
    tab().start(factor, 30 * second)
    expect([...stored]).toEqual([[`latchkey:resend:scripted:${factor}`, `${wall.now}+${30 * second}`]])
  })

  it('OT-18 tell whoever listens', () => {
    const page = device().tab()
    const changed = vi.fn()
    const stop = page.subscribe(changed)
    page.start(factor, second)
    expect(changed).toHaveBeenCalledTimes(1)
    stop()
    page.start(factor, second)
    expect(changed).toHaveBeenCalledTimes(1)
  })

  it('OT-17 OT-18 count on in this page when the wall clock is set a day on or back', async () => {
    for (const jump of [day, -day]) {
      const { tab, wall, pass } = device()
      const page = tab()
      page.start(factor, 30 * second)
      wall.now += jump
      expect(page.left()).toBe(30 * second)
      await pass(30 * second)
      expect(page.left()).toBe(0)
    }
  })

  it('OT-18 are never longer after a reload than they were, whatever the wall clock did meanwhile', () => {
    for (const jump of [day, -day, -5 * second]) {
      const { tab, wall } = device()
      tab().start(factor, 30 * second)
      wall.now += jump
      expect(tab().left()).toBe(0)
    }
  })

  it.each([
    [Infinity, hour],
    [365 * day, hour],
    [hour + 1, hour],
    [0, 0],
    [-second, 0],
    [-Infinity, 0],
    [Number.NaN, 0],
  ])('OT-18 take %d ms for %d', (asked, taken) => {
    const page = device().tab()
    page.start(factor, asked)
    expect(page.left()).toBe(taken)
  })

  it('OT-18 a send that says nothing sensible of a wait does not end one that runs', () => {
    const page = device().tab()
    page.start(factor, 30 * second)
    page.start(factor, Number.NaN)
    expect(page.left()).toBe(30 * second)
  })

  it.each(['', 'soon', '1+2+3', 'NaN+NaN', `${Date.UTC(2099, 0)}+1000`, '0+Infinity', '0+1e99', '-1e99+1e99', '{"a":1}', '12'])(
    'OT-18 make nothing of %j in the storage',
    (junk) => {
      const { tab, stored } = device()
      stored.set(`latchkey:resend:scripted:${factor}`, junk)
      expect(tab().left()).toBe(0)
    },
  )

  it('OT-18 an absurd wait in the storage runs out all the same', async () => {
    const { tab, stored, wall, pass } = device()
    stored.set(`latchkey:resend:scripted:${factor}`, `${wall.now}+${365 * day}`)
    const page = tab()
    expect(page.left()).toBe(hour)
    await pass(hour / 2)
    expect(page.left()).toBe(hour / 2)
    await pass(hour / 2)
    expect(page.left()).toBe(0)
  })

  it('OT-18 hold for the page alone where the storage is denied or there is none', () => {
    const denied: CooldownStorage = {
      getItem() {
        throw new DOMException('denied', 'SecurityError')
      },
      setItem() {
        throw new DOMException('denied', 'SecurityError')
      },
    }
    for (const storage of [denied, undefined]) {
      const clock = fakeClock()
      const page = createCooldowns(clock, 'scripted', storage)
      page.start(factor, 30 * second)
      expect(page.endsAt(factor)).toBe(clock.now() + 30 * second)
    }
  })
})
