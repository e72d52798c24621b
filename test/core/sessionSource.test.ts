// @vitest-environment node
import { describe, expect, it, vi } from 'vitest'
import { AuthError } from '../../src/core/AuthError.js'
import { flush } from '../support/fakeClock.js'
import { attempt, session } from '../support/scriptedAdapter.js'
import { testEngine, timeoutMs } from '../support/testEngine.js'

describe('the session source', () => {
  it('shares a read that is under way, but not an old one with whoever asks the server', async () => {
    const { engine, fake, clock } = testEngine()
    const [a, b] = [engine.sessions.read(), engine.sessions.read()]
    expect(b).toBe(a)
    const fresh = engine.sessions.read({ fresh: true })
    expect(engine.sessions.read({ fresh: true })).toBe(fresh)
    expect(engine.sessions.read()).toBe(fresh)
    const [cached, asked] = [await fake.next('session.get'), await fake.next('session.get')]
    expect([cached.fresh, asked.fresh]).toEqual([false, true].map((one) => one || undefined))
    await asked.resolve(session())
    await cached.resolve(null)
    expect((await fresh).session).toEqual(session())
    expect((await a).session).toBeNull()
    // On its heels, the server's answer will do; a while later, and after a change, it will not.
    expect((await engine.sessions.read()).session).toEqual(session())
    expect(fake.count('session.get')).toBe(2)
    await clock.advance(5_000)
    const later = engine.sessions.read()
    await (await fake.next('session.get')).resolve(null)
    expect((await later).session).toBeNull()
  })

  it('stamps a reading with the moment of the answer on the monotonic clock', async () => {
    const { engine, fake, clock } = testEngine()
    const read = engine.sessions.read()
    await clock.advance(700)
    await (await fake.next('session.get')).resolve(session())
    expect((await read).at).toBe(clock.now())
  })

  it('HA-07 MG-03 gives up a read that never settles, aborts it, and asks anew the next time', async () => {
    const { engine, fake, clock } = testEngine()
    const read = engine.sessions.read().catch((thrown: unknown) => thrown)
    const call = await fake.next('session.get')
    await clock.advance(timeoutMs)
    expect(await read).toMatchObject({ code: 'network', outcome: 'unknown' })
    expect(call.signal?.aborted).toBe(true)
    const again = engine.sessions.read()
    await (await fake.next('session.get')).resolve(null)
    expect((await again).session).toBeNull()
    expect(clock.timers).toBe(0)
  })

  it.each([
    undefined,
    0,
    '',
    'null',
    {},
    [],
    { user: null },
    { ...session(), user: {} },
    { ...session(), user: { id: 7 } },
    { ...session(), currentLevel: undefined },
    { ...session(), currentLevel: 'aal4' },
    { ...session(), currentLevel: 2 },
    { ...session(), nextLevel: undefined },
    { ...session(), nextLevel: '__proto__' },
  ])('MG-03 takes %j for no session and for no absence of one', async (answer) => {
    const { engine } = testEngine({ answers: { 'session.get': () => answer as never } })
    await expect(engine.sessions.read()).rejects.toMatchObject({ code: 'unavailable', outcome: 'unknown' })
  })

  it('passes a refusal on', async () => {
    const { engine } = testEngine({
      answers: {
        'session.get': () => {
          throw new AuthError('rate_limited')
        },
      },
    })
    await expect(engine.sessions.read()).rejects.toMatchObject({ code: 'rate_limited' })
  })

  it('HA-02 holds one listener at the adapter however many listen, and none when they have gone', () => {
    const { engine, fake } = testEngine()
    const stops = [engine.sessions.subscribe(() => {}), engine.sessions.subscribe(() => {})]
    expect(fake.listeners).toBe(1)
    stops[0]?.()
    expect(fake.listeners).toBe(1)
    stops[1]?.()
    expect(fake.listeners).toBe(0)
    engine.sessions.subscribe(() => {})()
    expect(fake.listeners).toBe(0)
  })

  it('tells of a change only when no verb is in flight: vendors speak before their own call has answered', async () => {
    const { engine, fake, signIn } = testEngine()
    const changed = vi.fn()
    engine.sessions.subscribe(changed)
    await fake.sessionChanged()
    await flush()
    expect(changed).toHaveBeenCalledTimes(1)
    void signIn.create({ identifier: 'ada@example.com', password: 'x' })
    const create = await fake.next('signIn.create')
    await fake.sessionChanged()
    await flush()
    expect(changed).toHaveBeenCalledTimes(1)
    await create.resolve(attempt({ status: 'needs_second_factor' }))
    expect(changed).toHaveBeenCalledTimes(2)
  })

  it('MG-18 never shares a read that began before a change with whoever asks after it', async () => {
    const { engine, fake } = testEngine()
    engine.sessions.subscribe(() => {})
    const before = engine.sessions.read({ fresh: true })
    const first = await fake.next('session.get')
    engine.sessions.changed()
    await flush()
    const after = engine.sessions.read({ fresh: true })
    const second = await fake.next('session.get')
    await second.resolve(session({ currentLevel: 'aal2' }))
    await first.resolve(session())
    expect((await after).session?.currentLevel).toBe('aal2')
    expect((await before).session?.currentLevel).toBe('aal1')
    void engine.sessions.read({ fresh: true })
    expect(engine.sessions.read({ fresh: true })).not.toBe(after)
  })
})
