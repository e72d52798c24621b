// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { optionId, plain, refused, totp, totpNow, withPassword } from '../memory/house.js'
import { rig } from './house.js'

const path = (name: string) => `/api/auth/${name}`

describe('HA-08 a reply that is lost on the wire', () => {
  it.each(['before-headers', 'after-headers'] as const)(
    'leaves a second factor unknown, asked once, and found by reload (%s)',
    async (cut) => {
      const { backend, browser, proxy } = await rig()
      const { adapter } = await browser()
      const attempt = await withPassword(adapter, totp)
      const proof = { factorId: optionId(attempt, 'totp'), code: totpNow(backend) }
      proxy.cut(path('sign-in/attempt-second-factor'), cut)
      await refused(adapter.signIn.attemptSecondFactor(attempt, proof), 'network', { outcome: 'unknown' })
      expect(proxy.log.filter((one) => one.path.endsWith('attempt-second-factor'))).toHaveLength(1)
      expect(backend.calls.filter(({ verb }) => verb === 'signIn.attemptSecondFactor')).toHaveLength(1)
      expect(await adapter.signIn.reload(attempt)).toMatchObject({ status: 'complete' })
      expect((await adapter.signIn.finish(attempt)).user.id).toBe(totp.id)
    },
  )

  it('of the first factor of a new browser takes its cookie with it, so nothing is resumed and nobody is signed in', async () => {
    const { browser, proxy } = await rig()
    const { adapter, jar } = await browser()
    proxy.cut(path('sign-in/create'), 'before-headers')
    await refused(withPassword(adapter, totp), 'network', { outcome: 'unknown' })
    expect(jar.cookies.size).toBe(0)
    expect(await adapter.signIn.resume({})).toEqual({ attempt: null })
    expect(await adapter.session.get()).toBeNull()
  })

  it('of finish may be asked again', async () => {
    const { browser, proxy } = await rig()
    const { adapter } = await browser()
    const attempt = await withPassword(adapter, plain)
    proxy.cut(path('sign-in/finish'), 'before-headers')
    await refused(adapter.signIn.finish(attempt), 'network', { outcome: 'unknown' })
    expect((await adapter.signIn.finish(attempt)).user.id).toBe(plain.id)
  })

  it('of a proof of an enrolment: asked again it is done, and the codes are gone', async () => {
    const { backend, browser, proxy } = await rig()
    const { adapter } = await browser()
    await adapter.signIn.finish(await withPassword(adapter, plain))
    const enrollment = await adapter.mfa!.enroll({ type: 'totp' })
    if (enrollment.status !== 'pending' || enrollment.type !== 'totp') return expect.unreachable()
    const proof = { enrollmentId: enrollment.id, code: totpNow(backend, 0, enrollment.secret) }
    proxy.cut(path('mfa/verify'), 'after-headers')
    await refused(adapter.mfa!.verify(proof), 'network', { outcome: 'unknown' })
    expect(await adapter.mfa!.listFactors()).toHaveLength(1)
    expect(await adapter.mfa!.verify(proof)).not.toHaveProperty('backupCodes')
  })

  it('of signing out: the next look says that it happened', async () => {
    const { browser, proxy } = await rig()
    const { adapter } = await browser()
    await adapter.signIn.finish(await withPassword(adapter, plain))
    proxy.cut(path('session/sign-out'), 'before-headers')
    await refused(adapter.session.signOut(), 'network', { outcome: 'unknown' })
    expect(await adapter.session.get()).toBeNull()
  })
})

it('a server that is gone is no answer', async () => {
  const { browser, server, proxy } = await rig()
  const { adapter } = await browser()
  await server.close()
  await refused(withPassword(adapter, plain), 'network', { outcome: 'unknown' })
  await proxy.close()
  await refused(adapter.session.get(), 'network', { outcome: 'unknown' })
})

it('HA-03 a call that is aborted is no answer, and changes nothing late', async () => {
  const { browser, proxy } = await rig()
  const { adapter } = await browser()
  const release = proxy.hold('/api/auth/sign-in/create')
  const controller = new AbortController()
  const asked = adapter.signIn.create({ identifier: plain.email }, { signal: controller.signal })
  await expect.poll(() => proxy.log.map((one) => one.fate)).toContain('held')
  controller.abort()
  await refused(asked, 'network', { outcome: 'unknown' })
  release()
})
