// @vitest-environment node
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addPerson, codeOf, openPage, password, refused, startStandInPlace, wrongCode, type StandInPlace } from './world.js'

let place: StandInPlace
beforeAll(async () => (place = await startStandInPlace()))
beforeEach(() => place.server.reset())
afterEach(() => expect(place.server.violations).toEqual([]))
afterAll(() => place.close())

describe('a password', () => {
  it('signs a person without second factors in', async () => {
    const ada = await addPerson(place)
    const { create, finish, session } = openPage(place)
    const attempt = await create({ identifier: ada.email, password })
    expect(attempt).toMatchObject({ status: 'complete', supportedSecondFactors: [], cancelSignsOut: true })
    const done = await finish(attempt)
    expect(done).toMatchObject({ user: { id: ada.id, label: ada.email }, currentLevel: 'aal1', nextLevel: 'aal1' })
    expect(done.pending).toBeUndefined()
    expect(await finish(attempt)).toMatchObject({ user: { id: ada.id } })
    expect(await session.get()).toMatchObject({ id: done.id, methods: [{ method: 'password' }] })
  })

  it('takes a phone number too', async () => {
    const ada = await addPerson(place, { phone: true, email: false })
    const { create, finish } = openPage(place, { firstFactors: ['password', 'phone_code', 'email_code'] })
    const attempt = await create({ identifier: ada.phone })
    expect(attempt.supportedFirstFactors.map(({ id }) => id)).toEqual(['password', 'phone_code'])
    expect(await finish(await create({ identifier: ada.phone, password }))).toMatchObject({ user: { label: ada.phone.slice(1) } })
  })

  it('SI-12 does not tell an unknown person from a wrong password', async () => {
    const ada = await addPerson(place)
    const { create } = openPage(place)
    const [wrong, unknown] = await Promise.all(
      [ada.email, 'nobody@example.com'].map((identifier) => refused(create({ identifier, password: 'pw-sentinel' }))),
    )
    expect(wrong).toMatchObject({ code: 'invalid_credentials', field: 'password', outcome: 'refused' })
    expect(unknown).toEqual(wrong)
    expect(unknown?.cause).toEqual(wrong?.cause)
  })

  it('can be tried again on the same attempt', async () => {
    const ada = await addPerson(place)
    const { create, attemptFirstFactor } = openPage(place)
    const attempt = await create({ identifier: ada.email })
    expect(attempt).toMatchObject({ status: 'needs_first_factor', identifier: ada.email, supportedSecondFactors: null })
    expect(place.server.log.filter((line) => line.includes('/token'))).toEqual([])
    await refused(attemptFirstFactor(attempt, { factorId: 'password', password: 'wrong' }))
    expect(await attemptFirstFactor(attempt, { factorId: 'password', password })).toMatchObject({ status: 'complete' })
    expect(await refused(attemptFirstFactor(attempt, { factorId: 'password', password }))).toMatchObject({
      code: 'not_supported',
    })
  })

  it('HA-17 is refused where it is not offered, as is every other factor', async () => {
    const { create, attemptFirstFactor } = openPage(place, { firstFactors: ['email_code'] })
    const away = { redirectUrl: 'https://app.example/' }
    expect(await refused(create({ identifier: 'a@example.com', password }))).toMatchObject({ code: 'factor_not_found' })
    expect(await refused(create({ strategy: 'oauth_google', ...away }))).toMatchObject({ code: 'not_supported' })
    const attempt = await create({ identifier: 'a@example.com' })
    expect(await refused(attemptFirstFactor(attempt, { factorId: 'passkey', credential: {} }))).toMatchObject({
      code: 'factor_not_found',
    })
    expect(place.server.log).toEqual([])
  })

  it('carries what a captcha gave', async () => {
    const ada = await addPerson(place)
    place.server.settings.captcha = true
    const { create } = openPage(place)
    const params = { identifier: ada.email, password }
    expect(await refused(create(params))).toMatchObject({ code: 'captcha_failed' })
    expect(await create(params, { captchaToken: 'captcha-good' })).toMatchObject({ status: 'complete' })
  })
})

describe('a second factor', () => {
  const open = async () => {
    const ada = await addPerson(place, { totp: true })
    const page = openPage(place)
    const attempt = await page.create({ identifier: ada.email, password })
    return { ada, attempt, factorId: `totp:${ada.factorId}`, ...page }
  }

  it('is asked for, and nobody is signed in before', async () => {
    const { ada, attempt, factorId, session, finish, attemptSecondFactor } = await open()
    expect(attempt).toMatchObject({
      status: 'needs_second_factor',
      cancelSignsOut: true,
      supportedSecondFactors: [{ id: factorId, strategy: 'totp', label: 'My phone' }],
    })
    expect(await session.get()).toMatchObject({ pending: 'second_factor', currentLevel: 'aal1', nextLevel: 'aal2' })
    expect(await refused(finish(attempt))).toMatchObject({ code: 'not_supported' })
    const right = codeOf(place, ada.secret)
    const wrong = await refused(attemptSecondFactor(attempt, { factorId, code: wrongCode(right) }))
    expect(wrong).toMatchObject({ code: 'code_incorrect', field: 'code', outcome: 'refused' })
    const done = await attemptSecondFactor(attempt, { factorId, code: `${right.slice(0, 3)} ${right.slice(3)}` })
    expect(done.status).toBe('complete')
    expect(await finish(done)).toMatchObject({
      currentLevel: 'aal2',
      nextLevel: 'aal2',
      secondFactorAgeMs: expect.any(Number) as number,
    })
    expect((await session.get())?.pending).toBeUndefined()
  })

  it('a code of another period is expired', async () => {
    const { ada, attempt, factorId, attemptSecondFactor } = await open()
    const old = { factorId, code: codeOf(place, ada.secret, -3) }
    expect(await refused(attemptSecondFactor(attempt, old))).toMatchObject({ code: 'code_incorrect' })
  })

  it('is asked for again after a reload', async () => {
    const { ada, factorId, storage, attempt } = await open()
    const { resume, attemptSecondFactor, finish, session } = openPage(place, { storage })
    expect(await session.get()).toMatchObject({ pending: 'second_factor' })
    const { attempt: again } = await resume({})
    expect(again).toMatchObject({ status: 'needs_second_factor', identifier: ada.email, cancelSignsOut: true })
    expect(again?.supportedSecondFactors).toEqual(attempt.supportedSecondFactors)
    const done = await attemptSecondFactor(again!, { factorId, code: codeOf(place, ada.secret) })
    expect(await finish(done)).toMatchObject({ currentLevel: 'aal2' })
    expect(await resume({})).toEqual({ attempt: null })
  })

  it('a sign-in that is given up leaves no session, here only', async () => {
    const { ada, attempt, session, cancel, reload, storage } = await open()
    const elsewhere = openPage(place)
    await elsewhere.create({ identifier: ada.email, password })
    await cancel(attempt)
    expect(await session.get()).toBeNull()
    expect(storage.items.size).toBe(0)
    expect(await refused(reload(attempt))).toMatchObject({ code: 'attempt_lost' })
    expect(await elsewhere.session.get()).not.toBeNull()
    expect(await openPage(place, { storage }).resume({})).toEqual({ attempt: null })
  })

  it('passed in another tab is found', async () => {
    const { ada, attempt, factorId, storage, reload, finish } = await open()
    const tab = openPage(place, { storage })
    const { attempt: other } = await tab.resume({})
    await tab.attemptSecondFactor(other!, { factorId, code: codeOf(place, ada.secret) })
    const moved = await reload(attempt)
    expect(moved.status).toBe('complete')
    expect(await finish(moved)).toMatchObject({ currentLevel: 'aal2' })
  })

  it('ends the sign-in when a hook of the project says no for good', async () => {
    const { ada, attempt, factorId, attemptSecondFactor, session } = await open()
    place.server.settings.hookRejects = true
    const proof = { factorId, code: codeOf(place, ada.secret) }
    expect(await refused(attemptSecondFactor(attempt, proof))).toMatchObject({ code: 'too_many_attempts' })
    expect(await session.get()).toBeNull()
  })

  it('HA-05 somebody else who signed in meanwhile does not finish it', async () => {
    const { ada, attempt, factorId, attemptSecondFactor, finish, auth } = await open()
    const done = await attemptSecondFactor(attempt, { factorId, code: codeOf(place, ada.secret) })
    const eve = await addPerson(place)
    await auth.signInWithPassword({ email: eve.email, password })
    expect(await refused(finish(done))).toMatchObject({ code: 'session_mismatch' })
    await auth.signOut({ scope: 'local' })
    expect(await refused(finish(done))).toMatchObject({ code: 'session_lost' })
  })

  it('giving up an earlier attempt leaves somebody who was signed in before alone', async () => {
    const { create, cancel, session, finish, auth } = openPage(place)
    const ada = await addPerson(place)
    await finish(await create({ identifier: ada.email, password }))
    const attempt = await create({ identifier: 'eve@example.com' })
    await cancel(attempt)
    expect(await session.get()).toMatchObject({ user: { id: ada.id } })
    await auth.signOut({ scope: 'local' })
  })
})

describe('an attempt', () => {
  it('that nobody knows is lost to every verb', async () => {
    const { reload, finish, attemptFirstFactor, prepareFirstFactor, prepareSecondFactor, attemptSecondFactor, cancel } =
      openPage(place)
    const ref = { id: 'attempt_99' }
    const answers = [
      reload(ref),
      finish(ref),
      prepareFirstFactor(ref, { factorId: 'password' }),
      attemptFirstFactor(ref, { factorId: 'password', password }),
      prepareSecondFactor(ref, { factorId: 'totp:1' }),
      attemptSecondFactor(ref, { factorId: 'totp:1', code: '1' }),
    ]
    for (const answer of answers) expect(await refused(answer)).toMatchObject({ code: 'attempt_lost' })
    await cancel(ref)
  })

  it('is not found where nobody is half signed in', async () => {
    const { resume, create, finish } = openPage(place)
    expect(await resume({})).toEqual({ attempt: null })
    const ada = await addPerson(place)
    await finish(await create({ identifier: ada.email, password }))
    expect(await resume({})).toEqual({ attempt: null })
    expect(await resume({ url: 'https://app.example/page?a=1#b' })).toEqual({ attempt: null })
  })

  it('HA-10 HA-11 holds no password, code or token, nor does its storage of ours', async () => {
    const ada = await addPerson(place, { totp: true })
    const { create, attemptSecondFactor, finish } = openPage(place)
    const attempt = await create({ identifier: ada.email, password })
    const code = codeOf(place, ada.secret)
    const done = await attemptSecondFactor(attempt, { factorId: `totp:${ada.factorId}`, code })
    const session = await finish(done)
    const text = JSON.stringify([attempt, done, session])
    for (const secret of [password, code, ada.secret, 'eyJ']) expect(text).not.toContain(secret)
  })
})
