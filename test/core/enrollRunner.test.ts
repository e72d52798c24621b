// @vitest-environment node
import { describe, expect, it, vi } from 'vitest'
import type { SignInAttempt } from '../../src/core/attempt.js'
import { AuthError } from '../../src/core/AuthError.js'
import {
  enrollTransition,
  initialEnrollState,
  type EnrollEvent,
  type EnrollSetup,
  type EnrollState,
} from '../../src/core/enrollFlow.js'
import { createEnrollRunner } from '../../src/core/enrollRunner.js'
import { flush } from '../support/fakeClock.js'
import { attempt, enrollment, factor, sentinels, session, verified, type ScriptedOptions } from '../support/scriptedAdapter.js'
import { testEngine, timeoutMs } from '../support/testEngine.js'

const lost = new AuthError('network', undefined, { outcome: 'unknown' })
const wrong = new AuthError('code_incorrect', undefined, { field: 'code' })
const code = sentinels.code
const id = enrollment().id

function enrolling(options: ScriptedOptions = {}, of?: ReturnType<typeof attempt>) {
  const page = testEngine(options)
  const onEnrolled = vi.fn()
  const changed = vi.fn()
  page.engine.sessions.subscribe(changed)
  const runner = createEnrollRunner({ ...page.engine, onEnrolled, attempt: of })
  return { ...page, runner, onEnrolled, changed, state: () => runner.get(), made: () => page.fake.calls.map(({ verb }) => verb) }
}

async function atVerify(options: ScriptedOptions = {}, of?: ReturnType<typeof attempt>) {
  const page = enrolling(options, of)
  void page.runner.start({})
  await (await page.fake.next('mfa.enroll')).resolve(enrollment())
  return page
}

describe('enrolling', () => {
  it('TE-10 is on only when the backend has taken a code, and done when its backup codes are acknowledged', async () => {
    const { runner, fake, state, onEnrolled, changed, events } = enrolling()
    const starting = runner.start({ issuer: 'Acme', user: 'ada', password: sentinels.password })
    expect(state()).toMatchObject({ step: 'intro', pending: 'enroll' })
    const enroll = await fake.next('mfa.enroll')
    expect(enroll.params).toEqual({ type: 'totp', issuer: 'Acme', user: 'ada', password: sentinels.password })
    await enroll.resolve(enrollment())
    await starting
    expect(state()).toMatchObject({ step: 'verify', pending: null, secret: sentinels.totpSecret, uri: sentinels.totpUri })
    const verifying = runner.verify(code)
    const verify = await fake.next('mfa.verify')
    expect(verify.params).toEqual({ enrollmentId: id, code })
    expect(state()).toMatchObject({ step: 'verify', pending: 'verify' })
    expect(changed).not.toHaveBeenCalled()
    await verify.resolve(verified())
    await verifying
    expect(state()).toMatchObject({ step: 'backup-codes', codes: sentinels.backupCodes, verified: factor() })
    expect(changed).toHaveBeenCalledTimes(1)
    expect(onEnrolled).not.toHaveBeenCalled()
    runner.acknowledge()
    await flush()
    expect(state()).toEqual({ step: 'enrolled', pending: null, problem: null, verified: factor(), stored: true })
    expect(onEnrolled).toHaveBeenCalledExactlyOnceWith(factor(), undefined)
    runner.acknowledge()
    await flush()
    expect(onEnrolled).toHaveBeenCalledTimes(1)
    expect(events).toEqual([{ type: 'enrolled', strategy: 'totp' }])
  })

  it('TE-10 a refused code turns nothing on: said, counted, and the same key stays on screen', async () => {
    const { runner, fake, state, onEnrolled, changed } = await atVerify()
    for (const failures of [1, 2]) {
      void runner.verify('000000')
      await (await fake.next('mfa.verify')).reject(wrong)
      expect(state()).toMatchObject({ step: 'verify', id, failures, problem: { code: 'code_incorrect', field: 'code' } })
    }
    runner.edited()
    expect(state().problem).toBeNull()
    await flush()
    expect([onEnrolled, changed].map(({ mock }) => mock.calls.length)).toEqual([0, 0])
    expect(fake.count('mfa.listFactors')).toBe(0)
  })

  it('is done at once where there are no backup codes, or the vendor has verified by itself', async () => {
    const plain = await atVerify()
    void plain.runner.verify(code)
    await (await plain.fake.next('mfa.verify')).resolve({ factor: factor() })
    await flush()
    expect(plain.state().step).toBe('enrolled')
    expect(plain.onEnrolled).toHaveBeenCalledTimes(1)
    const vendor = enrolling()
    void vendor.runner.start({})
    await (await vendor.fake.next('mfa.enroll')).resolve({ status: 'verified', result: verified() })
    expect(vendor.state()).toMatchObject({ step: 'backup-codes', codes: sentinels.backupCodes })
    expect(vendor.changed).toHaveBeenCalledTimes(1)
  })

  it('HA-02 TE-11 two starts, or two verifies, in one tick are one call and one promise', async () => {
    const { runner, fake } = enrolling()
    const starting = runner.start({})
    expect(runner.start({})).toBe(starting)
    const enroll = await fake.next('mfa.enroll')
    expect(runner.start({})).toBe(starting)
    await enroll.resolve(enrollment())
    const verifying = runner.verify(code)
    expect(runner.verify('000000')).toBe(verifying)
    await flush()
    expect(fake.count('mfa.enroll')).toBe(1)
    expect(fake.count('mfa.verify')).toBe(1)
  })

  it('HA-17 verifies nothing before there is something, and says so with a typed error', async () => {
    const { runner, made, state } = enrolling()
    await runner.verify(code)
    expect(made()).toEqual([])
    expect(state()).toMatchObject({ step: 'intro', problem: { code: 'attempt_lost' } })
  })

  it('HA-17 acknowledges, runs out and generates nothing that is not there', async () => {
    const { runner, state, onEnrolled } = enrolling({ absent: ['mfa'] })
    runner.acknowledge()
    runner.expired()
    expect(state()).toEqual(initialEnrollState)
    await runner.start({})
    expect(state()).toMatchObject({ step: 'intro', problem: { code: 'not_supported' } })
    await runner.generate({})
    expect(state().step).toBe('intro')
    expect(onEnrolled).not.toHaveBeenCalled()
  })

  it('takes another kind than it asked for as not supported, and leaves nothing behind', async () => {
    const { runner, fake, state } = enrolling()
    void runner.start({})
    await (await fake.next('mfa.enroll')).resolve({ status: 'pending', id: 'e2', type: 'email', sent: true })
    expect(state()).toMatchObject({ step: 'intro', problem: { code: 'not_supported' } })
    void runner.leave()
    expect((await fake.next('mfa.abandon')).params).toEqual({ enrollmentId: 'e2' })
  })

  it('inside a sign-in takes the attempt along, and hands back where it stands, when no verb is in flight any more', async () => {
    for (const codes of [undefined, sentinels.backupCodes]) {
      const waiting = attempt({ status: 'needs_enrollment' })
      const page = enrolling({}, waiting)
      const { runner, fake, onEnrolled, engine } = page
      onEnrolled.mockImplementation((_factor: unknown, next: SignInAttempt) => {
        expect(engine.lane.busy).toBe(false)
        void engine.signIn.enrolled(next)
      })
      void runner.start({})
      const enroll = await fake.next('mfa.enroll')
      expect(enroll.params).toMatchObject({ attempt: { id: waiting.id } })
      await enroll.resolve(enrollment())
      void runner.verify(code)
      const complete = attempt({ status: 'complete' })
      await (await fake.next('mfa.verify')).resolve({ factor: factor(), attempt: complete, ...(codes && { backupCodes: codes }) })
      if (codes) runner.acknowledge()
      await (await fake.next('signIn.finish')).resolve(session())
      expect(engine.signIn.get().step).toBe('complete')
    }
  })
})

describe('a lost reply', () => {
  it('HA-08 enroll: said, not asked again by the kit', async () => {
    const { runner, fake, state, made } = enrolling()
    void runner.start({})
    await (await fake.next('mfa.enroll')).reject(lost)
    expect(state()).toMatchObject({ step: 'intro', pending: null, problem: { code: 'network' } })
    expect(made()).toEqual(['mfa.enroll'])
  })

  it('HA-07 TE-12 enroll that answers after its time-out: the factor it made is abandoned before the next one is made', async () => {
    const { runner, fake, state, clock, made } = enrolling()
    void runner.start({})
    const enroll = await fake.next('mfa.enroll')
    await clock.advance(timeoutMs)
    expect(state()).toMatchObject({ step: 'intro', pending: null, problem: { code: 'network' } })
    expect(enroll.signal?.aborted).toBe(true)
    await enroll.resolve(enrollment())
    expect(state()).toMatchObject({ step: 'intro' })
    void runner.start({})
    const abandon = await fake.next('mfa.abandon')
    expect(abandon.params).toEqual({ enrollmentId: id })
    await abandon.reject(new AuthError('factor_not_found'))
    await fake.next('mfa.enroll')
    expect(made()).toEqual(['mfa.enroll', 'mfa.abandon', 'mfa.enroll'])
  })

  it('HA-05 verify: the factors are listed; it is on, so only the codes are lost, and new ones can be made', async () => {
    const { runner, fake, state, changed } = await atVerify()
    void runner.verify(code)
    await (await fake.next('mfa.verify')).reject(lost)
    const list = await fake.next('mfa.listFactors')
    expect(list.fresh).toBe(true)
    expect(state()).toMatchObject({ pending: 'verify', problem: null })
    await list.resolve([factor({ id })])
    expect(state()).toMatchObject({ step: 'codes-lost', verified: { id } })
    expect(changed).toHaveBeenCalledTimes(1)
    expect(fake.count('mfa.verify')).toBe(1)
    void runner.generate({ password: 'x' })
    const generate = await fake.next('mfa.backupCodes.generate')
    expect(generate.params).toEqual({ password: 'x' })
    await generate.resolve(sentinels.backupCodes)
    expect(state()).toMatchObject({ step: 'backup-codes', codes: sentinels.backupCodes })
  })

  it('HA-05 verify, on, at a backend without backup codes: done', async () => {
    const { runner, fake, state } = await atVerify({ absent: ['mfa.backupCodes'] })
    void runner.verify(code)
    await (await fake.next('mfa.verify')).reject(lost)
    await (await fake.next('mfa.listFactors')).resolve([factor({ id: 'named otherwise' })])
    expect(state().step).toBe('enrolled')
  })

  it('HA-05 verify, not on: not confirmed, the key kept; a refusal right after is looked into and not called wrong', async () => {
    const { runner, fake, state } = await atVerify()
    for (const thrown of [lost, wrong]) {
      void runner.verify(code)
      await (await fake.next('mfa.verify')).reject(thrown)
      await (await fake.next('mfa.listFactors')).resolve([factor({ id, status: 'unverified' })])
      expect(state()).toMatchObject({ step: 'verify', problem: { code: 'not_confirmed' }, failures: 0 })
    }
    void runner.verify(code)
    await (await fake.next('mfa.verify')).reject(wrong)
    expect(state()).toMatchObject({ problem: { code: 'code_incorrect' } })
  })

  it('HA-05 verify, and the list is lost too: not confirmed', async () => {
    const { runner, fake, state } = await atVerify()
    void runner.verify(code)
    await (await fake.next('mfa.verify')).reject(lost)
    await (await fake.next('mfa.listFactors')).reject(lost)
    expect(state()).toMatchObject({ step: 'verify', problem: { code: 'not_confirmed' } })
  })

  it('HA-05 where a person can have many apps, another verified one is not this one', async () => {
    const { runner, fake, state } = await atVerify({ capabilities: { enroll: [{ type: 'totp', many: true }] } })
    void runner.verify(code)
    await (await fake.next('mfa.verify')).reject(lost)
    await (await fake.next('mfa.listFactors')).resolve([factor({ id: 'an older app' })])
    expect(state()).toMatchObject({ step: 'verify', problem: { code: 'not_confirmed' } })
  })

  it('HA-08 generate: the old codes are dead and the new ones unseen, so it can be asked again, by the person', async () => {
    const { runner, fake, state } = await atVerify()
    void runner.verify(code)
    await (await fake.next('mfa.verify')).reject(lost)
    await (await fake.next('mfa.listFactors')).resolve([factor({ id })])
    void runner.generate({})
    await (await fake.next('mfa.backupCodes.generate')).reject(lost)
    expect(state()).toMatchObject({ step: 'codes-lost', problem: { code: 'network' } })
    expect(fake.count('mfa.backupCodes.generate')).toBe(1)
  })

  it('TE-15 a setup that is gone at the backend, or has run out, takes its key from the screen', async () => {
    for (const gone of ['attempt_lost', 'factor_not_found', 'clock'] as const) {
      const { runner, fake, state } = await atVerify()
      if (gone === 'clock') runner.expired()
      else {
        void runner.verify(code)
        await (await fake.next('mfa.verify')).reject(new AuthError(gone))
      }
      expect(state()).toEqual({ step: 'expired', pending: null, problem: null })
    }
  })
})

it('TE-15 a key whose challenge is over is begun anew; of an app or a phone a code is asked for again', () => {
  const after = (setup: EnrollSetup) =>
    [
      { type: 'started', id, setup } as const,
      { type: 'failed', error: new AuthError('code_expired', undefined, { field: 'code' }), at: 1 } as const,
    ].reduce(enrollTransition, initialEnrollState)
  expect(after({ type: 'webauthn', publicKey: {} })).toEqual({ step: 'expired', pending: null, problem: null })
  for (const setup of [
    { type: 'totp', uri: sentinels.totpUri, secret: sentinels.totpSecret },
    { type: 'phone', sent: 'yes', sends: 1, codeLength: 6 },
  ] as const)
    expect(after(setup)).toMatchObject({ step: 'verify', failures: 1, problem: { code: 'code_expired' } })
})

describe('leaving', () => {
  it('TE-12 drops the secret at once and abandons the factor that this instance made, and no other', async () => {
    const { runner, fake, state, made } = await atVerify()
    const left = runner.leave()
    expect(state()).toEqual(initialEnrollState)
    const abandon = await fake.next('mfa.abandon')
    expect(abandon.params).toEqual({ enrollmentId: id })
    await abandon.reject(new AuthError('unavailable', undefined, { outcome: 'unknown' }))
    await left
    expect(state()).toEqual(initialEnrollState)
    await runner.leave()
    expect(made()).toEqual(['mfa.enroll', 'mfa.abandon'])
  })

  it('TE-12 has nothing to abandon before a start, nor at a backend that cannot', async () => {
    const fresh = enrolling()
    await fresh.runner.leave()
    expect(fresh.made()).toEqual([])
    const cannot = await atVerify({ absent: ['mfa.abandon'] })
    await cannot.runner.leave()
    expect(cannot.made()).toEqual(['mfa.enroll'])
    expect(cannot.state()).toEqual(initialEnrollState)
  })

  it('TE-12 while the start is in flight: waits for its answer, then abandons the factor that it made', async () => {
    const { runner, fake, state, made } = enrolling()
    void runner.start({})
    const enroll = await fake.next('mfa.enroll')
    void runner.leave()
    expect(state()).toEqual(initialEnrollState)
    await flush()
    expect(made()).toEqual(['mfa.enroll'])
    await enroll.resolve(enrollment())
    expect(state()).toEqual(initialEnrollState)
    expect((await fake.next('mfa.abandon')).params).toEqual({ enrollmentId: id })
  })

  it('TE-12 a setup that ran out is abandoned before the next one begins', async () => {
    const { runner, fake, made } = await atVerify()
    runner.expired()
    void runner.leave()
    void runner.start({})
    await (await fake.next('mfa.abandon')).resolve()
    await fake.next('mfa.enroll')
    expect(made()).toEqual(['mfa.enroll', 'mfa.abandon', 'mfa.enroll'])
  })

  it.each(['leave', 'stop and leave'])(
    'TE-13 %s during a verify: waits for it, lists, and never removes what is on',
    async (how) => {
      for (const on of [true, false]) {
        const { runner, fake, engine, made } = await atVerify()
        void runner.verify(code)
        const verify = await fake.next('mfa.verify')
        if (how !== 'leave') engine.signIn.stop()
        void runner.leave()
        await flush()
        expect(made()).toEqual(['mfa.enroll', 'mfa.verify'])
        await (on ? verify.resolve(verified()) : verify.reject(wrong))
        await (await fake.next('mfa.listFactors')).resolve([factor({ id, status: on ? 'verified' : 'unverified' })])
        await flush()
        expect(fake.count('mfa.abandon')).toBe(on ? 0 : 1)
        expect(runner.get()).toEqual(initialEnrollState)
      }
    },
  )

  it('TE-13 after a verify whose outcome is unknown: lists first, and removes nothing when the list is lost too', async () => {
    for (const listed of ['on', 'named otherwise', 'off', 'lost'] as const) {
      const { runner, fake, changed } = await atVerify()
      void runner.verify(code)
      await (await fake.next('mfa.verify')).reject(lost)
      await (await fake.next('mfa.listFactors')).reject(lost)
      void runner.leave()
      const list = await fake.next('mfa.listFactors')
      expect(list.fresh).toBe(true)
      if (listed === 'lost') await list.reject(lost)
      else
        await list.resolve([
          factor({ id: listed === 'on' ? id : 'theirs', status: listed === 'off' ? 'unverified' : 'verified' }),
        ])
      await flush()
      expect(fake.count('mfa.abandon'), listed).toBe(listed === 'off' ? 1 : 0)
      expect(changed.mock.calls.length, listed).toBe(listed === 'on' || listed === 'named otherwise' ? 1 : 0)
    }
  })

  it('TE-12 never removes what is verified', async () => {
    const { runner, fake } = await atVerify()
    void runner.verify(code)
    await (await fake.next('mfa.verify')).resolve(verified())
    await runner.leave()
    runner.acknowledge()
    await runner.leave()
    expect(fake.count('mfa.abandon')).toBe(0)
  })

  it('BC-01 leaving the backup codes does not show them again: the app is on, new codes can be made', async () => {
    const { runner, fake, state } = await atVerify()
    void runner.verify(code)
    await (await fake.next('mfa.verify')).resolve(verified())
    void runner.leave()
    expect(state()).toEqual({ step: 'codes-lost', pending: null, problem: null, verified: factor() })
    void runner.generate({})
    await fake.next('mfa.backupCodes.generate')
    void runner.leave()
    expect(state()).toEqual({ step: 'codes-lost', pending: null, problem: null, verified: factor() })
  })

  it('leaves the sign-in’s verb its turn', async () => {
    const { runner, fake, engine } = await atVerify()
    void engine.signIn.create({ identifier: 'ada@example.com' })
    const create = await fake.next('signIn.create')
    void runner.leave()
    await create.resolve(attempt({ status: 'needs_second_factor' }))
    expect(engine.signIn.get().step).toBe('second-factor')
  })
})

describe('the enrolment’s states', () => {
  const at = 1_000
  const events: Record<string, EnrollEvent> = {
    began: { type: 'began', verb: 'enroll' },
    started: { type: 'started', id, setup: { type: 'totp', uri: sentinels.totpUri, secret: sentinels.totpSecret } },
    verified: { type: 'verified', result: verified() },
    'verified bare': { type: 'verified', result: { factor: factor() } },
    'codes lost': { type: 'verified_without_codes', factor: factor() },
    generated: { type: 'generated', codes: sentinels.backupCodes },
    acknowledged: { type: 'acknowledged' },
    refused: { type: 'failed', error: wrong, at },
    gone: { type: 'failed', error: new AuthError('factor_not_found'), at },
    edited: { type: 'edited' },
    expired: { type: 'expired' },
    left: { type: 'left' },
  }
  const after = (...names: string[]) => names.reduce((state, name) => enrollTransition(state, events[name]!), initialEnrollState)
  const states: Record<EnrollState['step'], EnrollState> = {
    intro: initialEnrollState,
    verify: after('started'),
    expired: after('started', 'expired'),
    'backup-codes': after('verified'),
    'codes-lost': after('codes lost'),
    enrolled: after('verified bare'),
  }
  const secret = /ONSW45|sntl/

  it.each<[string, Record<EnrollState['step'], EnrollState['step']>]>([
    [
      'left',
      {
        intro: 'intro',
        verify: 'intro',
        expired: 'intro',
        'backup-codes': 'codes-lost',
        'codes-lost': 'codes-lost',
        enrolled: 'enrolled',
      },
    ],
    [
      'acknowledged',
      {
        intro: 'intro',
        verify: 'verify',
        expired: 'expired',
        'backup-codes': 'enrolled',
        'codes-lost': 'enrolled',
        enrolled: 'enrolled',
      },
    ],
    [
      'generated',
      {
        intro: 'intro',
        verify: 'verify',
        expired: 'expired',
        'backup-codes': 'backup-codes',
        'codes-lost': 'backup-codes',
        enrolled: 'backup-codes',
      },
    ],
    [
      'expired',
      {
        intro: 'intro',
        verify: 'expired',
        expired: 'expired',
        'backup-codes': 'backup-codes',
        'codes-lost': 'codes-lost',
        enrolled: 'enrolled',
      },
    ],
    [
      'gone',
      {
        intro: 'intro',
        verify: 'expired',
        expired: 'expired',
        'backup-codes': 'backup-codes',
        'codes-lost': 'codes-lost',
        enrolled: 'enrolled',
      },
    ],
    [
      'refused',
      {
        intro: 'intro',
        verify: 'verify',
        expired: 'expired',
        'backup-codes': 'backup-codes',
        'codes-lost': 'codes-lost',
        enrolled: 'enrolled',
      },
    ],
  ])('%s leads where it should', (event, expected) => {
    expect(
      Object.fromEntries(Object.entries(states).map(([name, state]) => [name, enrollTransition(state, events[event]!).step])),
    ).toEqual(expected)
  })

  it('HA-11 TE-17 only the step that shows a secret holds one', () => {
    for (const [step, state] of Object.entries(states))
      expect(secret.test(JSON.stringify(state)), step).toBe(step === 'verify' || step === 'backup-codes')
    for (const [name, leaving] of [
      ['verify', 'left'],
      ['verify', 'expired'],
      ['verify', 'gone'],
      ['backup-codes', 'left'],
      ['backup-codes', 'acknowledged'],
    ] as const)
      expect(JSON.stringify(enrollTransition(states[name], events[leaving]!))).not.toMatch(secret)
    expect(JSON.stringify(enrollTransition(states.verify, events.verified!))).not.toContain(sentinels.totpSecret)
  })

  it('changes nothing on an event that it has never heard of', () => {
    for (const state of Object.values(states)) expect(enrollTransition(state, { type: 'nonsense' } as never)).toBe(state)
  })
})

describe('secrets', () => {
  it('HA-10 HA-11 whatever goes wrong, no event, report, warning or console line holds a password, code, key or address', async () => {
    const secrets = [sentinels.password, code, sentinels.totpSecret, ...sentinels.backupCodes]
    const thrown = [
      new Error(secrets.join()),
      secrets.join(),
      new AuthError('unknown', secrets.join(), { outcome: 'unknown', cause: secrets }),
      new AuthError('code_incorrect', secrets.join(), { field: 'code', cause: secrets }),
    ]
    const printed = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name))
    for (const broken of ['mfa.enroll', 'mfa.verify', 'mfa.listFactors', 'mfa.backupCodes.generate', 'mfa.abandon'] as const)
      for (const one of thrown) {
        const { runner, fake, events, reported, warned, stored, engine } = enrolling({
          answers: {
            'mfa.enroll': () => enrollment(),
            'mfa.verify': () => verified(),
            'mfa.listFactors': () => [factor({ id })],
            'mfa.backupCodes.generate': () => sentinels.backupCodes,
            'mfa.abandon': () => undefined,
          },
        })
        fake.answer(broken, () => {
          throw one as Error
        })
        await runner.start({ password: sentinels.password })
        await runner.verify(code)
        await runner.generate({ password: sentinels.password })
        await runner.leave()
        const told = JSON.stringify([events, reported, warned, [...stored], engine.signIn.get(), runner.get()])
        for (const secret of secrets) expect(told).not.toContain(secret)
      }
    for (const spy of printed) {
      expect(spy).not.toHaveBeenCalled()
      spy.mockRestore()
    }
  })
})
