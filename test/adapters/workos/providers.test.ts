// @vitest-environment node
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { WorkOSAdapterOptions } from '../../../src/adapters/workos/index.js'
import type { CreateParams, SignInAttempt } from '../../../src/core/attempt.js'
import { providerNames } from '../../servers/workosStandInProviders.js'
import { memoryFactors, openHouse, refused, type Browser, type House } from './house.js'

let house: House
let company: ReturnType<House['workos']['addOrganization']>

beforeAll(async () => {
  house = await openHouse()
  company = house.workos.addOrganization({ domain: 'acme.example' })
})
afterEach(() => {
  house.workos.requireMfa(false)
  expect(house.workos.refusals).toEqual([])
})
afterAll(() => house.workos.close())

const minutes = 60_000
const redirectUrl = 'https://app.example/sign-in?from=menu'
const google = { strategy: 'oauth_google', redirectUrl } as const
const sso = { strategy: 'enterprise_sso', redirectUrl } as const
const firstFactors = ['password', 'oauth_google', 'enterprise_sso'] as const

const browser = (options: WorkOSAdapterOptions = {}) => house.browser({ firstFactors, ...options })
const routesSince = (from: number) => house.workos.calls.slice(from).map(({ route }) => route)
const exchange = 'POST /user_management/authenticate authorization_code'

/** To the provider; answers with where that is. */
async function leave({ adapter }: Browser, params: CreateParams): Promise<string> {
  const attempt = await adapter.signIn.create(params)
  if (attempt.status !== 'needs_redirect') throw new Error(`It is at ${attempt.status}.`)
  return attempt.redirectUrl
}

const queryOf = (url: string) => Object.fromEntries(new URL(url).searchParams)

/** There and back, as that person. */
async function through(of: Browser, email: string, params: CreateParams = google): Promise<SignInAttempt> {
  const url = await house.workos.visit(await leave(of, params), email)
  const { attempt } = await of.adapter.signIn.resume({ url })
  return attempt ?? expect.unreachable()
}

function changed(url: string, change: Record<string, string | null>): string {
  const address = new URL(url)
  for (const [name, value] of Object.entries(change)) {
    if (value === null) address.searchParams.delete(name)
    else address.searchParams.set(name, value)
  }
  return address.href
}

describe('the way to a provider', () => {
  const ours: Record<string, string> = {
    VercelMarketplaceOAuth: 'oauth_vercel_marketplace',
  }

  it.each(Object.keys(providerNames))('is by its own name: %s', async (theirs) => {
    const strategy = (ours[theirs] ?? `oauth_${theirs.replace('OAuth', '').toLowerCase()}`) as `oauth_${string}`
    const there = await leave(browser({ firstFactors: [strategy] }), { strategy, redirectUrl })
    expect(queryOf(there).provider).toBe(theirs)
    expect(queryOf(await house.workos.visit(there, null)).error).toBe('access_denied')
  })

  it('is by the field’s other names, too', async () => {
    const strategy = 'oauth_linkedin_oidc'
    const there = await leave(browser({ firstFactors: [strategy] }), { strategy, redirectUrl })
    expect(queryOf(there).provider).toBe('LinkedInOAuth')
  })

  it('leads to WorkOS’s own hosted sign-in as `oauth_authkit`', async () => {
    const of = browser({ firstFactors: ['oauth_authkit'] })
    const { email } = house.person()
    const params = { strategy: 'oauth_authkit', redirectUrl } as const
    expect(queryOf(await leave(of, params)).provider).toBe('authkit')
    expect((await through(of, email, params)).status).toBe('complete')
  })

  it('SI-24 goes with a state and a challenge that are new each time, and what they are proved with stays in the cell', async () => {
    const from = house.workos.calls.length
    const of = browser()
    const [one, two] = [queryOf(await leave(of, google)), queryOf(await leave(of, google))]
    expect(one).toMatchObject({ redirect_uri: redirectUrl, response_type: 'code', code_challenge_method: 'S256' })
    expect(one.state).toMatch(/^[\w-]{43}$/)
    expect(one.code_challenge).toMatch(/^[\w-]{43}$/)
    expect(two.state).not.toBe(one.state)
    expect(two.code_challenge).not.toBe(one.code_challenge)
    const { attempt, away } = JSON.parse(of.cells.attempt ?? '') as { attempt: object; away: { codeVerifier: string } }
    expect(away).toMatchObject({ strategy: 'oauth_google', state: two.state })
    expect(JSON.stringify(attempt)).not.toContain(away.codeVerifier)
    expect(routesSince(from)).toEqual([])
  })

  it('is closed to what is not offered', async () => {
    const { signIn } = browser({ firstFactors: ['password'] }).adapter
    for (const params of [
      google,
      sso,
      { strategy: 'oauth_github', redirectUrl },
      { strategy: 'reset_password_email_code', identifier: 'ada@example.com' },
      { strategy: 'web3_metamask_signature', address: '0x1', chainId: 1, origin: 'https://app.example' },
    ] as const) {
      expect((await refused(signIn.create(params))).code).toBe('not_supported')
    }
    expect((await refused(browser({}).adapter.signIn.create({ strategy: 'oauth_github', redirectUrl }))).code).toBe(
      'not_supported',
    )
  })

  it('is offered beside the typed ways, and is no factor of an attempt that has begun with an identifier', async () => {
    const { adapter } = browser()
    expect(adapter.capabilities.firstFactors.map(({ strategy }) => strategy)).toEqual(firstFactors)
    const attempt = await adapter.signIn.create({ identifier: 'ada@example.com' })
    expect(attempt.supportedFirstFactors.map(({ id }) => id)).toEqual(['password'])
  })
})

describe('the way to a company', () => {
  const selected = async (params: CreateParams, options?: WorkOSAdapterOptions) => {
    const { provider, connection_id, organization_id, login_hint, domain_hint } = queryOf(await leave(browser(options), params))
    return { provider, connection_id, organization_id, login_hint, domain_hint }
  }

  it('is by its connection or its organisation, and asks WorkOS nothing', async () => {
    const from = house.workos.calls.length
    const connection = company.connections[0] ?? ''
    expect(await selected({ ...sso, connection })).toEqual({ connection_id: connection })
    expect(await selected({ ...sso, connection: company.id })).toEqual({ organization_id: company.id })
    expect(await selected({ ...sso, connection, identifier: 'ada@acme.example' })).toEqual({
      connection_id: connection,
      login_hint: 'ada@acme.example',
      domain_hint: 'acme.example',
    })
    expect(routesSince(from)).toEqual([])
  })

  it('is by the domain of the address, which the organisation has proved', async () => {
    const identifier = 'Ada@ACME.example'
    const hints = { login_hint: identifier, domain_hint: 'acme.example' }
    expect(await selected({ ...sso, identifier })).toEqual({ organization_id: company.id, ...hints })
    house.workos.addOrganization({ domain: 'claimed.example', domainState: 'pending' })
    house.workos.addOrganization({ domain: 'claimed.example', domainState: 'failed' })
    const error = await refused(browser().adapter.signIn.create({ ...sso, identifier: 'ada@claimed.example' }))
    expect(error).toMatchObject({ code: 'sso_not_found', outcome: 'refused' })
    const owner = house.workos.addOrganization({ domain: 'claimed.example' })
    expect((await selected({ ...sso, identifier: 'ada@claimed.example' })).organization_id).toBe(owner.id)
  })

  it('is nowhere for an address that is of no company, or for none', async () => {
    const { signIn } = browser().adapter
    for (const identifier of ['ada@nowhere.example', 'ada', '', undefined]) {
      const params = identifier === undefined ? sso : { ...sso, identifier }
      expect((await refused(signIn.create(params))).code).toBe('sso_not_found')
    }
    expect((await signIn.resume({})).attempt).toBeNull()
  })

  it('is that of the option where the page names none', async () => {
    const options = { organizationId: company.id }
    expect(await selected(sso, options)).toEqual({ organization_id: company.id })
    const connection = company.connections[0] ?? ''
    expect(await selected({ ...sso, connection }, options)).toEqual({ connection_id: connection })
  })

  it.each([
    ['connection_invalid', () => 'conn_gone'],
    ['organization_invalid', () => 'org_gone'],
    ['organization_invalid', () => house.workos.addOrganization({ domain: 'bare.example', connections: 0 }).id],
    ['ambiguous_connection_selector', () => house.workos.addOrganization({ domain: 'two.example', connections: 2 }).id],
  ])('ends at once where WorkOS knows none: %s', async (theirs, connection) => {
    const of = browser()
    const url = await house.workos.visit(await leave(of, { ...sso, connection: connection() }), null)
    expect(queryOf(url).error).toBe(theirs)
    expect(await refused(of.adapter.signIn.resume({ url }))).toMatchObject({ code: 'sso_not_found', outcome: 'refused' })
  })
})

describe('the way back', () => {
  it('ends in a session of whoever the provider has named', async () => {
    const of = browser()
    const { id, email } = house.person()
    const url = await house.workos.visit(await leave(of, { ...sso, identifier: 'somebody-else@acme.example' }), email)
    const { attempt, cleanUrl } = await of.adapter.signIn.resume({ url })
    expect(cleanUrl).toBe(redirectUrl)
    expect(await of.adapter.session.get()).toBeNull()
    const session = await of.adapter.signIn.finish(attempt ?? expect.unreachable())
    expect(session).toMatchObject({ user: { id, label: email }, currentLevel: 'aal1' })
    expect(session.methods.map(({ method }) => method)).toEqual(['enterprise_sso'])
    const { body } = house.workos.calls.findLast(({ route }) => route === exchange) ?? expect.unreachable()
    expect(body).toMatchObject({ ip_address: '203.0.113.7', user_agent: 'Test/1' })
    expect(of.cells.attempt).not.toContain('away')
  })

  it('keeps the attempt by its id, so that a window which waits for a popup finds it', async () => {
    const of = browser()
    const attempt = await of.adapter.signIn.create(google)
    expect(await of.adapter.signIn.reload(attempt)).toEqual(attempt)
    const { redirectUrl: there } = attempt as SignInAttempt & { redirectUrl: string }
    await of.adapter.signIn.resume({ url: await house.workos.visit(there, house.person().email) })
    expect(await of.adapter.signIn.reload(attempt)).toMatchObject({ id: attempt.id, status: 'complete' })
  })

  it('an address with nothing of the provider’s in it is any address', async () => {
    const of = browser()
    await leave(of, google)
    const { attempt, cleanUrl } = await of.adapter.signIn.resume({ url: redirectUrl })
    expect([attempt?.status, cleanUrl]).toEqual(['needs_redirect', undefined])
  })

  it.each([
    ['a wrong state', (url: string) => changed(url, { state: 'x'.repeat(43) })],
    ['no state', (url: string) => changed(url, { state: null })],
    ['an empty state', (url: string) => changed(url, { state: '' })],
    ['a wrong state and a no', (url: string) => changed(url, { state: 'x', code: null, error: 'access_denied' })],
    ['no state and a no', (url: string) => changed(url, { state: null, code: null, error: 'access_denied' })],
  ])('SI-24 with %s is refused, is not exchanged, and ends nothing', async (_, forge) => {
    const of = browser()
    const { email } = house.person()
    const url = await house.workos.visit(await leave(of, google), email)
    const [from, before] = [house.workos.calls.length, of.cells.attempt]
    expect(await refused(of.adapter.signIn.resume({ url: forge(url) }))).toMatchObject({
      code: 'attempt_lost',
      outcome: 'refused',
    })
    expect(of.cells.attempt).toBe(before)
    expect(routesSince(from)).toEqual([])
    expect((await of.adapter.signIn.resume({ url })).attempt?.status).toBe('complete')
  })

  it('SI-24 is refused in a browser that has sent nobody there: with nothing pending, with another sign-in, with another state', async () => {
    const { email, password } = house.person()
    const url = await house.workos.visit(await leave(browser(), google), email)
    const [none, typed, away] = [browser(), browser(), browser()]
    await typed.adapter.signIn.create({ identifier: email })
    await leave(away, google)
    const from = house.workos.calls.length
    for (const { adapter } of [none, typed, away]) {
      for (const given of [
        url,
        changed(url, { state: null }),
        changed(url, { state: '' }),
        changed(url, { state: 'undefined' }),
      ]) {
        expect((await refused(adapter.signIn.resume({ url: given }))).code).toBe('attempt_lost')
      }
    }
    expect(routesSince(from)).toEqual([])
    const { attempt } = await typed.adapter.signIn.resume({})
    const given = { factorId: 'password', password }
    expect((await typed.adapter.signIn.attemptFirstFactor(attempt ?? expect.unreachable(), given)).status).toBe('complete')
  })

  it('SI-24 with somebody else’s code under this browser’s state is refused by its challenge', async () => {
    const of = browser()
    const theirs = queryOf(await house.workos.visit(await leave(browser(), google), house.person().email))
    const mine = await house.workos.visit(await leave(of, google), house.person().email)
    const url = changed(mine, { code: theirs.code ?? '' })
    expect(await refused(of.adapter.signIn.resume({ url }))).toMatchObject({ code: 'attempt_lost', outcome: 'refused' })
    expect(await of.adapter.session.get()).toBeNull()
    expect(of.cells.attempt).toBeNull()
  })

  // WorkOS documents the first; its emulator says the others.
  it.each(['invalid_grant', 'invalid_code', 'expired_code'])('whose code is spent or too old (%s) is over', async (theirs) => {
    const of = browser()
    const url = await house.workos.visit(await leave(of, google), house.person().email)
    const body = theirs === 'invalid_grant' ? { error: theirs, error_description: 'x' } : { code: theirs, message: 'x' }
    house.workos.answerNext(exchange, 400, body)
    expect(await refused(of.adapter.signIn.resume({ url }))).toMatchObject({ code: 'attempt_lost', outcome: 'refused' })
    expect((await of.adapter.signIn.resume({})).attempt).toBeNull()
  })

  it('SI-24 is taken once: neither the address nor a copy of the cell brings anybody in again', async () => {
    const of = browser()
    const url = await house.workos.visit(await leave(of, google), house.person().email)
    const copy = of.cells.attempt
    const { attempt } = await of.adapter.signIn.resume({ url })
    const from = house.workos.calls.length
    expect((await refused(of.adapter.signIn.resume({ url }))).code).toBe('attempt_lost')
    expect(routesSince(from)).toEqual([])
    // What was just made stays.
    expect(await of.adapter.signIn.finish(attempt ?? expect.unreachable())).toMatchObject({ currentLevel: 'aal1' })
    await of.adapter.session.signOut()
    of.cells.attempt = copy
    expect((await refused(of.adapter.signIn.resume({ url }))).code).toBe('attempt_lost')
    expect(await of.adapter.session.get()).toBeNull()
  })

  it('is over ten minutes after it began', async () => {
    const of = browser()
    const url = await house.workos.visit(await leave(of, google), house.person().email)
    house.workos.advance(10 * minutes + 1)
    const from = house.workos.calls.length
    expect((await refused(of.adapter.signIn.resume({ url }))).code).toBe('attempt_lost')
    expect(routesSince(from)).toEqual([])
  })

  it('is nowhere after the sign-in was given up, or another begun', async () => {
    const { email } = house.person()
    const given = browser()
    const attempt = await given.adapter.signIn.create(google)
    const { redirectUrl: there } = attempt as SignInAttempt & { redirectUrl: string }
    const url = await house.workos.visit(there, email)
    await given.adapter.signIn.cancel(attempt)
    expect((await refused(given.adapter.signIn.resume({ url }))).code).toBe('attempt_lost')
    const other = browser()
    const before = await house.workos.visit(await leave(other, google), email)
    await leave(other, google)
    expect((await refused(other.adapter.signIn.resume({ url: before }))).code).toBe('attempt_lost')
  })

  it.each(['access_denied', 'oauth_failed', 'server_error', 'connection_strategy_invalid', 'new_in_workos', '<b>'])(
    'SI-16 with the answer %s ends the attempt, in none of its words',
    async (theirs) => {
      const of = browser()
      const url = await house.workos.visit(await leave(of, google), null)
      const answer = changed(url, { error: theirs, error_description: 'Their words' })
      const error = await refused(of.adapter.signIn.resume({ url: answer }))
      expect(error).toMatchObject({ code: 'redirect_denied', outcome: 'refused' })
      expect(`${error.message} ${JSON.stringify(error)} ${String(error.cause)}`).not.toMatch(/Their words|<b>/)
      expect((await of.adapter.signIn.resume({})).attempt).toBeNull()
      expect((await refused(of.adapter.signIn.resume({ url: answer }))).code).toBe('attempt_lost')
    },
  )

  it('HA-08 whose answer was lost is not asked for again by itself; who asks again hears that it is gone', async () => {
    const of = browser()
    const url = await house.workos.visit(await leave(of, google), house.person().email)
    const from = house.workos.calls.length
    house.workos.loseNext(exchange)
    expect(await refused(of.adapter.signIn.resume({ url }))).toMatchObject({ code: 'network', outcome: 'unknown' })
    expect(routesSince(from)).toEqual([exchange])
    expect(await refused(of.adapter.signIn.resume({ url }))).toMatchObject({ code: 'attempt_lost', outcome: 'refused' })
    expect(routesSince(from)).toEqual([exchange, exchange])
  })

  it('that never reached WorkOS can be taken again by the person', async () => {
    const of = browser()
    const url = await house.workos.visit(await leave(of, google), house.person().email)
    house.workos.offline(true)
    expect(await refused(of.adapter.signIn.resume({ url }))).toMatchObject({ code: 'network', outcome: 'unknown' })
    house.workos.offline(false)
    expect((await of.adapter.signIn.resume({ url })).attempt?.status).toBe('complete')
  })
})

describe('what follows a provider', () => {
  it('HA-17 is the second factor of whoever has one', async () => {
    const of = browser()
    const { email, secret, factorId } = house.person({ totp: true })
    const attempt = await through(of, email)
    expect(attempt).toMatchObject({ status: 'needs_second_factor', identifier: email })
    expect((await refused(of.adapter.signIn.finish(attempt))).code).toBe('not_supported')
    const proof = { factorId: `totp:${factorId}`, code: house.workos.totp(secret) }
    const done = await of.adapter.signIn.attemptSecondFactor(attempt, proof)
    const session = await of.adapter.signIn.finish(done)
    expect(session.currentLevel).toBe('aal2')
    expect(session.methods.map(({ method }) => method)).toEqual(['oauth_google', 'totp'])
  })

  it('is an enrolment where the environment wants one, called by the address that the provider has named', async () => {
    house.workos.requireMfa(true)
    const of = browser()
    const { email } = house.person()
    const attempt = await through(of, email)
    expect(attempt).toMatchObject({ status: 'needs_enrollment', enroll: ['totp'] })
    const setup = await of.adapter.mfa!.enroll({ type: 'totp', attempt })
    if (setup.status !== 'pending' || setup.type !== 'totp') throw new Error('not pending')
    expect(decodeURIComponent(setup.uri)).toContain(email)
    const verified = await of.adapter.mfa!.verify({ enrollmentId: setup.id, code: house.workos.totp(setup.secret) })
    expect(await of.adapter.signIn.finish(verified.attempt ?? expect.unreachable())).toMatchObject({ currentLevel: 'aal2' })
  })

  it('is the app’s own second factor', async () => {
    const factors = memoryFactors()
    const of = browser({ factors })
    const { id, email } = house.person()
    const plain = house.workos.addPlain()
    await factors.add(id, plain.id)
    const attempt = await through(of, email)
    expect(attempt.status).toBe('needs_second_factor')
    const proof = { factorId: `totp:${plain.id}`, code: house.workos.totp(plain.secret) }
    const done = await of.adapter.signIn.attemptSecondFactor(attempt, proof)
    expect(await of.adapter.signIn.finish(done)).toMatchObject({ currentLevel: 'aal2' })
  })

  it.each(['email_verification_required', 'sso_required', 'radar_email_challenge'] as const)(
    'is nothing for %s',
    async (asks) => {
      const email = `${asks}@example.com`
      house.workos.addUser({ email, password: 'x', asks })
      const of = browser()
      const attempt = await through(of, email)
      expect(attempt).toMatchObject({ status: 'unsupported', detail: asks })
      expect((await of.adapter.signIn.resume({})).attempt).toEqual(attempt)
    },
  )
})

describe('an organization that has to be chosen', () => {
  const asks = 'organization_selection_required' as const
  const chosen = 'POST /user_management/authenticate urn:workos:oauth:grant-type:organization-selection'
  let count = 0

  function member() {
    const email = `member${++count}@example.com`
    return { ...house.workos.addUser({ email, password: 'pw-sentinel', asks }), identifier: email }
  }

  it.each([undefined, 'org_3'])('is left to nobody where the option is %s', async (organizationId) => {
    const of = browser(organizationId === undefined ? {} : { organizationId })
    const from = house.workos.calls.length
    expect(await through(of, member().email)).toMatchObject({ status: 'unsupported', detail: asks })
    expect(routesSince(from)).not.toContain(chosen)
  })

  it('is the one of the option: after a provider, after a password and after a second factor', async () => {
    const options = { organizationId: 'org_2' }
    const [one, two, three] = [member(), member(), member()]
    const { id, secret } = house.workos.addTotp(three.id)
    expect((await through(browser(options), one.email)).status).toBe('complete')
    expect(house.workos.calls.at(-1)).toMatchObject({ route: chosen, body: { organization_id: 'org_2', user_agent: 'Test/1' } })

    const typed = browser(options).adapter
    const attempt = await typed.signIn.create({ identifier: two.email, password: two.password })
    expect(await typed.signIn.finish(attempt)).toMatchObject({ user: { id: two.id }, currentLevel: 'aal1' })

    const of = browser(options)
    const half = await through(of, three.email)
    expect(half.status).toBe('needs_second_factor')
    const proof = { factorId: `totp:${id}`, code: house.workos.totp(secret) }
    const session = await of.adapter.signIn.finish(await of.adapter.signIn.attemptSecondFactor(half, proof))
    expect(session.methods.map(({ method }) => method)).toEqual(['oauth_google', 'totp'])
  })

  it('whose answer was lost: the attempt stays, and is not asked for again by itself', async () => {
    const of = browser({ organizationId: 'org_1' })
    const { identifier, password } = member()
    const { signIn } = of.adapter
    const attempt = await signIn.create({ identifier })
    const from = house.workos.calls.length
    house.workos.loseNext(chosen)
    const given = { factorId: 'password', password }
    expect((await refused(signIn.attemptFirstFactor(attempt, given))).outcome).toBe('unknown')
    expect(routesSince(from).filter((route) => route === chosen)).toHaveLength(1)
    expect((await signIn.attemptFirstFactor(attempt, given)).status).toBe('complete')
  })
})
