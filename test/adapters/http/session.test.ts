// @vitest-environment node
import { afterEach, describe, expect, it, vi } from 'vitest'
import { httpAdapter } from '../../../src/adapters/http/index.js'
import { plain, refused, totp, totpNow, withPassword } from '../memory/house.js'
import { scriptedAdapter } from '../../support/scriptedAdapter.js'
import { rig } from './house.js'

const stops: (() => void)[] = []
afterEach(() => {
  vi.unstubAllGlobals()
  for (const stop of stops.splice(0)) stop()
})

function counted(subscribe: (changed: () => void) => () => void) {
  const heard = { count: 0 }
  const stop = subscribe(() => (heard.count += 1))
  stops.push(stop)
  return { heard, stop }
}

/** Long enough for a message between two tabs to have come, if one was sent. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 50))

describe('a changed session', () => {
  it('HA-15 is told in this tab and in the others, after the verb, without a payload', async () => {
    const { browser } = await rig()
    const one = await browser()
    const other = (await one.tab()).adapter
    const here = counted(one.adapter.session.subscribe)
    const there = counted(other.session.subscribe)
    const attempt = await withPassword(one.adapter, plain)
    await settled()
    expect([here.heard.count, there.heard.count]).toEqual([0, 0])
    await one.adapter.signIn.finish(attempt)
    await expect.poll(() => [here.heard.count, there.heard.count]).toEqual([1, 1])
    expect(await other.session.get()).toMatchObject({ user: { id: plain.id } })
    await other.session.signOut()
    await expect.poll(() => [here.heard.count, there.heard.count]).toEqual([2, 2])
    expect(await one.adapter.session.get()).toBeNull()
  })

  it('is told by a tab in which nobody listens, and to nobody who has stopped', async () => {
    const { browser } = await rig()
    const one = await browser()
    const there = counted((await one.tab()).adapter.session.subscribe)
    const here = counted(one.adapter.session.subscribe)
    here.stop()
    here.stop()
    await one.adapter.signIn.finish(await withPassword(one.adapter, plain))
    await expect.poll(() => there.heard.count).toBe(1)
    there.stop()
    await one.adapter.session.signOut()
    await settled()
    expect([here.heard.count, there.heard.count]).toEqual([0, 1])
  })

  it('is told twice to one function that subscribed twice', async () => {
    const { browser } = await rig()
    const { adapter } = await browser()
    let count = 0
    const changed = () => (count += 1)
    const first = adapter.session.subscribe(changed)
    stops.push(first, adapter.session.subscribe(changed))
    first()
    await adapter.session.signOut()
    await expect.poll(() => count).toBe(1)
  })

  it('HA-15 is told when its answer was lost too, and not when it was refused', async () => {
    const { browser, proxy } = await rig()
    const { adapter } = await browser()
    const { heard } = counted(adapter.session.subscribe)
    const attempt = await withPassword(adapter, totp)
    await refused(adapter.signIn.finish(attempt), 'not_supported')
    await settled()
    expect(heard.count).toBe(0)
    proxy.cut('/api/auth/session/sign-out', 'before-headers')
    await refused(adapter.session.signOut(), 'network')
    await expect.poll(() => heard.count).toBe(1)
  })

  it('is told outside the call that made the change, so that a listener may ask at once', async () => {
    const { browser } = await rig()
    const { adapter } = await browser()
    const order: string[] = []
    stops.push(
      adapter.session.subscribe(() => {
        order.push(new Error('Where am I?').stack?.includes('changing') ? 'inside' : 'outside')
      }),
    )
    await adapter.session.signOut()
    await expect.poll(() => order).toEqual(['outside'])
  })

  it('is told when factors change, because levels do', async () => {
    const { browser, backend } = await rig()
    const { adapter } = await browser()
    await adapter.signIn.finish(await withPassword(adapter, plain))
    await settled()
    const { heard } = counted(adapter.session.subscribe)
    const enrollment = await adapter.mfa!.enroll({ type: 'totp' })
    if (enrollment.status !== 'pending' || enrollment.type !== 'totp') return expect.unreachable()
    const code = totpNow(backend, 0, enrollment.secret)
    const { factor } = await adapter.mfa!.verify({ enrollmentId: enrollment.id, code })
    await expect.poll(() => heard.count).toBe(1)
    await adapter.mfa!.unenroll({ factorId: factor.id })
    await expect.poll(() => heard.count).toBe(2)
  })

  it('is told in this tab where browsers have no channel between tabs', async () => {
    const { browser } = await rig()
    const { adapter } = await browser()
    vi.stubGlobal('BroadcastChannel', undefined)
    const { heard } = counted(adapter.session.subscribe)
    await adapter.session.signOut()
    expect(heard.count).toBe(1)
  })
})

it('an adapter can be made where there is no page, and holds nothing open', () => {
  const channel = vi.fn()
  vi.stubGlobal('BroadcastChannel', channel)
  const { capabilities } = scriptedAdapter().adapter
  httpAdapter({ url: '/api/auth', offer: { capabilities, verbs: [] } })
  expect(channel).not.toHaveBeenCalled()
})
