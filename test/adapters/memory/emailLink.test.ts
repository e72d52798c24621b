// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { ada, asked, everyHouse, grace, link, redirectUrl, secondId, told } from './everyHouse.js'
import { minute, password, refused, withPassword } from './house.js'

const factorId = 'email_link:1'
const clean = 'https://app.example/callback?next=%2Finbox#top'

describe('an e-mailed link', () => {
  it('leads back to the app with a token, and this tab sees that it was opened', async () => {
    const backend = everyHouse()
    const { signIn } = backend.adapter
    const attempt = await asked(backend.adapter, ada.email, 'email_link', { redirectUrl })
    expect(attempt.firstFactorVerification).toEqual({
      status: 'unverified',
      factorId,
      expiresInMs: 10 * minute,
      resendInMs: 30_000,
      pollEveryMs: 2_000,
    })
    expect(backend.outbox.latest()).toMatchObject({ to: ada.email, channel: 'email', code: '', purpose: 'first_factor' })
    expect(link(backend)).toMatch(/^https:\/\/app\.example\/callback\?next=%2Finbox&latchkey_link=\w{32}#top$/)
    expect(await signIn.reload(attempt)).toMatchObject({ status: 'needs_first_factor' })
    const tab = backend.connect({ browser: 'default' })
    const landed = await tab.signIn.resume({ url: link(backend) })
    expect(landed).toMatchObject({ attempt: { id: attempt.id, status: 'complete' }, cleanUrl: clean })
    expect(await signIn.reload(attempt)).toMatchObject({ status: 'complete' })
    expect(await signIn.finish(attempt)).toMatchObject({ user: { id: ada.id }, methods: [{ method: 'email_link' }] })
  })

  it('is still complete here when the other tab was faster', async () => {
    const backend = everyHouse()
    const attempt = await asked(backend.adapter, ada.email, 'email_link', { redirectUrl })
    const tab = backend.connect({ browser: 'default' })
    await tab.signIn.resume({ url: link(backend) })
    const session = await tab.signIn.finish(attempt)
    expect(await backend.adapter.signIn.reload(attempt)).toMatchObject({ status: 'complete' })
    expect(await backend.adapter.signIn.finish(attempt)).toEqual(session)
  })

  it('opened in another browser lets the first one go on, and tells the other nothing', async () => {
    const backend = everyHouse()
    const attempt = await asked(backend.adapter, ada.email, 'email_link', { redirectUrl })
    const phone = backend.connect()
    const { attempt: there, cleanUrl } = await phone.signIn.resume({ url: link(backend) })
    expect(there).toMatchObject({ status: 'verified_elsewhere', identifier: null, supportedSecondFactors: null })
    expect(there?.id).not.toBe(attempt.id)
    expect(cleanUrl).toBe(clean)
    expect(await phone.session.get()).toBeNull()
    expect(await phone.signIn.resume({})).toEqual({ attempt: null })
    expect(await backend.adapter.signIn.reload(attempt)).toMatchObject({ status: 'complete' })
  })

  it('goes on where it was opened, in that mode', async () => {
    const backend = everyHouse({ emailLink: 'opened_tab' })
    expect(backend.adapter.capabilities.emailLink).toBe('opened_tab')
    const attempt = await asked(backend.adapter, ada.email, 'email_link', { redirectUrl })
    expect(attempt.firstFactorVerification).not.toHaveProperty('pollEveryMs')
    const phone = backend.connect()
    const { attempt: there } = await phone.signIn.resume({ url: link(backend) })
    expect(there).toMatchObject({ id: attempt.id, status: 'complete' })
    expect(await phone.signIn.finish({ id: attempt.id })).toMatchObject({ user: { id: ada.id } })
    await refused(backend.adapter.signIn.reload(attempt), 'attempt_lost')
    expect(await backend.adapter.session.get()).toBeNull()
  })

  it('is refused in another browser where that is asked for, and still good in its own', async () => {
    const backend = everyHouse({ emailLinkSameBrowser: true })
    const attempt = await asked(backend.adapter, ada.email, 'email_link', { redirectUrl })
    await refused(backend.connect().signIn.resume({ url: link(backend) }), 'link_other_device')
    const tab = backend.connect({ browser: 'default' })
    expect(await tab.signIn.resume({ url: link(backend) })).toMatchObject({ attempt: { id: attempt.id, status: 'complete' } })
  })

  it('works once, as the newest, and not too late', async () => {
    const backend = everyHouse()
    const { signIn } = backend.adapter
    const attempt = await asked(backend.adapter, ada.email, 'email_link', { redirectUrl })
    const old = link(backend)
    backend.clock.advance(minute)
    await signIn.prepareFirstFactor(attempt, { factorId, redirectUrl })
    await refused(signIn.resume({ url: old }), 'code_incorrect_or_expired')
    await signIn.resume({ url: link(backend) })
    await refused(signIn.resume({ url: link(backend) }), 'code_incorrect_or_expired')
    await refused(signIn.resume({ url: `${clean.replace('#top', '')}&latchkey_link=made-up` }), 'code_incorrect_or_expired')
    backend.clock.advance(minute)
    const late = await asked(backend.adapter, ada.email, 'email_link', { redirectUrl })
    backend.clock.advance(10 * minute)
    expect((await signIn.reload(late)).firstFactorVerification).toMatchObject({ status: 'expired' })
    await refused(signIn.resume({ url: link(backend) }), 'code_expired')
  })

  it('of an attempt that was given up is worth nothing', async () => {
    const backend = everyHouse()
    const attempt = await asked(backend.adapter, ada.email, 'email_link', { redirectUrl })
    await backend.adapter.signIn.cancel(attempt)
    await refused(backend.adapter.signIn.resume({ url: link(backend) }), 'code_incorrect_or_expired')
  })

  it('SI-13: is asked for alike for an address that nobody has', async () => {
    const backend = everyHouse()
    const known = await asked(backend.adapter, ada.email, 'email_link', { redirectUrl })
    const unknown = await asked(backend.adapter, 'no@example.com', 'email_link', { redirectUrl })
    expect(told(unknown)).toEqual(told(known))
    expect(backend.outbox.messages).toHaveLength(1)
  })

  it('needs an address to lead to, and takes no code', async () => {
    const { adapter } = everyHouse()
    const attempt = await adapter.signIn.create({ identifier: ada.email })
    for (const bad of [undefined, '', '/callback'])
      await refused(adapter.signIn.prepareFirstFactor(attempt, { factorId, redirectUrl: bad }), 'not_supported')
    await adapter.signIn.prepareFirstFactor(attempt, { factorId, redirectUrl })
    await refused(adapter.signIn.attemptFirstFactor(attempt, { factorId, code: '123456' }), 'not_supported')
  })

  it('is told of in the state of no other strategy: a provider’s state opens nothing as a link', async () => {
    const { adapter } = everyHouse()
    const attempt = await asked(adapter, ada.email, 'oauth_google', { redirectUrl })
    const state = new URL(attempt.status === 'needs_redirect' ? attempt.redirectUrl : '').searchParams.get('state')
    await refused(adapter.signIn.resume({ url: `https://app.example/?latchkey_link=${state}` }), 'code_incorrect_or_expired')
    expect(await adapter.signIn.reload(attempt)).toMatchObject({ status: 'needs_redirect' })
  })
})

describe('an e-mailed link as the second factor', () => {
  it('completes the sign-in where it began', async () => {
    const backend = everyHouse()
    const { signIn } = backend.adapter
    const attempt = await withPassword(backend.adapter, grace)
    const id = secondId(attempt, 'email_link')
    await signIn.prepareSecondFactor(attempt, { factorId: id, redirectUrl })
    expect(await backend.connect().signIn.resume({ url: link(backend) })).toMatchObject({
      attempt: { status: 'verified_elsewhere' },
    })
    expect(await signIn.reload(attempt)).toMatchObject({ status: 'complete' })
    expect(await signIn.finish(attempt)).toMatchObject({ currentLevel: 'aal2' })
  })

  it('steps a session up in its own browser only', async () => {
    const backend = everyHouse({ emailLink: 'opened_tab' })
    const { signIn, stepUp } = backend.adapter
    const first = await signIn.create({ identifier: grace.email, password })
    await signIn.prepareSecondFactor(first, { factorId: 'email_code:2' })
    await signIn.attemptSecondFactor(first, { factorId: 'email_code:2', code: backend.outbox.latest()?.code ?? '' })
    await signIn.finish(first)
    backend.clock.advance(minute)
    const attempt = await stepUp?.create({ level: 'second_factor' })
    if (!attempt) throw new Error('no step-up')
    await signIn.prepareSecondFactor(attempt, { factorId: 'email_link:2', redirectUrl })
    await refused(backend.connect().signIn.resume({ url: link(backend) }), 'link_other_device')
    await signIn.resume({ url: link(backend) })
    expect(await signIn.finish(attempt)).toMatchObject({ secondFactorAgeMs: 0 })
  })
})
