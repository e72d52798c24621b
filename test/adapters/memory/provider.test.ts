// @vitest-environment node
import { describe, expect, it } from 'vitest'
import type { AuthAdapter } from '../../../src/core/adapter.js'
import type { SignInAttempt } from '../../../src/core/attempt.js'
import { ada, alan, asked, everyHouse, redirectUrl } from './everyHouse.js'
import { locked, password, refusal, refused, totpNow } from './house.js'

const google = 'oauth_google'
const clean = 'https://app.example/callback?next=%2Finbox#top'

const away = ({ signIn }: AuthAdapter) => signIn.create({ strategy: google, redirectUrl })

function to(attempt: SignInAttempt): string {
  if (attempt.status !== 'needs_redirect') throw new Error(`The attempt is at ${attempt.status}.`)
  return attempt.redirectUrl
}

describe('a provider', () => {
  it('is asked with a state and an address to come back to, and signs in whom it names', async () => {
    const { adapter, provider, connect } = everyHouse()
    const attempt = await away(adapter)
    expect(attempt).toMatchObject({ status: 'needs_redirect', identifier: null, purpose: 'sign_in', cancelSignsOut: false })
    const asks = new URL(to(attempt))
    expect(`${asks.origin}${asks.pathname}`).toBe('https://provider.invalid/authorize')
    expect(asks.searchParams.get('redirect_uri')).toBe(redirectUrl)
    expect(asks.searchParams.get('state')).toMatch(/^\w{32}$/)
    const url = provider.answer(to(attempt), { as: ada.email })
    const page = connect({ browser: 'default' })
    const back = await page.signIn.resume({ url })
    expect(back).toMatchObject({ attempt: { id: attempt.id, status: 'complete', identifier: ada.email }, cleanUrl: clean })
    expect(await page.signIn.finish(attempt)).toMatchObject({ user: { id: ada.id }, methods: [{ method: google }] })
  })

  it('may be elsewhere', async () => {
    const { adapter, provider } = everyHouse({ providerUrl: 'https://id.example/login?tenant=1' })
    const url = to(await away(adapter))
    expect(url).toContain('https://id.example/login?tenant=1&')
    expect(() => provider.answer('https://elsewhere.example/', { as: ada.id })).toThrow()
    expect(await adapter.signIn.resume({ url: provider.answer(url, { as: ada.id }) })).toMatchObject({
      attempt: { status: 'complete' },
    })
  })

  it('is followed by the second factor', async () => {
    const backend = everyHouse()
    const { signIn } = backend.adapter
    const attempt = await signIn.create({ strategy: 'oauth_github', redirectUrl })
    const url = backend.provider.answer(to(attempt), { as: alan.email })
    expect(await signIn.resume({ url })).toMatchObject({ attempt: { status: 'needs_second_factor' } })
    const factorId = (await signIn.reload(attempt)).supportedSecondFactors?.[0]?.id ?? ''
    expect(await signIn.attemptSecondFactor(attempt, { factorId, code: totpNow(backend) })).toMatchObject({ status: 'complete' })
  })

  it('SI-24: answers once, to the browser that asked, with the state that it was asked with', async () => {
    const { adapter, provider, connect } = everyHouse()
    const url = provider.answer(to(await away(adapter)), { as: ada.email })
    await refused(connect().signIn.resume({ url }), 'attempt_lost')
    const next = to(await away(adapter))
    await refused(adapter.signIn.resume({ url: provider.answer(next, { brokenState: true }) }), 'attempt_lost')
    const good = provider.answer(next, { as: ada.email })
    await adapter.signIn.resume({ url: good })
    await refused(adapter.signIn.resume({ url: good }), 'attempt_lost')
  })

  it('takes no code that it did not give, and none twice', async () => {
    const { adapter, provider } = everyHouse()
    const [one, two] = [to(await away(adapter)), to(await away(adapter))]
    const used = new URL(provider.answer(one, { as: ada.email }))
    await adapter.signIn.resume({ url: used.href })
    const state = new URL(two).searchParams.get('state') ?? ''
    used.searchParams.set('state', state)
    await refused(adapter.signIn.resume({ url: used.href }), 'redirect_denied')
  })

  it('may be refused by the person: the attempt is gone, or back at its first factor where it began with an identifier', async () => {
    const { adapter, provider } = everyHouse()
    const alone = await away(adapter)
    const denied = await refusal(adapter.signIn.resume({ url: provider.answer(to(alone), { denied: true }) }))
    expect(denied).toMatchObject({ code: 'redirect_denied' })
    expect(denied.attempt).toBeUndefined()
    await refused(adapter.signIn.reload(alone), 'attempt_lost')

    const attempt = await asked(adapter, ada.email, google, { redirectUrl })
    const error = await refusal(adapter.signIn.resume({ url: provider.answer(to(attempt), { denied: true }) }))
    expect(error).toMatchObject({ code: 'redirect_denied', attempt: { id: attempt.id, status: 'needs_first_factor' } })
    const passed = await adapter.signIn.attemptFirstFactor(attempt, { factorId: 'password:1', password })
    expect(passed).toMatchObject({ status: 'complete' })
  })

  it.each(['nobody@example.com', alan.email])('has no account for %s, who does not come in by it', async (as) => {
    const { adapter, provider } = everyHouse()
    await refused(adapter.signIn.resume({ url: provider.answer(to(await away(adapter)), { as }) }), 'no_account')
    expect(await adapter.session.get()).toBeNull()
  })

  it('is no way round a lock', async () => {
    const { adapter, provider } = everyHouse({ users: [locked] })
    const attempt = await away(adapter)
    await refused(adapter.signIn.resume({ url: provider.answer(to(attempt), { as: locked.email }) }), 'locked')
    await refused(adapter.signIn.reload(attempt), 'attempt_lost')
  })

  it('answers in a pop-up: the page that waits looks, and is complete', async () => {
    const { adapter, provider, connect } = everyHouse()
    const attempt = await asked(adapter, ada.email, google, { redirectUrl })
    expect(attempt.firstFactorVerification).toMatchObject({
      status: 'unverified',
      factorId: 'oauth_google:1',
      pollEveryMs: 2_000,
    })
    const popUp = connect({ browser: 'default' })
    await popUp.signIn.resume({ url: provider.answer(to(attempt), { as: ada.email }) })
    expect(await adapter.signIn.reload(attempt)).toMatchObject({ status: 'complete' })
    expect(await adapter.signIn.finish(attempt)).toMatchObject({ user: { id: ada.id } })
  })

  it('says who it is, whoever was typed', async () => {
    const { adapter, provider } = everyHouse()
    const attempt = await asked(adapter, alan.email, google, { redirectUrl })
    const { attempt: back } = await adapter.signIn.resume({ url: provider.answer(to(attempt), { as: ada.id }) })
    expect(back).toMatchObject({ identifier: ada.email })
    expect(await adapter.signIn.finish(attempt)).toMatchObject({ user: { id: ada.id } })
  })

  it('is too late once the person took another way', async () => {
    const { adapter, provider } = everyHouse()
    const attempt = await asked(adapter, ada.email, google, { redirectUrl })
    const url = provider.answer(to(attempt), { as: ada.email })
    await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId: 'password:1', password: 'no' }), 'invalid_credentials')
    await refused(adapter.signIn.resume({ url }), 'attempt_lost')
    expect(await adapter.signIn.reload(attempt)).toMatchObject({ status: 'needs_first_factor' })
  })

  it('steps a session up for its own person only', async () => {
    const { adapter, provider } = everyHouse()
    const { signIn, stepUp } = adapter
    await signIn.finish(await signIn.create({ identifier: ada.email, password }))
    const attempt = await stepUp?.create({ level: 'first_factor' })
    if (!attempt) throw new Error('no step-up')
    const leave = async () => to(await signIn.prepareFirstFactor(attempt, { factorId: 'oauth_google:1', redirectUrl }))
    await refused(signIn.resume({ url: provider.answer(await leave(), { as: 'u-grace' }) }), 'session_mismatch')
    await signIn.resume({ url: provider.answer(await leave(), { as: ada.email }) })
    expect(await signIn.finish(attempt)).toMatchObject({ user: { id: ada.id }, firstFactorAgeMs: 0 })
  })

  it('needs an address to come back to, and leaves other pages alone', async () => {
    const { adapter } = everyHouse()
    await refused(adapter.signIn.create({ strategy: google, redirectUrl: '/callback' }), 'not_supported')
    await refused(adapter.signIn.create({ strategy: 'oauth_apple', redirectUrl }), 'not_supported')
    for (const url of ['', 'no address', 'https://app.example/?state=ca', 'https://app.example/?code=1'])
      expect(await adapter.signIn.resume({ url })).toEqual({ attempt: null })
  })
})

describe('single sign-on', () => {
  it.each([{ identifier: 'new@example.com' }, { identifier: ' ADA@EXAMPLE.COM ' }, { connection: 'example.com' }])(
    'is found by %j',
    async (by) => {
      const { adapter, provider } = everyHouse()
      const attempt = await adapter.signIn.create({ strategy: 'enterprise_sso', ...by, redirectUrl })
      const { attempt: back } = await adapter.signIn.resume({ url: provider.answer(to(attempt), { as: ada.email }) })
      expect(back).toMatchObject({ status: 'complete', firstFactorVerification: { factorId: 'enterprise_sso:1' } })
    },
  )

  it.each([{ identifier: 'ada@elsewhere.example' }, { identifier: 'ada@notexample.com' }, { connection: 'acme' }, {}])(
    'is not there for %j',
    async (by) => {
      const call = everyHouse().adapter.signIn.create({ strategy: 'enterprise_sso', ...by, redirectUrl })
      await refused(call, 'sso_not_found')
    },
  )

  it('lets nobody in whose address is in none of its domains', async () => {
    const { adapter, provider } = everyHouse()
    const attempt = await adapter.signIn.create({ strategy: 'enterprise_sso', connection: 'example.com', redirectUrl })
    await refused(adapter.signIn.resume({ url: provider.answer(to(attempt), { as: alan.email }) }), 'no_account')
  })

  it('SI-13: is offered by the domain, to known and unknown people alike', async () => {
    const { signIn } = everyHouse().adapter
    const offered = async (identifier: string) =>
      (await signIn.create({ identifier })).supportedFirstFactors.map(({ strategy }) => strategy)
    expect(await offered(ada.email)).toContain('enterprise_sso')
    expect(await offered('no@example.com')).toEqual(await offered(ada.email))
    expect(await offered(alan.email)).not.toContain('enterprise_sso')
  })
})
