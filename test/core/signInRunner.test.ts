// @vitest-environment node
import { describe, expect, it, vi } from 'vitest'
import { AuthError } from '../../src/core/AuthError.js'
import type { Step } from '../../src/core/flow.js'
import { flush } from '../support/fakeClock.js'
import {
  attempt,
  backupCodeOption,
  emailCodeOption,
  passwordOption,
  sentinels,
  session,
  totpOption,
  verification,
  type ScriptedOptions,
  type Verb,
} from '../support/scriptedAdapter.js'
import { testEngine, timeoutMs } from '../support/testEngine.js'

const ada = { identifier: 'ada@example.com', password: sentinels.password }
const lost = new AuthError('network', undefined, { outcome: 'unknown' })
const wrong = new AuthError('code_incorrect', undefined, { field: 'code' })
const second = (more: Parameters<typeof attempt>[0] = {}) => attempt({ status: 'needs_second_factor', ...more })
const done = attempt({ status: 'complete', cancelSignsOut: true })

type Page = ReturnType<typeof testEngine>
const state = ({ signIn }: Page) => signIn.get()
const made = ({ fake }: Page) => fake.calls.map(({ verb }) => verb)

/** Signs in with the password as far as the second factor. */
async function atSecond(options: ScriptedOptions = {}, more: Parameters<typeof attempt>[0] = {}) {
  const page = testEngine(options)
  void page.signIn.create(ada)
  await (await page.fake.next('signIn.create')).resolve(second(more))
  return page
}

/** At an e-mailed code, which was sent. */
async function atEmailCode(said: Parameters<typeof verification>[0] = {}) {
  const page = testEngine()
  void page.signIn.create({ identifier: ada.identifier, prefer: 'email_code' })
  await (await page.fake.next('signIn.create')).resolve(attempt())
  await (await page.fake.next('signIn.prepareFirstFactor')).resolve(attempt({ firstFactorVerification: verification(said) }))
  return page
}

describe('a sign-in', () => {
  it('goes from password to second factor to session, and keeps no password or code on the way', async () => {
    const page = testEngine()
    const { fake, signIn, events } = page
    const creating = signIn.create(ada)
    expect(state(page)).toMatchObject({ step: 'start', pending: 'create', identifier: ada.identifier })
    const create = await fake.next('signIn.create')
    expect(create.params).toEqual(ada)
    await create.resolve(second())
    await creating
    expect(state(page)).toMatchObject({ step: 'second-factor', pending: null, factor: totpOption })
    const submitting = signIn.submit({ code: sentinels.code, trustDevice: true })
    const submit = await fake.next('signIn.attemptSecondFactor')
    expect(submit.params).toEqual({ factorId: totpOption.id, code: sentinels.code, trustDevice: true })
    expect(submit.attempt).toEqual({ id: 'attempt_1' })
    await submit.resolve(done)
    expect(state(page).step).toBe('second-factor')
    await (await fake.next('signIn.finish')).resolve(session({ currentLevel: 'aal2' }))
    await submitting
    expect(state(page)).toMatchObject({ step: 'complete', restored: false, pending: null })
    expect(events.map(({ type }) => type)).toEqual(['step', 'step', 'signed_in'])
    for (const secret of [sentinels.password, sentinels.code]) expect(JSON.stringify([state(page), events])).not.toContain(secret)
  })

  it('begins with a wallet and goes on with it, although the person has a password too', async () => {
    const page = testEngine()
    const wallet = { id: 'w1', strategy: 'web3_metamask_signature' } as const
    const { strategy } = wallet
    void page.signIn.create({ strategy, address: '0xabc', chainId: 1, origin: 'https://app.example' })
    const options = [passwordOption, wallet]
    await (await page.fake.next('signIn.create')).resolve(attempt({ supportedFirstFactors: options }))
    expect(state(page)).toMatchObject({ step: 'first-factor', factor: wallet })
    expect(made(page)).toEqual(['signIn.create', 'signIn.prepareFirstFactor'])
  })

  it('HA-02 two calls in one tick are one call of the adapter and one promise, for every verb', async () => {
    const at: Record<string, () => Promise<Page>> = {
      create: () => Promise.resolve(testEngine()),
      stepUp: () => Promise.resolve(testEngine()),
      signOut: () => Promise.resolve(testEngine()),
      submit: () => atSecond(),
      reload: () => atSecond(),
      choose: async () => {
        const page = await atSecond({}, { supportedSecondFactors: [totpOption, { id: 'email_code:2', strategy: 'email_code' }] })
        return page
      },
      send: async () => {
        const page = await atEmailCode({ resendInMs: 1000 })
        await page.clock.advance(1000)
        return page
      },
    }
    const verbs: Record<string, [Verb, (page: Page) => Promise<void>]> = {
      create: ['signIn.create', ({ signIn }) => signIn.create(ada)],
      stepUp: ['stepUp.create', ({ signIn }) => signIn.stepUp('second_factor')],
      signOut: ['session.signOut', ({ signIn }) => signIn.signOut()],
      submit: ['signIn.attemptSecondFactor', ({ signIn }) => signIn.submit({ code: sentinels.code })],
      reload: ['signIn.reload', ({ signIn }) => signIn.reload()],
      choose: ['signIn.prepareSecondFactor', ({ signIn }) => signIn.choose('email_code:2')],
      send: ['signIn.prepareFirstFactor', ({ signIn }) => signIn.send()],
    }
    for (const [name, [verb, run]] of Object.entries(verbs)) {
      const page = await at[name]!()
      const before = page.fake.count(verb)
      const [one, two] = [run(page), run(page)]
      expect(two, name).toBe(one)
      await flush()
      expect(run(page), name).toBe(one)
      await flush()
      expect(page.fake.count(verb), name).toBe(before + 1)
    }
  })

  it('HA-02 refuses another verb while one is in flight', async () => {
    const page = await atSecond()
    void page.signIn.submit({ code: sentinels.code })
    await page.signIn.choose(backupCodeOption.id)
    await page.signIn.signOut()
    await page.signIn.create(ada)
    expect(state(page)).toMatchObject({ step: 'second-factor', factor: totpOption, pending: 'attempt' })
    expect(page.fake.count('session.signOut')).toBe(0)
    expect(page.fake.count('signIn.create')).toBe(1)
  })

  it.each<[string, (page: Page) => Promise<void>]>([
    ['submit', ({ signIn }) => signIn.submit({ code: sentinels.code })],
    ['submit a password', ({ signIn }) => signIn.submit({ password: sentinels.password })],
  ])('HA-17 %s without a challenge asks nobody and says so with a typed error', async (_name, run) => {
    const page = testEngine()
    await run(page)
    expect(page.fake.calls).toEqual([])
    expect(state(page)).toMatchObject({ step: 'start', problem: { code: 'attempt_lost' } })
  })

  it('HA-17 sends, reloads, chooses and goes on to nothing where there is nothing', async () => {
    const page = testEngine()
    const complete = vi.fn()
    page.signIn.onComplete(complete)
    await page.signIn.send()
    await page.signIn.reload()
    await page.signIn.choose(totpOption.id)
    page.signIn.otherWays()
    page.signIn.proceed()
    expect(page.fake.calls).toEqual([])
    expect(complete).not.toHaveBeenCalled()
    expect(state(page).step).toBe('start')
    const later = await atSecond()
    await later.signIn.choose('totp:of somebody else')
    expect(state(later)).toMatchObject({ factor: totpOption })
    expect(made(later)).toEqual(['signIn.create'])
  })

  it('HA-17 an attempt that a page made up is finished by the adapter or by nobody', async () => {
    const page = testEngine()
    void page.signIn.enrolled(done)
    const finish = await page.fake.next('signIn.finish')
    await finish.reject(new AuthError('attempt_lost'))
    expect(state(page)).toMatchObject({ step: 'start', problem: { code: 'attempt_lost' } })
  })

  it('HA-09 shows an error that it does not know as unknown', async () => {
    for (const thrown of [new AuthError('__proto__' as never), new AuthError('constructor' as never), new TypeError('x'), 'no']) {
      const page = await atSecond()
      void page.signIn.submit({ code: sentinels.code })
      await (await page.fake.next('signIn.attemptSecondFactor')).reject(thrown)
      if (!(thrown instanceof AuthError)) await (await page.fake.next('signIn.reload')).resolve(second())
      expect(state(page).problem?.code).toBe(thrown instanceof AuthError ? 'unknown' : 'not_confirmed')
    }
  })
})

describe('a lost reply', () => {
  it('HA-08 create without a password may be tried again by the person, and is not tried again by the kit', async () => {
    const page = testEngine()
    void page.signIn.create({ identifier: ada.identifier })
    await (await page.fake.next('signIn.create')).reject(lost)
    expect(state(page)).toMatchObject({ step: 'start', pending: null, problem: { code: 'network' }, identifier: ada.identifier })
    expect(made(page)).toEqual(['signIn.create'])
  })

  it('HA-05 create with a password: what was begun is looked for, and gone on with', async () => {
    const page = testEngine()
    void page.signIn.create(ada)
    await (await page.fake.next('signIn.create')).reject(lost)
    expect(state(page)).toMatchObject({ pending: 'create', problem: null })
    await (await page.fake.next('signIn.resume')).resolve({ attempt: second() })
    expect(state(page)).toMatchObject({ step: 'second-factor', pending: null, problem: null })
    expect(page.fake.count('signIn.create')).toBe(1)
  })

  it('HA-05 create with a password that had signed in already: finished', async () => {
    const page = testEngine()
    void page.signIn.create(ada)
    await (await page.fake.next('signIn.create')).reject(lost)
    await (await page.fake.next('signIn.resume')).resolve({ attempt: done })
    await (await page.fake.next('signIn.finish')).resolve(session())
    expect(state(page).step).toBe('complete')
  })

  it.each(['nothing', 'no answer either', 'a refusal'])(
    'HA-05 create with a password, and the search finds %s: not confirmed, the identifier kept',
    async (found) => {
      const page = testEngine()
      void page.signIn.create(ada)
      await (await page.fake.next('signIn.create')).reject(lost)
      const resume = await page.fake.next('signIn.resume')
      if (found === 'nothing') await resume.resolve({ attempt: null })
      else await resume.reject(found === 'a refusal' ? new AuthError('attempt_lost') : lost)
      expect(state(page)).toMatchObject({ step: 'start', problem: { code: 'not_confirmed' }, identifier: ada.identifier })
      expect(made(page)).toEqual(['signIn.create', 'signIn.resume'])
    },
  )

  it('HA-05 a refused create is a refusal: nothing is looked for', async () => {
    const page = testEngine()
    void page.signIn.create(ada)
    await (await page.fake.next('signIn.create')).reject(new AuthError('invalid_credentials'))
    expect(state(page)).toMatchObject({ step: 'start', problem: { code: 'invalid_credentials' } })
    expect(made(page)).toEqual(['signIn.create'])
  })

  it('HA-08 prepare: the field is shown, a code may have been sent, the wait runs, and nothing is sent again', async () => {
    const page = testEngine()
    void page.signIn.create({ identifier: ada.identifier, prefer: 'email_code' })
    await (await page.fake.next('signIn.create')).resolve(attempt())
    await (await page.fake.next('signIn.prepareFirstFactor')).reject(lost)
    expect(state(page)).toMatchObject({
      step: 'first-factor',
      pending: null,
      problem: null,
      challenge: { sent: 'maybe', sends: 1 },
    })
    expect(page.engine.cooldowns.endsAt(emailCodeOption.id)).toBeGreaterThan(page.clock.now())
    expect(page.events).toContainEqual({ type: 'sent', strategy: 'email_code', confirmed: false })
    expect(page.fake.count('signIn.prepareFirstFactor')).toBe(1)
  })

  it('OT-18 a send that was refused starts no wait and is told; one that was too early starts the wait that it is told', async () => {
    for (const [error, wait] of [
      [new AuthError('send_failed'), 0],
      [new AuthError('rate_limited', undefined, { retryInMs: 5000 }), 5000],
    ] as const) {
      const page = testEngine()
      void page.signIn.create({ identifier: ada.identifier, prefer: 'email_code' })
      await (await page.fake.next('signIn.create')).resolve(attempt())
      await (await page.fake.next('signIn.prepareFirstFactor')).reject(error)
      expect(state(page)).toMatchObject({ problem: { code: error.code }, challenge: { sent: 'no' } })
      expect(Math.max(0, page.engine.cooldowns.endsAt(emailCodeOption.id) - page.clock.now())).toBe(wait)
    }
  })

  it('HA-05 attempt: the backend is asked where it stands before anything is said; it moved: the person is signed in', async () => {
    const page = await atSecond()
    void page.signIn.submit({ code: sentinels.code })
    await (await page.fake.next('signIn.attemptSecondFactor')).reject(lost)
    expect(state(page)).toMatchObject({ pending: 'attempt', problem: null })
    await (await page.fake.next('signIn.reload')).resolve(done)
    await (await page.fake.next('signIn.finish')).resolve(session({ currentLevel: 'aal2' }))
    expect(state(page)).toMatchObject({ step: 'complete', problem: null })
    expect(page.fake.count('signIn.attemptSecondFactor')).toBe(1)
  })

  it('HA-05 attempt of the first factor that moved to the second: goes on there', async () => {
    const page = await atEmailCode()
    void page.signIn.submit({ code: sentinels.code })
    await (await page.fake.next('signIn.attemptFirstFactor')).reject(lost)
    await (await page.fake.next('signIn.reload')).resolve(second())
    expect(state(page)).toMatchObject({ step: 'second-factor', problem: null })
  })

  it('HA-05 attempt that did not move: not confirmed, the factor kept, never “wrong code”', async () => {
    const page = await atSecond()
    void page.signIn.submit({ code: sentinels.code })
    await (await page.fake.next('signIn.attemptSecondFactor')).reject(lost)
    await (await page.fake.next('signIn.reload')).resolve(second())
    expect(state(page)).toMatchObject({ step: 'second-factor', factor: totpOption, problem: { code: 'not_confirmed' } })
    expect(state(page)).toMatchObject({ challenge: { failures: 0 } })
    expect(made(page)).toEqual(['signIn.create', 'signIn.attemptSecondFactor', 'signIn.reload'])
  })

  it.each([wrong, new AuthError('already_used', undefined, { field: 'code' }), new AuthError('attempt_lost')])(
    'HA-05 a refusal right after a lost reply ($code) may be its echo: asked again where it stands, and the code not called wrong',
    async (refusal) => {
      const page = await atSecond()
      void page.signIn.submit({ code: sentinels.code })
      await (await page.fake.next('signIn.attemptSecondFactor')).reject(lost)
      await (await page.fake.next('signIn.reload')).resolve(second())
      void page.signIn.submit({ code: sentinels.code })
      await (await page.fake.next('signIn.attemptSecondFactor')).reject(refusal)
      const reload = await page.fake.next('signIn.reload')
      expect(state(page)).toMatchObject({ pending: 'attempt', problem: null })
      await reload.resolve(done)
      await (await page.fake.next('signIn.finish')).resolve(session())
      expect(state(page)).toMatchObject({ step: 'complete', problem: null })
    },
  )

  it('HA-05 the doubt ends with the refusal that was looked into: the next wrong code is called wrong', async () => {
    const page = await atSecond()
    for (const [thrown, said] of [
      [lost, 'not_confirmed'],
      [wrong, 'not_confirmed'],
      [wrong, 'code_incorrect'],
    ] as const) {
      void page.signIn.submit({ code: sentinels.code })
      await (await page.fake.next('signIn.attemptSecondFactor')).reject(thrown)
      if (said === 'not_confirmed') await (await page.fake.next('signIn.reload')).resolve(second())
      expect(state(page).problem?.code).toBe(said)
    }
    expect(page.fake.count('signIn.reload')).toBe(2)
  })

  it('HA-06 when the attempt is gone too: one clear “sign in again”, the identifier kept, and no storm of calls', async () => {
    const page = await atSecond()
    void page.signIn.submit({ code: sentinels.code })
    await (await page.fake.next('signIn.attemptSecondFactor')).reject(lost)
    await (await page.fake.next('signIn.reload')).reject(new AuthError('attempt_lost'))
    expect(state(page)).toMatchObject({ step: 'start', problem: { code: 'not_confirmed' }, identifier: ada.identifier })
    await page.clock.advance(10 * timeoutMs)
    expect(made(page)).toEqual(['signIn.create', 'signIn.attemptSecondFactor', 'signIn.reload'])
  })

  it('HA-06 when nobody answers any more: not confirmed, the factor kept, one try each', async () => {
    const page = await atSecond()
    void page.signIn.submit({ code: sentinels.code })
    await (await page.fake.next('signIn.attemptSecondFactor')).reject(lost)
    await (await page.fake.next('signIn.reload')).reject(lost)
    expect(state(page)).toMatchObject({ step: 'second-factor', problem: { code: 'not_confirmed' } })
    await page.clock.advance(10 * timeoutMs)
    expect(made(page)).toEqual(['signIn.create', 'signIn.attemptSecondFactor', 'signIn.reload'])
  })

  it('HA-05 a backend that says the challenge is gone is asked first, and believed where no reply was lost', async () => {
    const page = await atSecond()
    void page.signIn.submit({ code: sentinels.code })
    await (await page.fake.next('signIn.attemptSecondFactor')).reject(new AuthError('too_many_attempts'))
    await (await page.fake.next('signIn.reload')).resolve(second())
    expect(state(page)).toMatchObject({ step: 'start', problem: { code: 'too_many_attempts' } })
  })

  it('HA-08 finish, and nothing but finish, is asked once more', async () => {
    const page = await atSecond()
    void page.signIn.submit({ code: sentinels.code })
    await (await page.fake.next('signIn.attemptSecondFactor')).resolve(done)
    await (await page.fake.next('signIn.finish')).reject(lost)
    await (await page.fake.next('signIn.finish')).resolve(session())
    expect(state(page).step).toBe('complete')
    expect(page.fake.count('signIn.finish')).toBe(2)
  })

  it('reload: said, and nothing changed', async () => {
    const page = await atSecond()
    void page.signIn.reload()
    await (await page.fake.next('signIn.reload')).reject(lost)
    expect(state(page)).toMatchObject({ step: 'second-factor', problem: { code: 'network' }, pending: null })
  })

  it('cancel: gone here, and the session is read anew whatever came of it', async () => {
    for (const settle of ['resolve', 'lose', 'never'] as const) {
      const page = await atSecond()
      const changed = vi.fn()
      page.engine.sessions.subscribe(changed)
      const back = page.signIn.back()
      expect(state(page)).toMatchObject({ step: 'start', identifier: ada.identifier, problem: null })
      const cancel = await page.fake.next('signIn.cancel')
      if (settle === 'resolve') await cancel.resolve()
      if (settle === 'lose') await cancel.reject(lost)
      if (settle === 'never') await page.clock.advance(timeoutMs)
      await back
      await flush()
      expect(changed, settle).toHaveBeenCalledTimes(1)
      expect(page.fake.count('signIn.cancel')).toBe(1)
    }
  })

  it('signOut: signed out here, and said that it could not be confirmed', async () => {
    const page = testEngine({ answers: { 'session.get': () => session() } })
    await page.signIn.restore()
    expect(state(page)).toMatchObject({ step: 'complete', restored: true })
    const changed = vi.fn()
    page.engine.sessions.subscribe(changed)
    void page.signIn.signOut()
    await (await page.fake.next('session.signOut')).reject(lost)
    await flush()
    expect(state(page)).toMatchObject({ step: 'start', problem: { code: 'network' } })
    expect(changed).toHaveBeenCalledTimes(1)
    expect(page.events).toContainEqual({ type: 'signed_out' })
  })

  it('signOut that was refused: still signed in, and said', async () => {
    const page = testEngine({ answers: { 'session.get': () => session() } })
    await page.signIn.restore()
    void page.signIn.signOut()
    await (await page.fake.next('session.signOut')).reject(new AuthError('rate_limited'))
    expect(state(page)).toMatchObject({ step: 'complete', problem: { code: 'rate_limited' } })
  })
})

describe('no answer at all', () => {
  it.each<[string, () => Promise<Page>, (page: Page) => Promise<void>, number, string]>([
    ['create', () => Promise.resolve(testEngine()), ({ signIn }) => signIn.create({ identifier: 'a' }), 1, 'network'],
    ['create with a password', () => Promise.resolve(testEngine()), ({ signIn }) => signIn.create(ada), 2, 'not_confirmed'],
    ['attempt', () => atSecond(), ({ signIn }) => signIn.submit({ code: sentinels.code }), 2, 'not_confirmed'],
    ['reload', () => atSecond(), ({ signIn }) => signIn.reload(), 1, 'network'],
    ['step-up', () => Promise.resolve(testEngine()), ({ signIn }) => signIn.stepUp('second_factor'), 1, 'network'],
  ])('HA-07 %s times out, frees the lock and can be tried again', async (_name, reach, run, calls, code) => {
    const page = await reach()
    const before = page.fake.calls.length
    const running = run(page)
    for (let n = 0; n < calls; n++) await page.clock.advance(timeoutMs)
    await running
    expect(state(page)).toMatchObject({ pending: null, problem: { code } })
    expect(page.fake.calls.length - before).toBe(calls)
    expect(page.fake.calls.slice(before).every(({ signal }) => signal?.aborted)).toBe(true)
    void run(page)
    await flush()
    expect(page.fake.calls.length - before).toBe(calls + 1)
    expect(state(page)).toMatchObject({ problem: null })
  })

  it('HA-07 send: the code may have been sent', async () => {
    const page = testEngine()
    void page.signIn.create({ identifier: ada.identifier, prefer: 'email_code' })
    await (await page.fake.next('signIn.create')).resolve(attempt())
    await page.clock.advance(timeoutMs)
    expect(state(page)).toMatchObject({ pending: null, problem: null, challenge: { sent: 'maybe' } })
  })

  it('HA-07 cancel: the next sign-in waits for it only so long', async () => {
    const page = await atSecond()
    void page.signIn.back()
    void page.signIn.create(ada)
    await flush()
    expect(state(page)).toMatchObject({ step: 'start', pending: 'create' })
    expect(page.fake.count('signIn.create')).toBe(1)
    await page.clock.advance(timeoutMs)
    expect(page.fake.count('signIn.create')).toBe(2)
  })

  it('HA-04 an answer that comes after the time-out changes nothing', async () => {
    const page = await atSecond()
    void page.signIn.reload()
    const reload = await page.fake.next('signIn.reload')
    await page.clock.advance(timeoutMs)
    const before = state(page)
    await reload.resolve(done)
    expect(state(page)).toBe(before)
    expect(page.fake.count('signIn.finish')).toBe(0)
  })
})

describe('leaving', () => {
  it('HA-04 back waits for the verb in flight, then undoes what its answer made, and only then begins anew', async () => {
    const page = await atSecond()
    void page.signIn.submit({ code: sentinels.code })
    const submit = await page.fake.next('signIn.attemptSecondFactor')
    const back = page.signIn.back()
    expect(state(page)).toMatchObject({ step: 'start', pending: null })
    void page.signIn.create(ada)
    await flush()
    expect(made(page)).toEqual(['signIn.create', 'signIn.attemptSecondFactor'])
    expect(submit.signal?.aborted).toBe(false)
    await submit.resolve(done)
    const cancel = await page.fake.next('signIn.cancel')
    expect(cancel.attempt).toEqual({ id: 'attempt_1' })
    expect(page.fake.count('signIn.create')).toBe(1)
    await cancel.resolve()
    await back
    await flush()
    expect(page.fake.count('signIn.create')).toBe(2)
    expect(page.fake.count('signIn.finish')).toBe(0)
  })

  it('HA-04 back from the first screen undoes what the create in flight made', async () => {
    const page = testEngine()
    const changed = vi.fn()
    page.engine.sessions.subscribe(changed)
    void page.signIn.create(ada)
    const create = await page.fake.next('signIn.create')
    const back = page.signIn.back()
    await create.resolve(attempt({ ...done, id: 'attempt_7' }))
    const cancel = await page.fake.next('signIn.cancel')
    expect(cancel.attempt).toEqual({ id: 'attempt_7' })
    await cancel.resolve()
    await back
    await flush()
    expect(changed).toHaveBeenCalledTimes(1)
    await page.signIn.back()
    expect(page.fake.count('signIn.cancel')).toBe(1)
    expect(state(page).step).toBe('start')
  })

  it('HA-04 back after a create that was refused, or from a finished sign-in, has nothing to undo', async () => {
    const page = testEngine()
    void page.signIn.create(ada)
    await (await page.fake.next('signIn.create')).reject(new AuthError('invalid_credentials'))
    await page.signIn.back()
    void page.signIn.create(ada)
    await (await page.fake.next('signIn.create')).resolve(done)
    await (await page.fake.next('signIn.finish')).resolve(session())
    await page.signIn.back()
    expect(page.fake.count('signIn.cancel')).toBe(0)
  })

  it('refuses to go back, or to other ways, while a backup code is being checked', async () => {
    const page = await atSecond()
    await page.signIn.choose(backupCodeOption.id)
    void page.signIn.submit({ code: 'abcd-efgh' })
    const submit = await page.fake.next('signIn.attemptSecondFactor')
    await page.signIn.back()
    page.signIn.otherWays()
    expect(state(page)).toMatchObject({ step: 'second-factor', factor: backupCodeOption, pending: 'attempt' })
    await submit.reject(wrong)
    await page.signIn.choose(backupCodeOption.id)
    page.signIn.otherWays()
    expect(state(page).step).toBe('choose-second')
  })

  it('HA-04 permutations: send A, send B, A answered last: only B counts', async () => {
    const page = await atEmailCode({ resendInMs: 0 })
    await page.clock.advance(60_000)
    void page.signIn.send()
    const slow = await page.fake.next('signIn.prepareFirstFactor')
    page.signIn.otherWays()
    const choosing = page.signIn.choose(passwordOption.id)
    await slow.resolve(attempt({ firstFactorVerification: verification({ codeLength: 9 }) }))
    await choosing
    expect(state(page)).toMatchObject({ step: 'first-factor', factor: passwordOption, challenge: { sends: 0 } })
  })

  it.each(['answer', 'refusal', 'nothing'])('HA-04 %s of a verb that was left changes nothing', async (how) => {
    const page = await atSecond()
    const complete = vi.fn()
    page.signIn.onComplete(complete)
    void page.signIn.submit({ code: sentinels.code })
    const submit = await page.fake.next('signIn.attemptSecondFactor')
    page.signIn.otherWays()
    const before = state(page)
    expect(before).toMatchObject({ step: 'choose-second', pending: null })
    if (how === 'answer') await submit.resolve(done)
    if (how === 'refusal') await submit.reject(wrong)
    if (how === 'nothing') await page.clock.advance(timeoutMs)
    await flush()
    expect(state(page)).toBe(before)
    expect(page.fake.count('signIn.finish')).toBe(0)
    expect(complete).not.toHaveBeenCalled()
  })

  it('HA-03 stop aborts what is in flight; its late answer makes no state, event or call back', async () => {
    for (const settle of ['resolve', 'reject'] as const) {
      const page = await atSecond()
      const complete = vi.fn()
      page.signIn.onComplete(complete)
      void page.signIn.submit({ code: sentinels.code })
      const submit = await page.fake.next('signIn.attemptSecondFactor')
      page.signIn.stop()
      expect(submit.signal?.aborted).toBe(true)
      const [before, events] = [state(page), page.events.length]
      expect(before.pending).toBeNull()
      await (settle === 'resolve' ? submit.resolve(done) : submit.reject(wrong))
      expect(state(page)).toBe(before)
      expect(page.events.length).toBe(events)
      expect(page.fake.count('signIn.finish')).toBe(0)
      expect(complete).not.toHaveBeenCalled()
      expect(page.clock.timers).toBe(0)
    }
  })
})

describe('what is there already', () => {
  it('is restored without a word: a session, an attempt, or nothing', async () => {
    const found = async (script: ScriptedOptions) => {
      const page = testEngine(script)
      await page.signIn.restore()
      return state(page)
    }
    const survives = { capabilities: { survivesReload: 'browser' } } as const
    expect(await found({ answers: { 'session.get': () => session() } })).toMatchObject({ step: 'complete', restored: true })
    const nobody = { 'session.get': () => null }
    expect(await found({ ...survives, answers: { ...nobody, 'signIn.resume': () => ({ attempt: second() }) } })).toMatchObject({
      step: 'second-factor' satisfies Step,
    })
    expect(await found({ ...survives, answers: { ...nobody, 'signIn.resume': () => ({ attempt: null }) } })).toMatchObject({
      step: 'start',
      problem: null,
    })
    const broken = () => {
      throw lost
    }
    expect(await found({ answers: { 'session.get': broken } })).toMatchObject({ step: 'start', problem: null, pending: null })
  })

  it('HA-04 never overrides what the person has begun meanwhile', async () => {
    const page = testEngine({ capabilities: { survivesReload: 'browser' } })
    const restoring = page.signIn.restore()
    const get = await page.fake.next('session.get')
    void page.signIn.create(ada)
    const create = await page.fake.next('signIn.create')
    await get.resolve(session({ user: { id: 'somebody else' } }))
    await restoring
    expect(state(page)).toMatchObject({ step: 'start', pending: 'create' })
    await create.resolve(second())
    expect(state(page).step).toBe('second-factor')
    expect(page.fake.count('signIn.resume')).toBe(0)
  })

  it.each(['comes', 'is refused'])(
    'HA-04 FC-06 a proof that is still asked for when the person leaves, and then %s, changes nothing',
    async (end) => {
      for (const leave of ['back', 'otherWays'] as const) {
        const page = await atSecond({}, { supportedSecondFactors: [totpOption, emailCodeOption] })
        await page.signIn.choose(totpOption.id)
        let settle: Record<'comes' | 'is refused', () => void> | undefined
        const proof = new Promise<{ code: string }>((comes, refuse) => {
          settle = { comes: () => comes({ code: sentinels.code }), 'is refused': () => refuse(new AuthError('cancelled')) }
        })
        void page.signIn.submit(proof)
        await flush()
        void page.signIn[leave]()
        await flush()
        const left = state(page)
        settle?.[end as 'comes']()
        await flush()
        expect(state(page)).toEqual(left)
        expect(left).toMatchObject({ problem: null })
        expect(page.fake.count('signIn.attemptSecondFactor')).toBe(0)
      }
    },
  )

  it('HA-04 an account that a wallet tells after the person has left begins nothing', async () => {
    const page = testEngine()
    let tell: (beginning: typeof ada) => void = () => {}
    void page.signIn.create(new Promise((told) => (tell = told)))
    await flush()
    void page.signIn.back()
    tell(ada)
    await flush()
    expect(page.fake.count('signIn.create')).toBe(0)
    expect(state(page)).toMatchObject({ step: 'start', pending: null, problem: null })
  })

  it('HA-15 a look sees what another window has done since somebody on this page last asked', async () => {
    const page = await atSecond()
    const asked = page.engine.sessions.read({ fresh: true })
    await (await page.fake.next('session.get')).resolve(null)
    await asked
    const looking = page.signIn.look()
    await (await page.fake.next('session.get')).resolve(session())
    await looking
    expect(state(page)).toMatchObject({ step: 'complete', restored: true })
  })

  it('HA-04 the newest of two searches counts', async () => {
    const page = testEngine({ answers: { 'session.get': () => null }, capabilities: { survivesReload: 'browser' } })
    void page.signIn.restore()
    const old = await page.fake.next('signIn.resume')
    void page.signIn.restore()
    await (await page.fake.next('signIn.resume')).resolve({ attempt: null })
    await old.resolve({ attempt: second() })
    expect(state(page).step).toBe('start')
  })
})

describe('the end', () => {
  async function finished(page: Page) {
    void page.signIn.create(ada)
    await (await page.fake.next('signIn.create')).resolve(done)
    await (await page.fake.next('signIn.finish')).resolve(session())
  }

  it('HA-24 is told once, after the session is committed, with gates and events told', async () => {
    const page = testEngine()
    const seen: unknown[] = []
    page.signIn.onComplete((given) => seen.push([given, state(page).step, state(page).pending]))
    await finished(page)
    page.signIn.proceed()
    await flush()
    expect(seen).toEqual([[session(), 'complete', null]])
  })

  it('HA-24 a callback that throws is reported, and the state stands', async () => {
    const page = testEngine()
    page.signIn.onComplete(() => {
      throw new Error('theirs')
    })
    await finished(page)
    expect(state(page)).toMatchObject({ step: 'complete', problem: null, pending: null })
    expect(page.reported).toEqual([new Error('theirs')])
    expect(page.engine.lane.busy).toBe(false)
  })

  it('HA-24 a session that was there already is told when the person goes on, once', async () => {
    const page = testEngine({ answers: { 'session.get': () => session() } })
    const complete = vi.fn()
    page.signIn.onComplete(complete)
    await page.signIn.restore()
    expect(complete).not.toHaveBeenCalled()
    page.signIn.proceed()
    page.signIn.proceed()
    expect(complete).toHaveBeenCalledTimes(1)
  })

  it('HA-24 whoever has gone is told of the sign-in that was under way, and of no later one', async () => {
    const page = testEngine()
    const [gone, idle] = [vi.fn(), vi.fn()]
    page.signIn.onComplete(idle)()
    const release = page.signIn.onComplete(gone)
    void page.signIn.create(ada)
    const create = await page.fake.next('signIn.create')
    release()
    await create.resolve(done)
    await (await page.fake.next('signIn.finish')).resolve(session())
    expect(gone).toHaveBeenCalledTimes(1)
    await finished(page)
    expect(gone).toHaveBeenCalledTimes(1)
    expect(idle).not.toHaveBeenCalled()
  })

  it('HA-24 whoever has gone is not told of a sign-in that failed then and worked later', async () => {
    const page = testEngine()
    const gone = vi.fn()
    const release = page.signIn.onComplete(gone)
    void page.signIn.create(ada)
    const create = await page.fake.next('signIn.create')
    release()
    await create.reject(new AuthError('invalid_credentials'))
    await finished(page)
    expect(gone).not.toHaveBeenCalled()
  })

  it('HA-10 HA-11 whatever goes wrong, no state, event, report or warning holds a password or code', async () => {
    const secrets = [sentinels.password, sentinels.code]
    const leaky = (outcome: 'refused' | 'unknown') => [
      new AuthError('unknown', `m ${secrets.join()}`, { outcome, cause: new Error(secrets.join()) }),
      new Error(secrets.join()),
      secrets.join(),
      { secrets },
    ]
    const verbs = ['signIn.create', 'signIn.resume', 'signIn.attemptSecondFactor', 'signIn.reload', 'signIn.finish'] as const
    const printed = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name))
    for (const broken of verbs)
      for (const thrown of [...leaky('refused'), ...leaky('unknown')]) {
        const page = testEngine({
          answers: {
            'signIn.create': () => second(),
            'signIn.attemptSecondFactor': () => done,
            'signIn.reload': () => second(),
            'signIn.resume': () => ({ attempt: null }),
            'signIn.finish': () => session(),
          },
        })
        page.fake.answer(broken, () => {
          throw thrown as Error
        })
        await page.signIn.create(ada)
        await page.signIn.submit({ code: sentinels.code })
        const told = JSON.stringify([state(page), page.events, page.reported, page.warned, [...page.stored]])
        for (const secret of secrets) expect(told).not.toContain(secret)
      }
    for (const spy of printed) {
      expect(spy).not.toHaveBeenCalled()
      spy.mockRestore()
    }
  })
})
