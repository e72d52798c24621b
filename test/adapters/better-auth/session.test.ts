// @vitest-environment node
import { createAuthClient as createReactClient } from 'better-auth/react'
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest'
import { movableClock } from '../../../demo/server/movableClock.js'
import { demoUsers } from '../../../demo/users.js'
import { betterAuthAdapter, type BetterAuthClient } from '../../../src/adapters/better-auth/index.js'
import type { AuthError } from '../../../src/core/AuthError.js'
import { startBetterAuthServer, totp, type Browser, type RunningServer } from '../../servers/betterAuthServer.js'

const { withoutMfa, withTotp, withEmailCode } = demoUsers
const refused = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: AuthError) => error,
  )
const until = async (holds: () => boolean) => {
  for (let tries = 0; !holds() && tries < 100; tries++) await new Promise((resolve) => setTimeout(resolve, 10))
}

async function signIn(browser: Browser, user: { email: string; password: string } = withoutMfa) {
  const adapter = betterAuthAdapter(browser.client)
  const attempt = await adapter.signIn.create({ identifier: user.email, password: user.password })
  await adapter.signIn.finish(attempt)
  return adapter
}

describe('on a server with the plugin', () => {
  let server: RunningServer
  beforeAll(async () => (server = await startBetterAuthServer()))
  beforeEach(() => server.reset())
  afterAll(() => server.close())

  it('takes the client of better-auth/react as it is', () => {
    expectTypeOf(createReactClient<object>).returns.toExtend<BetterAuthClient>()
  })

  it('gives durations, by the server’s clock', async () => {
    const { session } = await signIn(server.browser())
    server.advance(3_600_000)
    const now = await session.get()
    expect(now?.firstFactorAgeMs).toBeGreaterThanOrEqual(3_600_000)
    expect(now?.methods[0]?.ageMs).toBe(now?.firstFactorAgeMs)
    expect(now?.secondFactorAgeMs).toBeUndefined()
    const week = 7 * 24 * 3_600_000
    expect(now?.expiresInMs).toBeGreaterThan(week - 2 * 3_600_000)
    expect(now?.expiresInMs).toBeLessThan(week)
  })

  it('tells two ages of one moment alike, however long the reading takes', async () => {
    const { session } = await signIn(server.browser())
    const started = Date.now()
    let reads = 0
    // Each look at the clock is later than the one before, as on a slow machine.
    const slow = vi.spyOn(movableClock, 'now').mockImplementation(() => started + reads++)
    const now = await session.get().finally(() => slow.mockRestore())
    expect(now?.methods[0]?.ageMs).toBe(now?.firstFactorAgeMs)
  })

  it('is over when it has expired', async () => {
    const { session } = await signIn(server.browser())
    server.advance(8 * 24 * 3_600_000)
    expect(await session.get()).toBeNull()
  })

  it('is never read as absent when it cannot be read', async () => {
    const browser = server.browser()
    const { session } = await signIn(browser)
    browser.faults.next = { path: '/latchkey/state', when: 'before' }
    expect(await refused(session.get())).toMatchObject({ code: 'network', outcome: 'unknown' })
    browser.faults.next = { path: '/latchkey/state', answer: () => new Response('', { status: 200 }) }
    expect(await refused(session.get())).toMatchObject({ code: 'unavailable', outcome: 'unknown' })
    browser.faults.next = { path: '/latchkey/state', answer: () => new Response('oops', { status: 502 }) }
    expect(await refused(session.get())).toMatchObject({ code: 'unavailable', outcome: 'unknown' })
  })

  it('is signed out here, elsewhere, or everywhere', async () => {
    const open = async () => (await signIn(server.browser())).session
    const alive = async (sessions: Awaited<ReturnType<typeof open>>[]) =>
      Promise.all(sessions.map(async (session) => (await session.get()) !== null))
    const [a, b, c] = [await open(), await open(), await open()]
    await a.signOut()
    expect(await alive([a, b, c])).toEqual([false, true, true])
    await b.signOut({ scope: 'others' })
    expect(await alive([a, b, c])).toEqual([false, true, false])
    const d = await open()
    await b.signOut({ scope: 'all' })
    expect(await alive([b, d])).toEqual([false, false])
    await b.signOut()
  })

  it('tells of a sign-in and a sign-out, and the host’s store is told too', async () => {
    const browser = server.browser()
    const told: string[] = []
    const { session, signIn: api } = betterAuthAdapter(browser.client)
    const stop = session.subscribe(() => told.push('changed'))
    const store = () =>
      (browser.client.$store.atoms.session?.get() as { data?: { user: { email: string } } | null } | undefined)?.data
    const attempt = await api.create({ identifier: withoutMfa.email, password: withoutMfa.password })
    expect(told).toEqual([])
    await api.finish(attempt)
    await until(() => told.length === 1)
    expect(store()?.user.email).toBe(withoutMfa.email)
    await browser.client.signOut()
    await until(() => told.length === 2)
    expect([told.length, store()]).toEqual([2, null])
    stop()
    await signIn(browser)
    await until(() => store() !== null)
    expect(told).toHaveLength(2)
  })

  it('tells outside the client’s own callback', async () => {
    const browser = server.browser()
    const { session } = betterAuthAdapter(browser.client)
    let inside = false
    const seen: boolean[] = []
    const stop = session.subscribe(() => seen.push(inside))
    const { session: atom } = browser.client.$store.atoms
    inside = true
    atom?.set({ ...(atom.get() as object), data: { user: { id: 'x' } } })
    inside = false
    await until(() => seen.length > 0)
    expect(seen).toEqual([false])
    stop()
  })

  it('reads after a sign-out of somebody half signed in as nobody', async () => {
    const browser = server.browser()
    const { signIn: api, session } = betterAuthAdapter(browser.client)
    await api.create({ identifier: withTotp.email, password: withTotp.password })
    expect(await session.get()).toBeNull()
    await session.signOut()
    expect(browser.cookies.has('better-auth.two_factor')).toBe(false)
  })
})

describe('on plain Better Auth', () => {
  let server: RunningServer
  beforeAll(async () => (server = await startBetterAuthServer({ plugin: false })))
  beforeEach(() => server.reset())
  afterAll(() => server.close())

  const openTotp = async () => {
    const browser = server.browser()
    const adapter = betterAuthAdapter(browser.client)
    const attempt = await adapter.signIn.create({ identifier: withTotp.email, password: withTotp.password })
    return { browser, attempt, ...adapter }
  }

  it('MG-03 the level is not known, before and after a second factor', async () => {
    const { session } = await signIn(server.browser())
    expect(await session.get()).toMatchObject({ user: { label: withoutMfa.email }, currentLevel: null, nextLevel: null })
    const { signIn: api, attempt } = await openTotp()
    expect(attempt.supportedSecondFactors?.map(({ id }) => id)).toEqual(['totp', 'email_code', 'backup_code'])
    const done = await api.attemptSecondFactor(attempt, { factorId: 'totp', code: totp(withTotp.totpSecret) })
    expect(await api.finish(done)).toMatchObject({ currentLevel: null, nextLevel: null, methods: [] })
  })

  it('offers nothing that needs an app to people without one', async () => {
    const { signIn: api } = betterAuthAdapter(server.browser().client)
    const attempt = await api.create({ identifier: withEmailCode.email, password: withEmailCode.password })
    expect(attempt.supportedSecondFactors).toEqual([{ id: 'email_code', strategy: 'email_code' }])
  })

  it('a reload finds a session, or the attempt unchanged', async () => {
    const { signIn: api, attempt, browser } = await openTotp()
    expect(await api.reload(attempt)).toEqual(attempt)
    browser.faults.next = { path: '/verify-totp', when: 'after' }
    await refused(api.attemptSecondFactor(attempt, { factorId: 'totp', code: totp(withTotp.totpSecret) }))
    expect(await api.reload(attempt)).toMatchObject({ status: 'complete' })
    expect(await betterAuthAdapter(browser.client).signIn.resume({})).toEqual({ attempt: null })
  })

  it('an attempt is given up without more ado', async () => {
    const { signIn: api, attempt, session } = await openTotp()
    await api.cancel(attempt)
    expect(await refused(api.reload(attempt))).toMatchObject({ code: 'attempt_lost' })
    expect(await session.get()).toBeNull()
  })

  it('has no step-up and, with factors, no list of them', async () => {
    const { session, mfa, stepUp } = await signIn(server.browser())
    expect(await refused(stepUp!.create({ level: 'second_factor' }))).toMatchObject({ code: 'not_supported' })
    expect(await mfa?.listFactors()).toEqual([])
    await session.signOut()
    const { signIn: api, attempt, mfa: theirs } = await openTotp()
    await api.attemptSecondFactor(attempt, { factorId: 'totp', code: totp(withTotp.totpSecret) })
    expect(await refused(theirs!.listFactors())).toMatchObject({ code: 'not_supported' })
  })

  it('has no phones as second factors, no list of passkeys, and no count of backup codes, and says so', async () => {
    const browser = server.browser()
    await signIn(browser)
    const { mfa, stepUp, capabilities } = betterAuthAdapter(browser.client, { enroll: ['totp', 'phone', 'webauthn'] })
    expect(capabilities.enroll.map(({ type }) => type)).toEqual(['totp', 'phone', 'webauthn'])
    const { password } = withoutMfa
    const notSupported = { code: 'not_supported', outcome: 'refused' }
    expect(await refused(mfa!.enroll({ type: 'phone', phone: '+15550107777', password }))).toMatchObject(notSupported)
    expect(await refused(mfa!.unenroll({ factorId: 'phone_code', password }))).toMatchObject(notSupported)
    expect(await refused(mfa!.listFactors())).toMatchObject(notSupported)
    expect(await refused(stepUp!.create({ level: 'second_factor' }))).toMatchObject(notSupported)
    expect(await mfa!.backupCodes?.status?.()).toEqual({})
    await browser.client.signOut()
    expect(await refused(mfa!.backupCodes!.status!())).toMatchObject({ code: 'session_lost' })
  })

  it('an enrolment works, and a lost proof is found', async () => {
    const browser = server.browser()
    const { mfa } = await signIn(browser)
    const enrollment = await mfa!.enroll({ type: 'totp', password: withoutMfa.password })
    if (enrollment.status !== 'pending' || enrollment.type !== 'totp') return expect.unreachable()
    const proof = { enrollmentId: enrollment.id, code: totp(enrollment.secret) }
    browser.faults.next = { path: '/verify-totp', when: 'after' }
    expect(await refused(mfa!.verify(proof))).toMatchObject({ outcome: 'unknown' })
    expect((await mfa!.verify(proof)).backupCodes).toHaveLength(10)
  })
})
