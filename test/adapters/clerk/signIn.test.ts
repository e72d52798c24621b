// @vitest-environment node
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { FactorOption, SignInAttempt } from '../../../src/core/attempt.js'
import type { Strategy } from '../../../src/core/strategy.js'
import { startClerkStandIn, type ClerkStandIn } from '../../servers/clerkStandIn.js'
import { newPhone } from '../../servers/clerkStandInFactors.js'
import { Refusal } from '../../servers/clerkStandInInstance.js'
import { landing } from './harness.js'
import { adapterOf, browse, redirectUrl, refused, totpOf, withTotp } from './house.js'

let server: ClerkStandIn
beforeAll(async () => (server = await startClerkStandIn()))
afterEach(() => expect(server.violations.splice(0)).toEqual([]))
afterAll(() => server.close())

const optionOf = (attempt: SignInAttempt, strategy: Strategy): FactorOption =>
  [...attempt.supportedFirstFactors, ...(attempt.supportedSecondFactors ?? [])].findLast((one) => one.strategy === strategy) ??
  expect.unreachable()
const last = (line: RegExp) => server.requests.findLast((one) => line.test(one.line))?.form
let numbers = 0
const phone = (more: object = {}) => ({ ...newPhone(`+1555020${String(++numbers).padStart(4, '0')}`), verified: true, ...more })

describe('what the person is offered', () => {
  it('is what Clerk says of them, under ids of the adapter’s own', async () => {
    const mobile = phone()
    const user = server.addUser({ phones: [mobile], oauth: ['google'], sso: 'saml' })
    const { signIn } = await browse(server)
    const attempt = await signIn.create({ identifier: user.email })
    expect(attempt).toMatchObject({ status: 'needs_first_factor', identifier: user.email, supportedSecondFactors: null })
    // An address that is the first among addresses opens nothing by itself.
    expect(attempt.supportedFirstFactors).toEqual([
      { id: 'password', strategy: 'password' },
      { id: `email_code:${user.emailId}`, strategy: 'email_code', hint: 'p*****@e*****.com' },
      { id: `email_link:${user.emailId}`, strategy: 'email_link', hint: 'p*****@e*****.com' },
      {
        id: `reset_password_email_code:${user.emailId}`,
        strategy: 'reset_password_email_code',
        hint: 'p*****@e*****.com',
      },
      { id: `phone_code:${mobile.id}`, strategy: 'phone_code', hint: `+*********${mobile.number.slice(-2)}`, channels: ['sms'] },
      {
        id: `reset_password_phone_code:${mobile.id}`,
        strategy: 'reset_password_phone_code',
        hint: `+*********${mobile.number.slice(-2)}`,
      },
      { id: 'oauth_google', strategy: 'oauth_google' },
      // `saml`, as older instances call it.
      { id: 'enterprise_sso:ec_1', strategy: 'enterprise_sso', label: 'Acme' },
    ])
  })

  it('comes with no wait, expiry or number of tries: Clerk gives instants and no stamp of its own', async () => {
    const user = server.addUser()
    const { signIn } = await browse(server)
    const attempt = await signIn.create({ identifier: user.email })
    const { id } = optionOf(attempt, 'email_code')
    const sent = await signIn.prepareFirstFactor(attempt, { factorId: id })
    expect(sent.firstFactorVerification).toEqual({ factorId: id, status: 'unverified' })
  })
})

describe('a code', () => {
  it('is sent to the address or number of its factor, over the channel that was asked for', async () => {
    const user = server.addUser({ phones: [phone()] })
    const { signIn } = await browse(server)
    const attempt = await signIn.create({ identifier: user.email })
    await signIn.prepareFirstFactor(attempt, { factorId: optionOf(attempt, 'email_code').id })
    expect(last(/prepare_first/)).toEqual({ strategy: 'email_code', email_address_id: user.emailId })
    const { id } = optionOf(attempt, 'phone_code')
    await signIn.prepareFirstFactor(attempt, { factorId: id, channel: 'whatsapp' })
    expect(last(/prepare_first/)).toEqual({ strategy: 'phone_code', phone_number_id: user.phones[0]?.id, channel: 'whatsapp' })
    const code = server.delivered(user.phones[0]?.number ?? '', 'phone_code')
    const done = await signIn.attemptFirstFactor(attempt, { factorId: id, code: ` ${code.slice(0, 3)} ${code.slice(3)} ` })
    expect(last(/attempt_first/)).toEqual({ strategy: 'phone_code', code })
    expect(done).toMatchObject({ status: 'complete', cancelSignsOut: true })
  })

  it('asked for twice at once is sent once: Clerk’s client joins the two', async () => {
    const user = server.addUser()
    const { signIn } = await browse(server)
    const attempt = await signIn.create({ identifier: user.email })
    const { id: factorId } = optionOf(attempt, 'email_code')
    const before = server.outbox.length
    const [one, two] = await Promise.all([1, 2].map(() => signIn.prepareFirstFactor(attempt, { factorId })))
    expect(one?.firstFactorVerification).toEqual(two?.firstFactorVerification)
    expect(server.outbox.length - before).toBe(1)
  })

  it('of a passed or unprepared factor is not prepared', async () => {
    const user = withTotp(server)
    const { signIn } = await browse(server)
    let attempt = await signIn.create({ identifier: user.email })
    expect(await refused(signIn.prepareFirstFactor(attempt, { factorId: 'password' }))).toMatchObject({ code: 'not_supported' })
    attempt = await signIn.attemptFirstFactor(attempt, { factorId: 'password', password: user.password })
    for (const factorId of ['totp', 'backup_code'])
      expect(await refused(signIn.prepareSecondFactor(attempt, { factorId }))).toMatchObject({ code: 'not_supported' })
  })
})

describe('second factors', () => {
  it('by phone, e-mail and backup code', async () => {
    const user = withTotp(server, { phones: [phone({ reserved: true })], emailSecond: ['email_code'] })
    for (const strategy of ['phone_code', 'email_code', 'backup_code'] as const) {
      const { signIn } = await browse(server)
      let attempt = await signIn.create({ identifier: user.email, password: user.password })
      expect(attempt.status).toBe('needs_second_factor')
      const { id: factorId } = optionOf(attempt, strategy)
      if (strategy !== 'backup_code') {
        attempt = await signIn.prepareSecondFactor(attempt, { factorId })
        expect(attempt.secondFactorVerification).toMatchObject({ factorId, status: 'unverified' })
      }
      const to = strategy === 'phone_code' ? (user.phones[0]?.number ?? '') : user.email
      const code = strategy === 'backup_code' ? ' abcd 1234 ' : server.delivered(to, strategy)
      expect((await signIn.attemptSecondFactor(attempt, { factorId, code })).status).toBe('complete')
    }
  })

  it('HA-17 of a device that Clerk does not know: a second factor with a notice', async () => {
    const user = server.addUser({ newDevice: true })
    const { signIn } = await browse(server)
    let attempt = await signIn.create({ identifier: user.email, password: user.password })
    expect(attempt).toMatchObject({ status: 'needs_second_factor', notice: 'new_device' })
    const { id: factorId } = optionOf(attempt, 'email_code')
    expect(await refused(signIn.finish(attempt))).toMatchObject({ code: 'not_supported' })
    attempt = await signIn.prepareSecondFactor(attempt, { factorId })
    attempt = await signIn.attemptSecondFactor(attempt, { factorId, code: server.delivered(user.email, 'email_code') })
    expect(attempt.status).toBe('complete')
    expect((await signIn.finish(attempt)).currentLevel).toBe('aal1')
  })

  it('that the kit has never heard of are unsupported, with Clerk’s own key', async () => {
    const user = server.addUser()
    const { signIn, browser } = await browse(server)
    const attempt = await signIn.create({ identifier: user.email })
    const record = server.clients.find(({ token }) => token === browser.token)?.signIn
    if (record) record.status = 'needs_protect_check'
    expect(await signIn.reload(attempt)).toMatchObject({ status: 'unsupported', detail: 'needs_protect_check' })
  })
})

describe('an e-mail link', () => {
  async function sent() {
    const user = server.addUser()
    const house = await browse(server)
    const attempt = await house.signIn.create({ identifier: user.email })
    const { id: factorId } = optionOf(attempt, 'email_link')
    const waiting = await house.signIn.prepareFirstFactor(attempt, { factorId, redirectUrl })
    return { ...house, user, attempt: waiting, factorId, link: server.delivered(user.email, 'email_link') }
  }

  it('is waited for in this tab', async () => {
    const { signIn, attempt, factorId, link, user } = await sent()
    expect(last(/prepare_first/)).toEqual({ strategy: 'email_link', email_address_id: user.emailId, redirect_url: redirectUrl })
    expect(attempt.firstFactorVerification).toEqual({ factorId, status: 'unverified', pollEveryMs: 1000 })
    expect((await signIn.reload(attempt)).status).toBe('needs_first_factor')
    await landing(link)
    const now = await signIn.reload(attempt)
    expect(now).toMatchObject({ status: 'complete', firstFactorVerification: { factorId, status: 'verified' } })
    expect((await signIn.finish(now)).user.id).toBe(user.id)
  })

  it('opened in this browser leads to the session, and the address is cleaned', async () => {
    const { browser, link, user } = await sent()
    const url = await landing(`${link}`)
    await browser.reload()
    const { attempt, cleanUrl } = await adapterOf(browser).signIn.resume({ url: `${url}&keep=1#part` })
    expect(attempt?.status).toBe('complete')
    expect(cleanUrl).toBe(`${redirectUrl}?keep=1#part`)
    expect((await adapterOf(browser).session.get())?.user.id).toBe(user.id)
  })

  it('opened on another device says so there', async () => {
    const { link } = await sent()
    const url = await landing(link)
    const { signIn } = await browse(server)
    expect((await signIn.resume({ url })).attempt).toMatchObject({ status: 'verified_elsewhere', cancelSignsOut: false })
  })

  it('that has run out', async () => {
    const { signIn, attempt, factorId, link } = await sent()
    server.advance(11 * 60_000)
    const url = await landing(link)
    expect((await signIn.reload(attempt)).firstFactorVerification).toEqual({ factorId, status: 'expired' })
    expect(await refused(signIn.resume({ url }))).toMatchObject({ code: 'code_expired' })
  })

  it.each([
    ['failed', 'code_incorrect_or_expired'],
    ['client_mismatch', 'link_other_device'],
    ['transferable', 'no_account'],
    ['new_in_clerk_7', 'code_incorrect_or_expired'],
  ])('that is %s', async (status, code) => {
    const { signIn } = await browse(server)
    expect(await refused(signIn.resume({ url: `${redirectUrl}?__clerk_status=${status}` }))).toMatchObject({ code })
  })

  it('as a second factor', async () => {
    const user = server.addUser({ emailSecond: ['email_link'] })
    const { signIn } = await browse(server)
    const attempt = await signIn.create({ identifier: user.email, password: user.password })
    const { id: factorId } = optionOf(attempt, 'email_link')
    const waiting = await signIn.prepareSecondFactor(attempt, { factorId, redirectUrl })
    expect(waiting.secondFactorVerification).toMatchObject({ factorId, pollEveryMs: 1000 })
    await landing(server.delivered(user.email, 'email_link'))
    expect((await signIn.reload(attempt)).status).toBe('complete')
  })

  it('leads where the options say, unless the call does', async () => {
    const user = server.addUser()
    const { signIn } = await browse(server, { redirectUrl: 'http://localhost/home' })
    const attempt = await signIn.create({ identifier: user.email })
    await signIn.prepareFirstFactor(attempt, { factorId: optionOf(attempt, 'email_link').id })
    expect(last(/prepare_first/)).toMatchObject({ redirect_url: 'http://localhost/home' })
  })
})

describe('a provider', () => {
  it('is left for, and come back from', async () => {
    const user = server.addUser()
    const { signIn, browser } = await browse(server)
    const away = await signIn.create({ strategy: 'oauth_google', redirectUrl })
    expect(last(/sign_ins$/)).toMatchObject({
      strategy: 'oauth_google',
      redirect_url: redirectUrl,
      action_complete_redirect_url: redirectUrl,
    })
    if (away.status !== 'needs_redirect') return expect.unreachable()
    expect(away.redirectUrl).toContain('/oauth/authorize?state=')
    const url = await landing(`${away.redirectUrl}&as=${user.id}`)
    await browser.reload()
    const { attempt } = await adapterOf(browser).signIn.resume({ url })
    expect(attempt).toMatchObject({ status: 'complete', identifier: user.email })
  })

  it('in a popup: this page finds it done', async () => {
    const user = withTotp(server)
    const { signIn } = await browse(server)
    const away = await signIn.create({ strategy: 'oauth_google', redirectUrl })
    if (away.status !== 'needs_redirect') return expect.unreachable()
    expect((await signIn.reload(away)).status).toBe('needs_redirect')
    await landing(`${away.redirectUrl}&as=${user.id}`)
    const now = await signIn.reload(away)
    expect(now.status).toBe('needs_second_factor')
    const code = totpOf(server, user.totp?.secret ?? '')
    expect((await signIn.attemptSecondFactor(now, { factorId: 'totp', code })).status).toBe('complete')
  })

  it('that knows nobody of ours, or was refused', async () => {
    const { signIn, browser } = await browse(server)
    for (const [answer, code] of [
      ['as=nobody', 'no_account'],
      ['denied', 'redirect_denied'],
    ] as const) {
      const away = await signIn.create({ strategy: 'oauth_google', redirectUrl })
      if (away.status !== 'needs_redirect') return expect.unreachable()
      const url = await landing(`${away.redirectUrl}&${answer}`)
      expect(await refused(signIn.reload(away))).toMatchObject({ code, outcome: 'refused' })
      await browser.reload()
      expect(await refused(adapterOf(browser).signIn.resume({ url }))).toMatchObject({ code })
    }
  })

  it('turned back from half-way is no attempt to go on with', async () => {
    const { signIn, browser } = await browse(server)
    await signIn.create({ strategy: 'oauth_google', redirectUrl })
    await browser.reload()
    expect(await adapterOf(browser).signIn.resume({})).toEqual({ attempt: null })
  })

  it('chosen among the person’s factors begins a sign-in of its own', async () => {
    const user = server.addUser({ oauth: ['google'] })
    const { signIn } = await browse(server)
    const attempt = await signIn.create({ identifier: user.email })
    const away = await signIn.prepareFirstFactor(attempt, { factorId: 'oauth_google', redirectUrl })
    expect(away).toMatchObject({ id: attempt.id, status: 'needs_redirect', identifier: user.email })
    expect(last(/sign_ins$/)).toMatchObject({ strategy: 'oauth_google', identifier: user.email, redirect_url: redirectUrl })
  })

  it.each(['enterprise_sso', 'saml'])('of an enterprise, asked for as %s', async (strategy) => {
    const user = server.addUser({ sso: 'enterprise_sso' })
    const { signIn } = await browse(server)
    const params = { strategy: strategy as 'enterprise_sso', identifier: user.email, connection: 'ec_1', redirectUrl }
    const away = await signIn.create(params)
    expect(away.status).toBe('needs_redirect')
    expect(last(/prepare_first/)).toEqual({
      strategy: 'enterprise_sso',
      redirect_url: redirectUrl,
      action_complete_redirect_url: redirectUrl,
      enterprise_connection_id: 'ec_1',
    })
  })

  it('of an enterprise, chosen among the factors of an older instance', async () => {
    const user = server.addUser({ sso: 'saml' })
    const { signIn } = await browse(server)
    const attempt = await signIn.create({ identifier: user.email })
    const away = await signIn.prepareFirstFactor(attempt, { factorId: 'enterprise_sso:ec_1', redirectUrl })
    expect(away.status).toBe('needs_redirect')
    expect(last(/prepare_first/)).toMatchObject({ strategy: 'enterprise_sso', enterprise_connection_id: 'ec_1' })
  })
})

describe('a new password', () => {
  async function proved(signOutOfOtherSessions?: boolean) {
    const user = withTotp(server)
    const house = await browse(server)
    const { signIn } = house
    let attempt = await signIn.create({ strategy: 'reset_password_email_code', identifier: user.email })
    expect(attempt).toMatchObject({ purpose: 'reset_password', status: 'needs_first_factor' })
    expect(attempt.supportedFirstFactors.map(({ strategy }) => strategy)).toEqual(['reset_password_email_code'])
    const { id: factorId } = optionOf(attempt, 'reset_password_email_code')
    await signIn.prepareFirstFactor(attempt, { factorId })
    const code = server.delivered(user.email, 'reset_password_email_code')
    attempt = await signIn.attemptFirstFactor(attempt, { factorId, code })
    return { ...house, user, attempt, signOutOfOtherSessions }
  }

  it('is refused before the code, then set, then the second factor follows', async () => {
    const { signIn, user, attempt } = await proved()
    expect(attempt).toMatchObject({ status: 'needs_new_password', purpose: 'reset_password' })
    const reset = (password: string) =>
      signIn.resetPassword?.(attempt, { password, signOutOfOtherSessions: true }) ?? expect.unreachable()
    expect(await refused(reset('short'))).toMatchObject({ code: 'password_weak', field: 'password' })
    expect(await refused(reset('password123'))).toMatchObject({ code: 'password_pwned' })
    expect(await refused(reset(user.password))).toMatchObject({ code: 'password_same' })
    const next = await reset('A new password 1')
    expect(next).toMatchObject({ status: 'needs_second_factor', notice: 'password_changed' })
    expect(last(/reset_password$/)).toEqual({ password: 'A new password 1', sign_out_of_other_sessions: 'true' })
    const done = await signIn.attemptSecondFactor(next, { factorId: 'totp', code: totpOf(server, user.totp?.secret ?? '') })
    expect(done).toMatchObject({ status: 'complete', notice: 'password_changed' })
  })

  it('needs its code first', async () => {
    const user = server.addUser()
    const { signIn } = await browse(server)
    const attempt = await signIn.create({ strategy: 'reset_password_email_code', identifier: user.email })
    const reset = signIn.resetPassword?.(attempt, { password: 'A new password 1' }) ?? Promise.resolve()
    expect(await refused(reset)).toMatchObject({ code: 'not_supported' })
  })

  it('by phone', async () => {
    const user = server.addUser({ phones: [phone()] })
    const { signIn } = await browse(server)
    const attempt = await signIn.create({ strategy: 'reset_password_phone_code', identifier: user.phones[0]?.number ?? '' })
    const { id: factorId } = optionOf(attempt, 'reset_password_phone_code')
    await signIn.prepareFirstFactor(attempt, { factorId })
    const code = server.delivered(user.phones[0]?.number ?? '', 'reset_password_phone_code')
    expect((await signIn.attemptFirstFactor(attempt, { factorId, code })).status).toBe('needs_new_password')
  })
})

describe('one sign-in for a browser', () => {
  it('HA-04 a second one ends the first', async () => {
    const [one, two] = [server.addUser(), server.addUser()]
    const { signIn } = await browse(server)
    const first = await signIn.create({ identifier: one.email })
    const second = await signIn.create({ identifier: two.email })
    const passFirst = () => signIn.attemptFirstFactor(first, { factorId: 'password', password: one.password })
    expect(await refused(passFirst())).toMatchObject({ code: 'attempt_lost' })
    expect(await refused(signIn.reload(first))).toMatchObject({ code: 'attempt_lost' })
    const done = await signIn.attemptFirstFactor(second, { factorId: 'password', password: two.password })
    expect((await signIn.finish(done)).user.id).toBe(two.id)
  })

  it('so passkey options are not asked for while one is under way', async () => {
    const user = server.addUser()
    const { signIn } = await browse(server)
    const attempt = await signIn.create({ identifier: user.email })
    const before = server.requests.length
    expect(await refused(signIn.passkeyOptions?.() ?? Promise.resolve())).toMatchObject({ code: 'not_supported' })
    expect(server.requests.length).toBe(before)
    await signIn.cancel(attempt)
    expect((await signIn.passkeyOptions?.())?.publicKey).toMatchObject({ rpId: 'localhost' })
  })

  it('one that is gone makes room again', async () => {
    const user = server.addUser()
    const { signIn } = await browse(server)
    const attempt = await signIn.create({ identifier: user.email })
    server.refuse(/attempt_first/, new Refusal(403, 'resource_forbidden'))
    const tried = signIn.attemptFirstFactor(attempt, { factorId: 'password', password: user.password })
    expect(await refused(tried)).toMatchObject({ code: 'attempt_lost' })
    expect(await signIn.passkeyOptions?.()).toBeDefined()
  })

  it('is found again after a reload, and not once it was cancelled', async () => {
    const user = withTotp(server)
    const { signIn, browser } = await browse(server)
    await signIn.create({ identifier: user.email, password: user.password })
    await browser.reload()
    const { attempt } = await adapterOf(browser).signIn.resume({})
    expect(attempt).toMatchObject({ status: 'needs_second_factor', identifier: user.email })
    const again = adapterOf(browser).signIn
    const found = (await again.resume({})).attempt
    await again.cancel(found ?? expect.unreachable())
    await browser.reload()
    expect(await adapterOf(browser).signIn.resume({})).toEqual({ attempt: null })
  })

  it('cancelled after it was complete, signs out', async () => {
    const user = server.addUser()
    const { signIn, session } = await browse(server)
    const attempt = await signIn.create({ identifier: user.email, password: user.password })
    await signIn.cancel(attempt)
    expect(await session.get({ fresh: true })).toBeNull()
  })

  it('HA-05 cancelled after the answer that completed it was lost, signs out too', async () => {
    const user = server.addUser()
    const { signIn, session } = await browse(server)
    const attempt = await signIn.create({ identifier: user.email })
    server.lose(/attempt_first/)
    const tried = signIn.attemptFirstFactor(attempt, { factorId: 'password', password: user.password })
    expect(await refused(tried)).toMatchObject({ outcome: 'unknown' })
    await signIn.cancel(attempt)
    expect(await session.get({ fresh: true })).toBeNull()
  })
})

describe('HA-05 a lost answer to create with password', () => {
  it('that signed the person in', async () => {
    const user = server.addUser()
    const { signIn } = await browse(server)
    // Clerk knows the browser by now: with the very first answer, the browser itself is lost.
    await signIn.create({ identifier: user.email })
    server.lose(/sign_ins$/)
    expect(await refused(signIn.create({ identifier: user.email, password: user.password }))).toMatchObject({
      outcome: 'unknown',
    })
    const { attempt } = await signIn.resume({})
    expect(attempt?.status).toBe('complete')
    expect((await signIn.finish(attempt ?? expect.unreachable())).user.id).toBe(user.id)
  })

  it('that led to the second factor, or to nothing', async () => {
    const user = withTotp(server)
    const { signIn } = await browse(server)
    await signIn.create({ identifier: user.email })
    server.lose(/sign_ins$/)
    await refused(signIn.create({ identifier: user.email, password: 'wrong' }))
    expect(await signIn.resume({})).toEqual({ attempt: null })
    server.lose(/sign_ins$/)
    await refused(signIn.create({ identifier: user.email, password: user.password }))
    expect((await signIn.resume({})).attempt?.status).toBe('needs_second_factor')
  })
})
