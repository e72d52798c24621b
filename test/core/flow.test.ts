// @vitest-environment node
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AuthError, errorTable, type AuthErrorCode } from '../../src/core/AuthError.js'
import { transition, type FlowEvent, type FlowState, type Step } from '../../src/core/flow.js'
import { initialState } from '../../src/core/initialState.js'
import { attempt, backupCodeOption, emailCodeOption, session, totpOption, verification } from '../support/contractBuilders.js'

const at = 1_000
const answered = (status: Parameters<typeof attempt>[0], prefer?: string): FlowEvent => ({
  type: 'answered',
  attempt: attempt(status),
  at,
  ...(prefer && { prefer }),
})
const failed = (code: AuthErrorCode, more: object = {}): FlowEvent => ({
  type: 'failed',
  error: new AuthError(code, undefined, more),
  at,
})
const from = (...events: FlowEvent[]) => events.reduce(transition, initialState)
/** Two ways and none that is opened by itself. */
const twoCodes = [emailCodeOption, { id: 'phone_code:1', strategy: 'phone_code' }] as const
const twoSeconds = [totpOption, { id: 'email_code:2', strategy: 'email_code' }] as const

const whichWallet = { type: 'asked_for_wallet', choice: { strategy: 'web3_solana_signature', wallets: [] } } as const

const states: Record<Step, FlowState> = {
  restoring: { ...initialState, step: 'restoring' },
  start: initialState,
  'choose-wallet': from(whichWallet),
  'choose-first': from(answered({ supportedFirstFactors: twoCodes })),
  'first-factor': from(answered({}, 'email_code')),
  'new-password': from(answered({ status: 'needs_new_password' })),
  'choose-second': from(answered({ status: 'needs_second_factor', supportedSecondFactors: twoSeconds })),
  'second-factor': from(answered({ status: 'needs_second_factor' })),
  enroll: from(answered({ status: 'needs_enrollment' })),
  away: from(answered({ status: 'needs_redirect' })),
  elsewhere: from(answered({ status: 'verified_elsewhere' })),
  unsupported: from(answered({ status: 'unsupported' })),
  complete: from({ type: 'signed_in', session: session(), restored: false, at }),
}

/** The first option of each state is chosen where there is one. */
const events = {
  began: { type: 'began', verb: 'attempt' },
  settled: { type: 'settled' },
  edited: { type: 'edited' },
  sent: { type: 'sent', confirmed: true },
  chose: { type: 'chose', factorId: emailCodeOption.id },
  'chose totp': { type: 'chose', factorId: totpOption.id },
  'chose nothing': { type: 'chose', factorId: 'no such factor' },
  'other ways': { type: 'asked_for_other_ways' },
  'which wallet': whichWallet,
  refused: failed('code_incorrect', { field: 'code' }),
  lost: failed('network', { outcome: 'unknown' }),
  gone: failed('attempt_lost'),
  restart: { ...failed('not_confirmed'), restart: true } as FlowEvent,
  'needs identifier': answered({ status: 'needs_identifier' }),
  'needs first': answered({ supportedFirstFactors: twoCodes }),
  'needs password': answered({}),
  'needs second': answered({ status: 'needs_second_factor', supportedSecondFactors: twoSeconds }),
  'needs totp': answered({ status: 'needs_second_factor' }),
  'needs password change': answered({ status: 'needs_new_password' }),
  'needs enrollment': answered({ status: 'needs_enrollment' }),
  'needs redirect': answered({ status: 'needs_redirect' }),
  'verified elsewhere': answered({ status: 'verified_elsewhere' }),
  'is unsupported': answered({ status: 'unsupported' }),
  'is complete': answered({ status: 'complete' }),
  'signed in': { type: 'signed_in', session: session(), restored: false, at },
  left: { type: 'left' },
} as const satisfies Record<string, FlowEvent>
type EventName = keyof typeof events

const steps = Object.keys(states) as Step[]
const names = Object.keys(events) as EventName[]
const everywhere = (screen: Step, except: Partial<Record<Step, Step>>) => ({
  ...Object.fromEntries(steps.map((step) => [step, screen])),
  ...except,
})

/** Where each event leads: `same` is no move, a step is the same move from everywhere; else by state, and what is not named stays. */
const next: Record<EventName, Step | 'same' | Partial<Record<Step, Step>>> = {
  began: 'same',
  settled: 'same',
  edited: 'same',
  sent: 'same',
  chose: { 'choose-first': 'first-factor' },
  'chose totp': { 'choose-second': 'second-factor' },
  'chose nothing': 'same',
  'other ways': { 'first-factor': 'choose-first', 'second-factor': 'choose-second' },
  'which wallet': { start: 'choose-wallet' },
  // What a provider has answered is used up.
  refused: { restoring: 'start' },
  lost: 'same',
  gone: 'start',
  restart: 'start',
  'needs identifier': 'start',
  // An open factor stays open as long as it is offered.
  'needs first': everywhere('choose-first', { 'first-factor': 'first-factor' }),
  'needs password': 'first-factor',
  'needs second': everywhere('choose-second', { 'second-factor': 'second-factor' }),
  'needs totp': 'second-factor',
  'needs password change': 'new-password',
  'needs enrollment': 'enroll',
  'needs redirect': 'away',
  'verified elsewhere': 'elsewhere',
  'is unsupported': 'unsupported',
  // Nobody is signed in before `finish` has answered.
  'is complete': 'same',
  'signed in': 'complete',
  left: 'start',
}

const table = steps.flatMap((state) =>
  names.map((event): [Step, EventName, Step] => {
    const rule = next[event]
    return [state, event, rule === 'same' ? state : typeof rule === 'string' ? rule : (rule[state] ?? state)]
  }),
)

describe('the flow', () => {
  it.each(table)('%s + %s -> %s', (state, event, expected) => {
    expect(transition(states[state], events[event]).step).toBe(expected)
  })

  it('has a state for each row', () => {
    expect(steps.map((step) => states[step].step)).toEqual(steps)
  })

  it.each(steps)('waits and stops waiting in %s, and says nothing of an old problem meanwhile', (step) => {
    const problem = transition(states[step], failed('rate_limited'))
    const waiting = transition(problem, { type: 'began', verb: 'attempt' })
    expect(waiting).toMatchObject({ pending: 'attempt', problem: null })
    expect(transition(waiting, { type: 'settled' })).toMatchObject({ pending: null })
    expect(transition(waiting, failed('rate_limited'))).toMatchObject({ pending: null, problem: { code: 'rate_limited' } })
  })

  it('changes nothing on an event that it has never heard of', () => {
    for (const state of Object.values(states))
      for (const type of ['nonsense', '__proto__', '', undefined]) expect(transition(state, { type } as never)).toBe(state)
  })

  it('changes nothing, not even its identity, where there is nothing to settle, edit, choose or leave', () => {
    for (const event of [events.settled, events.edited, events['chose nothing']])
      for (const state of Object.values(states)) expect(transition(state, event)).toBe(state)
  })

  it('keeps what was typed where a wallet signs in by its address', () => {
    const typed = transition(initialState, { type: 'began', verb: 'create', identifier: 'ada@example.com' })
    const address = `0x${'a1'.repeat(20)}`
    const asked = transition(typed, { type: 'answered', at: 0, attempt: attempt({ identifier: address }) })
    expect(asked.identifier).toBe('ada@example.com')
    expect(transition(asked, { type: 'left' }).identifier).toBe('ada@example.com')
    const solana = attempt({ identifier: 'GwAF45zjfyGzUbd3i3hXxzGeuchzEZXwpRYHZM5912F1' })
    expect(transition(typed, { type: 'answered', at: 0, attempt: solana }).identifier).toBe('ada@example.com')
    const found = transition(typed, { type: 'answered', at: 0, attempt: attempt({ identifier: 'ada' }) })
    expect(found.identifier).toBe('ada')
  })

  it('shows the wallets of which one has to be chosen, and blurs there what would tell of an account', () => {
    const wallets = [{ uuid: 'solana:Phantom', name: 'Phantom' }]
    const asked = transition(initialState, { ...whichWallet, choice: { ...whichWallet.choice, wallets } })
    expect(asked).toMatchObject({ step: 'choose-wallet', strategy: 'web3_solana_signature', wallets, pending: null })
    expect(transition(asked, failed('locked'))).toMatchObject({ step: 'choose-wallet', problem: { code: 'invalid_credentials' } })
  })

  it.each(['captcha_required', 'captcha_failed'] as const)(
    'goes back from the wallets to the first screen, which has the check, where %s',
    (code) => {
      expect(transition(transition(initialState, whichWallet), failed(code))).toMatchObject({ step: 'start', problem: { code } })
      const network = transition(transition(initialState, whichWallet), failed('network'))
      expect(network).toMatchObject({ step: 'choose-wallet', problem: { code: 'network' } })
    },
  )

  it('keeps the identifier through everything but another one', () => {
    const typed = transition(initialState, { type: 'began', verb: 'create', identifier: 'ada@example.com' })
    for (const name of names.filter((one) => one !== 'is complete')) {
      const after = transition(typed, events[name])
      expect(after.identifier, name).toBe('ada@example.com')
    }
    expect(transition(typed, { type: 'began', verb: 'create', identifier: 'bob@example.com' }).identifier).toBe('bob@example.com')
  })

  it('carries what the screen draws: where to go, what to enrol, what is not known here', () => {
    expect(states.away).toMatchObject({ redirectUrl: 'https://provider.example/authorize' })
    expect(states.enroll).toMatchObject({ enroll: ['totp'] })
    expect(states.unsupported).toMatchObject({ detail: 'something_new' })
    const newer = transition(initialState, answered({ status: 'needs_retina_scan' as never }))
    expect(newer).toMatchObject({ step: 'unsupported', detail: 'needs_retina_scan' })
  })

  it('opens the only factor, the primary one, or a password without asking; never a backup code beside another', () => {
    const opens = (second: readonly object[]) => {
      const state = transition(initialState, answered({ status: 'needs_second_factor', supportedSecondFactors: second as never }))
      return 'factor' in state ? state.factor.id : state.step
    }
    expect(opens([totpOption])).toBe(totpOption.id)
    expect(opens([backupCodeOption])).toBe(backupCodeOption.id)
    expect(opens([backupCodeOption, totpOption])).toBe(totpOption.id)
    expect(opens(twoSeconds)).toBe('choose-second')
    expect(opens([twoSeconds[0], { ...twoSeconds[1], primary: true }])).toBe(twoSeconds[1].id)
    expect(opens([])).toBe('choose-second')
    expect(opens([{ id: 'palm:1', strategy: 'palm' as 'passkey' }])).toBe('choose-second')
  })

  it('reads factors that are not told as not told, and offers none that it has no screen for', () => {
    const unknown = transition(initialState, answered({ status: 'needs_second_factor', supportedSecondFactors: null }))
    expect(unknown).toMatchObject({ step: 'choose-second', factors: [], attempt: { supportedSecondFactors: null } })
    const one = answered({ supportedFirstFactors: [...twoCodes, { id: 'palm:1', strategy: 'palm' as 'passkey' }] })
    expect(transition(initialState, one)).toMatchObject({ step: 'choose-first', factors: twoCodes })
  })

  it('takes over length and kind of a code, ages its life on the monotonic clock, and takes facts for one factor only', () => {
    const said = verification({ codeLength: 8, codeType: 'alphanumeric', expiresInMs: 60_000, attemptsLeft: 3 })
    const state = transition(states['first-factor'], answered({ firstFactorVerification: said }))
    expect(state).toMatchObject({
      challenge: { codeLength: 8, codeType: 'alphanumeric', expiresAt: at + 60_000, attemptsLeft: 3 },
    })
    const other = transition(state, answered({ firstFactorVerification: verification({ factorId: 'x', codeLength: 4 }) }))
    expect(other).toMatchObject({ challenge: { codeLength: 8 } })
    const absurd = transition(states['first-factor'], answered({ firstFactorVerification: { ...said, expiresInMs: -1 } }))
    expect('challenge' in absurd && absurd.challenge.expiresAt).toBeUndefined()
  })

  it('counts sends and refused codes of the factor that is open, and forgets them with it', () => {
    const wrong = events.refused
    const state = [events.sent, wrong, wrong].reduce(transition, states['first-factor'])
    expect(state).toMatchObject({ challenge: { sent: 'yes', sends: 1, failures: 2 } })
    expect(transition(state, { type: 'sent', confirmed: false })).toMatchObject({
      challenge: { sent: 'maybe', sends: 2, failures: 0 },
    })
    const again = [events['other ways'], events.chose].reduce(transition, state)
    expect(again).toMatchObject({ step: 'first-factor', challenge: { sent: 'no', sends: 0, failures: 0 } })
  })

  it('keeps of an error what screens need: no text, no cause, no attempt', () => {
    const state = transition(states['second-factor'], {
      type: 'failed',
      error: new AuthError('rate_limited', 'for developers', {
        retryInMs: 500,
        attemptsLeft: 2,
        reasons: ['x'],
        cause: 'secret',
      }),
      at,
    })
    expect(state.problem).toEqual({ code: 'rate_limited', retryAt: at + 500, attemptsLeft: 2, reasons: ['x'] })
  })

  it('follows the attempt that an error brings along, to any step but complete', () => {
    const moved = failed('code_incorrect', { attempt: attempt({ status: 'needs_second_factor' }), field: 'code' })
    expect(transition(states['first-factor'], moved)).toMatchObject({
      step: 'second-factor',
      problem: { code: 'code_incorrect' },
    })
    const done = failed('unknown', { attempt: attempt({ status: 'complete' }) })
    expect(transition(states['second-factor'], done).step).toBe('second-factor')
  })
})

describe('the flow, in any order', () => {
  const codes = Object.keys(errorTable) as AuthErrorCode[]
  const anyEvent: fc.Arbitrary<FlowEvent> = fc.oneof(
    fc.constantFrom(...names).map((name) => events[name]),
    fc.constantFrom(...codes).map((code) => failed(code, { field: 'code' })),
    fc.string().map((factorId): FlowEvent => ({ type: 'chose', factorId })),
    fc.anything().map((junk) => ({ type: 'unheard of', junk }) as never),
    fc.string().map((type) => ({ type: `x${type}` }) as never),
  )

  it('HA-17 never throws, and is complete only after a session was handed over', () => {
    fc.assert(
      fc.property(fc.constantFrom(...steps), fc.array(anyEvent, { maxLength: 30 }), (begin, order) => {
        let state = states[begin]
        for (const event of order) {
          const before = state
          state = transition(state, event)
          expect(steps).toContain(state.step)
          expect(Object.hasOwn(errorTable, state.problem?.code ?? 'unknown')).toBe(true)
          if (state.step === 'complete' && before.step !== 'complete') expect(event.type).toBe('signed_in')
        }
      }),
      { numRuns: 500 },
    )
  })
})
