// @vitest-environment node
import type { LoadedClerk } from '@clerk/shared/types'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, expectTypeOf, it } from 'vitest'
import { clerkAdapter, type ClerkInstance } from '../../../src/adapters/clerk/index.js'
import type { RealClerk } from '../../servers/clerkBrowser.js'
import { startClerkStandIn, type ClerkStandIn } from '../../servers/clerkStandIn.js'
import { adapterOf, browse, refused, signedIn, totpOf, withTotp } from './house.js'

let server: ClerkStandIn
beforeAll(async () => (server = await startClerkStandIn()))
beforeEach(() => (server.settings.singleSession = true))
afterEach(() => expect(server.violations.splice(0)).toEqual([]))
afterAll(() => server.close())

const until = async (holds: () => boolean) => {
  for (let tries = 0; !holds() && tries < 100; tries++) await new Promise((resolve) => setTimeout(resolve, 10))
}

it('takes Clerk’s own types as they are', () => {
  expectTypeOf<RealClerk>().toExtend<ClerkInstance>()
  expectTypeOf<LoadedClerk>().toExtend<ClerkInstance>()
  expectTypeOf(clerkAdapter).toBeCallableWith({} as RealClerk)
})

describe('a session', () => {
  it('is not asked for where Clerk’s client has none', async () => {
    const { session } = await browse(server)
    const before = server.requests.length
    expect(await session.get()).toBeNull()
    expect(server.requests.length).toBe(before)
  })

  it('tells its level, and ages that grow, by the server', async () => {
    const user = withTotp(server)
    const { session, first } = await signedIn(server, user)
    expect(first).toEqual({
      id: expect.stringMatching(/^sess_/) as string,
      user: { id: user.id, label: user.email },
      currentLevel: 'aal2',
      nextLevel: 'aal2',
      methods: [],
      firstFactorAgeMs: 0,
      secondFactorAgeMs: 0,
    })
    server.advance(20 * 60_000)
    expect(await session.get()).toMatchObject({ firstFactorAgeMs: 20 * 60_000, secondFactorAgeMs: 20 * 60_000 })
  })

  it('of somebody without a second factor is at aal1 and cannot reach more', async () => {
    const { first } = await signedIn(server, server.addUser())
    expect(first).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' })
    expect(first.secondFactorAgeMs).toBeUndefined()
  })

  it('whose instance keeps the ages to itself satisfies nothing above aal1', async () => {
    const { browser, session } = await signedIn(server, withTotp(server))
    const { client } = browser.clerk
    const { reload } = client ?? expect.unreachable()
    Object.assign(client ?? {}, {
      reload: async () => {
        const read = await reload.call(client)
        for (const one of read.sessions) one.factorVerificationAge = null
        return read
      },
    })
    expect(await session.get()).toMatchObject({ currentLevel: 'aal1', nextLevel: null })
  })

  it('that is over on the server is none', async () => {
    const { session, first } = await signedIn(server, server.addUser())
    for (const client of server.clients) client.sessions = client.sessions.filter(({ id }) => id !== first.id)
    expect(await session.get()).toBeNull()
  })

  it('MG-10 is the same with a clock that is a day off', async () => {
    const { session } = await signedIn(server, withTotp(server))
    const { now } = Date
    Date.now = () => now() + 24 * 3_600_000
    try {
      expect(await session.get()).toMatchObject({ firstFactorAgeMs: 0, secondFactorAgeMs: 0 })
    } finally {
      Date.now = now
    }
  })
})

describe('tasks', () => {
  it('HA-17 to set up a second factor: enrolment inside the sign-in, and no session before', async () => {
    const user = server.addUser({ tasks: [{ key: 'setup-mfa' }] })
    const { signIn, session, mfa, browser } = await browse(server)
    const attempt = await signIn.create({ identifier: user.email, password: user.password })
    expect(attempt).toMatchObject({ status: 'needs_enrollment', enroll: ['totp', 'phone', 'webauthn'], cancelSignsOut: true })
    expect(await refused(signIn.finish(attempt))).toMatchObject({ code: 'not_supported' })
    const app = await mfa.enroll({ type: 'totp', attempt })
    expect(browser.clerk.isSignedIn).toBe(false)
    expect(await session.get()).toMatchObject({ pending: 'enrollment' })
    if (app.status !== 'pending' || app.type !== 'totp') return expect.unreachable()
    const { attempt: next, backupCodes } = await mfa.verify({ enrollmentId: app.id, code: totpOf(server, app.secret) })
    expect(backupCodes).toHaveLength(10)
    expect(next).toMatchObject({ id: attempt.id, status: 'complete' })
    const active = await signIn.finish(attempt)
    expect(active).toMatchObject({ currentLevel: 'aal2', user: { id: user.id } })
    expect(active.pending).toBeUndefined()
    expect(browser.clerk.isSignedIn).toBe(true)
  })

  it('of such a session are found again after a reload', async () => {
    const user = server.addUser({ tasks: [{ key: 'setup-mfa' }] })
    const { signIn, browser } = await browse(server)
    await signIn.create({ identifier: user.email, password: user.password })
    await browser.reload()
    const again = adapterOf(browser)
    expect(await again.session.get()).toMatchObject({ pending: 'enrollment' })
    const { attempt } = await again.signIn.resume({})
    expect(attempt).toMatchObject({ status: 'needs_enrollment', cancelSignsOut: true })
    await again.signIn.cancel(attempt ?? expect.unreachable())
    expect(await again.session.get({ fresh: true })).toBeNull()
  })

  it.each([
    ['choose-organization', 'other'],
    ['reset-password', 'new_password'],
  ] as const)('that the kit cannot do (%s) are unsupported, by their key', async (key, pending) => {
    const user = server.addUser({ tasks: [{ key }] })
    const { signIn, session } = await browse(server)
    const attempt = await signIn.create({ identifier: user.email, password: user.password })
    expect(attempt).toMatchObject({ status: 'unsupported', detail: key })
    expect(await session.get({ fresh: true })).toMatchObject({ pending })
    await signIn.cancel(attempt)
    expect(await session.get({ fresh: true })).toBeNull()
  })

  it('that came up after the last factor keep finish shut', async () => {
    const user = server.addUser()
    const { signIn } = await browse(server)
    const attempt = await signIn.create({ identifier: user.email, password: user.password })
    for (const one of server.clients.flatMap(({ sessions }) => sessions))
      if (one.user === user) one.tasks = [{ key: 'setup-mfa' }]
    expect(await refused(signIn.finish(attempt))).toMatchObject({ code: 'not_supported' })
    expect((await signIn.reload(attempt)).status).toBe('needs_enrollment')
  })
})

describe('finish', () => {
  it('is for the session that this sign-in made', async () => {
    server.settings.singleSession = false
    const [one, two] = [server.addUser(), server.addUser()]
    const { signIn } = await browse(server)
    const first = await signIn.create({ identifier: one.email, password: one.password })
    await signIn.finish(first)
    const second = await signIn.create({ identifier: two.email, password: two.password })
    expect((await signIn.finish(second)).user.id).toBe(two.id)
    expect(await refused(signIn.finish(first))).toMatchObject({ code: 'session_mismatch' })
    expect((await signIn.finish(second)).user.id).toBe(two.id)
  })

  it('is not for another session of the same person', async () => {
    server.settings.singleSession = false
    const { email: identifier, password } = server.addUser()
    const { signIn } = await browse(server)
    const first = await signIn.create({ identifier, password })
    await signIn.finish(first)
    await signIn.finish(await signIn.create({ identifier, password }))
    expect(await refused(signIn.finish(first))).toMatchObject({ code: 'session_mismatch' })
  })

  it('does not sign anybody out when the session is gone', async () => {
    server.settings.singleSession = false
    const [one, two] = [server.addUser(), server.addUser()]
    const { signIn, browser, session } = await browse(server)
    await signIn.finish(await signIn.create({ identifier: one.email, password: one.password }))
    const attempt = await signIn.create({ identifier: two.email, password: two.password })
    for (const client of server.clients) client.sessions = client.sessions.filter(({ user }) => user !== two)
    await browser.clerk.client?.reload()
    expect((await refused(signIn.finish(attempt))).code).toMatch(/^session_/)
    expect((await session.get())?.user.id).toBe(one.id)
  })
})

describe('signing out', () => {
  it.each([
    ['this', [false, true]],
    ['others', [true, false]],
    ['all', [false, false]],
  ] as const)('of %s', async (scope, [here, elsewhere]) => {
    const user = server.addUser()
    const [mine, other] = [await signedIn(server, user), await signedIn(server, user)]
    const asked = { fresh: true }
    await mine.session.signOut({ scope })
    expect((await mine.session.get(asked)) !== null).toBe(here)
    expect((await other.session.get(asked)) !== null).toBe(elsewhere)
  })

  it('of others asks who they are every time', async () => {
    const user = server.addUser()
    const mine = await signedIn(server, user)
    await mine.session.signOut({ scope: 'others' })
    const other = await signedIn(server, user)
    await mine.session.signOut({ scope: 'others' })
    expect(await other.session.get({ fresh: true })).toBeNull()
  })

  it('does nothing where nobody is signed in, and navigates nowhere', async () => {
    const { session } = await browse(server)
    const before = server.requests.length
    await session.signOut()
    expect(server.requests.length).toBe(before)
  })
})

describe('a subscriber', () => {
  it('hears of a session that comes and goes, outside Clerk’s own call, and of nothing else', async () => {
    const user = server.addUser()
    const { session, signIn, browser } = await browse(server)
    const heard: boolean[] = []
    let within = false
    browser.clerk.addListener(() => {
      within = true
      queueMicrotask(() => (within = false))
    })
    const stop = session.subscribe(() => heard.push(within))
    const attempt = await signIn.create({ identifier: user.email })
    await signIn.prepareFirstFactor(attempt, { factorId: `email_code:${user.emailId}` })
    expect(heard).toEqual([])
    const done = await signIn.attemptFirstFactor(attempt, { factorId: 'password', password: user.password })
    await signIn.finish(done)
    await until(() => heard.length > 0)
    expect(heard).toEqual([false])
    await session.get()
    expect(heard).toHaveLength(1)
    await session.signOut()
    await until(() => heard.length > 1)
    expect(heard).toHaveLength(2)
    stop()
    await signIn.finish(await signIn.create({ identifier: user.email, password: user.password }))
    expect(heard).toHaveLength(2)
  })

  it('hears of a second factor that was set up or proved again', async () => {
    const user = server.addUser()
    const { session, mfa, stepUp, signIn } = await signedIn(server, user)
    let heard = 0
    session.subscribe(() => heard++)
    const app = await mfa.enroll({ type: 'totp' })
    if (app.status !== 'pending' || app.type !== 'totp') return expect.unreachable()
    expect(heard).toBe(0)
    await mfa.verify({ enrollmentId: app.id, code: totpOf(server, app.secret) })
    expect(heard).toBe(1)
    server.advance(5 * 60_000)
    const attempt = await stepUp.create({ level: 'second_factor' })
    const done = await signIn.attemptSecondFactor(attempt, { factorId: 'totp', code: totpOf(server, app.secret) })
    await signIn.finish(done)
    expect(heard).toBe(2)
  })
})
