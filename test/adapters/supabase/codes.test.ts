// @vitest-environment node
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addPerson, codeOf, openPage, password, refused, startStandInPlace, wrongCode, type StandInPlace } from './world.js'

let place: StandInPlace
beforeAll(async () => (place = await startStandInPlace()))
beforeEach(() => place.server.reset())
afterEach(() => expect(place.server.violations).toEqual([]))
afterAll(() => place.close())

describe('a code by e-mail', () => {
  const firstFactors = ['email_code'] as const

  it('signs in, once, and asks for the second factor all the same', async () => {
    const ada = await addPerson(place, { totp: true })
    const { create, prepareFirstFactor, attemptFirstFactor } = openPage(place, { firstFactors, codeLength: 6 })
    const attempt = await create({ identifier: ada.email })
    expect(place.server.outbox).toEqual([])
    const sent = await prepareFirstFactor(attempt, { factorId: 'email_code' })
    expect(sent.firstFactorVerification).toEqual({ status: 'unverified', factorId: 'email_code', codeLength: 6 })
    const { code } = place.mail(ada.email)
    const wrong = await refused(attemptFirstFactor(attempt, { factorId: 'email_code', code: wrongCode(code) }))
    expect(wrong).toMatchObject({ code: 'code_incorrect_or_expired', field: 'code' })
    const spaced = `${code.slice(0, 3)}-${code.slice(3)}`
    const done = await attemptFirstFactor(attempt, { factorId: 'email_code', code: spaced })
    expect(done).toMatchObject({ status: 'needs_second_factor' })
    const again = await create({ identifier: ada.email })
    expect(await refused(attemptFirstFactor(again, { factorId: 'email_code', code }))).toMatchObject({
      code: 'code_incorrect_or_expired',
    })
  })

  it('expires, and reads like a wrong one', async () => {
    const ada = await addPerson(place)
    const { create, prepareFirstFactor, attemptFirstFactor } = openPage(place, { firstFactors })
    const attempt = await create({ identifier: ada.email })
    await prepareFirstFactor(attempt, { factorId: 'email_code' })
    place.server.advance(3_601_000)
    const { code } = place.mail(ada.email)
    expect(await refused(attemptFirstFactor(attempt, { factorId: 'email_code', code }))).toMatchObject({
      code: 'code_incorrect_or_expired',
    })
  })

  it('sent too soon again says how long to wait, and the newest is the good one', async () => {
    const ada = await addPerson(place)
    const { create, prepareFirstFactor, attemptFirstFactor } = openPage(place, { firstFactors })
    const attempt = await create({ identifier: ada.email })
    await prepareFirstFactor(attempt, { factorId: 'email_code' })
    const { code: old } = place.mail(ada.email)
    place.server.advance(15_000)
    const early = await refused(prepareFirstFactor(attempt, { factorId: 'email_code' }))
    expect(early).toMatchObject({ code: 'rate_limited', outcome: 'refused', retryInMs: 45_000 })
    place.server.advance(46_000)
    await prepareFirstFactor(attempt, { factorId: 'email_code' })
    expect(await refused(attemptFirstFactor(attempt, { factorId: 'email_code', code: old }))).toMatchObject({ field: 'code' })
    const { code } = place.mail(ada.email)
    expect(await attemptFirstFactor(attempt, { factorId: 'email_code', code })).toMatchObject({ status: 'complete' })
  })

  it('SI-13 nobody learns from it who has an account, and nobody is signed up', async () => {
    const { create, prepareFirstFactor, attemptFirstFactor } = openPage(place, { firstFactors })
    const attempt = await create({ identifier: 'nobody@example.com' })
    const sent = await prepareFirstFactor(attempt, { factorId: 'email_code' })
    expect(sent.firstFactorVerification).toEqual({ status: 'unverified', factorId: 'email_code' })
    expect(await refused(attemptFirstFactor(attempt, { factorId: 'email_code', code: '123456' }))).toMatchObject({
      code: 'code_incorrect_or_expired',
      field: 'code',
    })
    expect(place.server.users).toEqual([])
  })

  it('an address that is none is said to be wrong', async () => {
    const { create, prepareFirstFactor } = openPage(place, { firstFactors })
    const attempt = await create({ identifier: 'nobody@' })
    expect(await refused(prepareFirstFactor(attempt, { factorId: 'email_code' }))).toMatchObject({
      code: 'identifier_invalid',
      field: 'identifier',
    })
  })
})

describe('a code by phone', () => {
  it.each(['sms', 'whatsapp'] as const)('signs in by %s', async (channel) => {
    const ada = await addPerson(place, { phone: true, email: false })
    const { create, prepareFirstFactor, attemptFirstFactor, finish } = openPage(place, { firstFactors: ['phone_code'] })
    const attempt = await create({ identifier: ada.phone })
    await prepareFirstFactor(attempt, { factorId: 'phone_code', channel })
    const message = place.mail(ada.phone)
    expect(message.channel).toBe(channel)
    const done = await attemptFirstFactor(attempt, { factorId: 'phone_code', code: message.code })
    expect(await finish(done)).toMatchObject({ user: { id: ada.id }, methods: [{ method: 'otp' }] })
  })
})

describe('a link by e-mail', () => {
  const firstFactors = ['email_link'] as const
  const follow = async (link = '') => (await fetch(link, { redirect: 'manual' })).headers.get('location') ?? ''

  async function sendLink(flowType: 'implicit' | 'pkce' = 'pkce') {
    const ada = await addPerson(place)
    const page = openPage(place, { firstFactors, client: { flowType } })
    const attempt = await page.create({ identifier: ada.email })
    const redirectUrl = 'https://app.example/in?tab=1'
    const sent = await page.prepareFirstFactor(attempt, { factorId: 'email_link', redirectUrl })
    expect(sent.firstFactorVerification).toMatchObject({ factorId: 'email_link', pollEveryMs: 3_000 })
    return { ada, attempt, page, link: place.mail(ada.email).link ?? '' }
  }

  it('signs in where it is opened, and the first tab hears of it', async () => {
    const { ada, attempt, page, link } = await sendLink()
    expect(await page.reload(attempt)).toMatchObject({ status: 'needs_first_factor' })
    const tab = openPage(place, { firstFactors, storage: page.storage, client: { flowType: 'pkce' } })
    const { attempt: opened, cleanUrl } = await tab.resume({ url: await follow(link) })
    expect(opened).toMatchObject({ status: 'complete', identifier: ada.email })
    expect(cleanUrl).toBe('https://app.example/in?tab=1')
    expect(await tab.finish(opened!)).toMatchObject({ user: { id: ada.id } })
    const moved = await page.reload(attempt)
    expect(moved.status).toBe('complete')
    expect(await page.finish(moved)).toMatchObject({ user: { id: ada.id } })
  })

  it('opened in another browser is told so', async () => {
    const { link } = await sendLink()
    const { resume, session } = openPage(place, { firstFactors, client: { flowType: 'pkce' } })
    expect(await refused(resume({ url: await follow(link) }))).toMatchObject({ code: 'link_other_device' })
    expect(await session.get()).toBeNull()
  })

  it('used or expired says so', async () => {
    const { page, link } = await sendLink('implicit')
    await follow(link)
    expect(await refused(page.resume({ url: await follow(link) }))).toMatchObject({ code: 'code_incorrect_or_expired' })
  })

  it('whose template carries a hash works too', async () => {
    const { ada, page, link } = await sendLink('implicit')
    const hash = new URL(link).searchParams.get('token')
    const { attempt, cleanUrl } = await page.resume({ url: `https://app.example/in?token_hash=${hash}&type=email` })
    expect(attempt).toMatchObject({ status: 'complete', identifier: ada.email })
    expect(cleanUrl).toBe('https://app.example/in')
  })

  it('HA-19 the first tab does not take an older session for it', async () => {
    const ada = await addPerson(place)
    const page = openPage(place, { firstFactors: ['password', 'email_link'] })
    await page.finish(await page.create({ identifier: ada.email, password }))
    const attempt = await page.create({ identifier: ada.email })
    await page.prepareFirstFactor(attempt, { factorId: 'email_link', redirectUrl: 'https://app.example/' })
    expect(await page.reload(attempt)).toMatchObject({ status: 'needs_first_factor' })
  })
})

describe('a new password', () => {
  const firstFactors = ['password', 'reset_password_email_code', 'reset_password_phone_code'] as const
  const next = 'another horse battery'

  it('by a code in an e-mail', async () => {
    const ada = await addPerson(place)
    const other = openPage(place)
    await other.create({ identifier: ada.email, password })
    const { create, prepareFirstFactor, attemptFirstFactor, resetPassword, finish, session } = openPage(place, { firstFactors })
    const attempt = await create({ strategy: 'reset_password_email_code', identifier: ada.email })
    expect(attempt).toMatchObject({ purpose: 'reset_password', status: 'needs_first_factor' })
    const factorId = 'reset_password_email_code'
    await prepareFirstFactor(attempt, { factorId })
    const { code } = place.mail(ada.email)
    const asked = await attemptFirstFactor(attempt, { factorId, code })
    expect(asked).toMatchObject({ status: 'needs_new_password', cancelSignsOut: true })
    expect(await session.get()).toMatchObject({ pending: 'new_password' })
    expect(await refused(finish(asked))).toMatchObject({ code: 'not_supported' })
    expect(await refused(resetPassword!(asked, { password: 'short' }))).toMatchObject({
      code: 'password_weak',
      field: 'password',
      reasons: ['length'],
    })
    expect(await refused(resetPassword!(asked, { password: 'password-123' }))).toMatchObject({ code: 'password_pwned' })
    expect(await refused(resetPassword!(asked, { password }))).toMatchObject({ code: 'password_same' })
    const done = await resetPassword!(asked, { password: next })
    expect(done.status).toBe('complete')
    expect((await finish(done)).pending).toBeUndefined()
    expect((await session.get())?.pending).toBeUndefined()
    expect(await other.session.get()).toBeNull()
    expect(await openPage(place).create({ identifier: ada.email, password: next })).toMatchObject({ status: 'complete' })
  })

  it('comes after the second factor of whoever has one', async () => {
    const ada = await addPerson(place, { totp: true })
    const page = openPage(place, { firstFactors })
    const factorId = 'reset_password_email_code'
    const attempt = await page.create({ strategy: factorId, identifier: ada.email })
    await page.prepareFirstFactor(attempt, { factorId })
    const half = await page.attemptFirstFactor(attempt, { factorId, code: place.mail(ada.email).code })
    expect(half).toMatchObject({ purpose: 'reset_password', status: 'needs_second_factor' })
    expect(await refused(page.resetPassword!(half, { password: next }))).toMatchObject({ code: 'not_supported' })
    const asked = await page.attemptSecondFactor(half, { factorId: `totp:${ada.factorId}`, code: codeOf(place, ada.secret) })
    expect(asked.status).toBe('needs_new_password')
    expect(await page.resetPassword!(asked, { password: next })).toMatchObject({ status: 'complete' })
  })

  it('by a code in a text message', async () => {
    const ada = await addPerson(place, { phone: true, email: false })
    const page = openPage(place, { firstFactors })
    const factorId = 'reset_password_phone_code'
    const attempt = await page.create({ strategy: factorId, identifier: ada.phone })
    await page.prepareFirstFactor(attempt, { factorId })
    const asked = await page.attemptFirstFactor(attempt, { factorId, code: place.mail(ada.phone).code })
    expect(asked.status).toBe('needs_new_password')
    expect(await page.session.get()).toMatchObject({ pending: 'new_password' })
    expect(await page.resetPassword!(asked, { password: next })).toMatchObject({ status: 'complete' })
  })

  it('by a link: the page that it opens asks for it', async () => {
    const ada = await addPerson(place)
    const page = openPage(place, { firstFactors, client: { flowType: 'pkce' } })
    const attempt = await page.create({ strategy: 'reset_password_email_code', identifier: ada.email })
    await page.prepareFirstFactor(attempt, { factorId: 'reset_password_email_code', redirectUrl: 'https://app.example/new' })
    const { link = '' } = place.mail(ada.email)
    const location = (await fetch(link, { redirect: 'manual' })).headers.get('location') ?? ''
    const { resume, session } = openPage(place, { firstFactors, storage: page.storage, client: { flowType: 'pkce' } })
    const { attempt: asked } = await resume({ url: location })
    expect(asked).toMatchObject({ purpose: 'reset_password', status: 'needs_new_password', identifier: ada.email })
    expect(await session.get()).toMatchObject({ pending: 'new_password' })
  })

  it('SI-13 nobody learns from it who has an account', async () => {
    const { create, prepareFirstFactor } = openPage(place, { firstFactors })
    for (const factorId of ['reset_password_email_code', 'reset_password_phone_code'] as const) {
      const identifier = factorId.includes('email') ? 'nobody@example.com' : '+491512345678'
      const attempt = await create({ strategy: factorId, identifier })
      expect(await prepareFirstFactor(attempt, { factorId })).toMatchObject({ firstFactorVerification: { status: 'unverified' } })
    }
    expect(place.server.outbox).toEqual([])
  })

  it('given up leaves no session', async () => {
    const ada = await addPerson(place)
    const page = openPage(place, { firstFactors })
    const factorId = 'reset_password_email_code'
    const attempt = await page.create({ strategy: factorId, identifier: ada.email })
    await page.prepareFirstFactor(attempt, { factorId })
    const asked = await page.attemptFirstFactor(attempt, { factorId, code: place.mail(ada.email).code })
    await page.cancel(asked)
    expect(await page.session.get()).toBeNull()
  })

  it('is not offered where no way to it is', () => {
    expect(openPage(place).resetPassword).toBeUndefined()
  })
})
