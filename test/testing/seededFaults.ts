import type { MemoryBackend } from '../../src/adapters/memory/index.js'
import type { AuthAdapter, CallOptions } from '../../src/core/adapter.js'
import type { AttemptRef, SignInAttempt } from '../../src/core/attempt.js'
import { AuthError, isAuthError } from '../../src/core/AuthError.js'
import type { ActiveSession, Session } from '../../src/core/session.js'
import { throughVerbs, type VerbCall } from '../../src/testing/index.js'

/** The adapter in memory, broken on purpose. */
export interface SeededFault {
  /** Of the requirement that it breaks. */
  readonly name: string
  /** A case of the contract that has to see it. */
  readonly caught: string
  /** The people's passkeys check who holds them, those of people with a second factor too. */
  readonly passkeysVerify?: boolean
  breaks(adapter: AuthAdapter, backend: MemoryBackend): AuthAdapter
}

const never = () => new Promise<never>(() => {})
const isUnknown = (thrown: unknown) => isAuthError(thrown) && thrown.outcome === 'unknown'
export const hasCode = (thrown: unknown, code: string) => isAuthError(thrown) && thrown.code === code
export const isAttempt = (answer: unknown): answer is SignInAttempt =>
  Object(answer) === answer && 'purpose' in (answer as object)
export const idOf = ([ref]: readonly unknown[]) => (ref as AttemptRef).id

export function rethrow(thrown: unknown): never {
  throw thrown
}

/** Puts `around` before the verbs named; the others stay as they are. */
export function instead(
  verbs: string,
  around: (call: VerbCall, adapter: AuthAdapter) => Promise<unknown>,
): SeededFault['breaks'] {
  const names = verbs.split(' ')
  return (adapter) => throughVerbs(adapter, (call) => (names.includes(call.verb) ? around(call, adapter) : call.run()))
}

const someone = (id: string, currentLevel: 'aal1' | 'aal2'): ActiveSession => ({
  id: 'session_made_up',
  user: { id },
  currentLevel,
  nextLevel: currentLevel,
  methods: [],
})

/** What a verb was rejected with becomes something else. */
const readAs = (verb: string, code: string, otherwise: (thrown: AuthError) => AuthError) =>
  instead(`signIn.${verb}`, ({ run }) =>
    run().catch((thrown: unknown) => {
      throw hasCode(thrown, code) ? otherwise(thrown as AuthError) : thrown
    }),
  )

const asWrong = () => new AuthError('code_incorrect', undefined, { field: 'code' })

/** What a backend answers, misunderstood. */
const misread: readonly SeededFault[] = [
  ...(
    [
      ['first-factor', 'attemptFirstFactor'],
      ['sending', 'prepareFirstFactor'],
      ['second-factor', 'attemptSecondFactor'],
    ] as const
  ).flatMap(([step, verb]): SeededFault[] => [
    {
      name: `HA-05 a failure at ${step} is called a wrong code`,
      caught: `answers/${step}/failure`,
      breaks: readAs(verb, 'unavailable', asWrong),
    },
    {
      name: `HA-09 a failure at ${step} is a refusal`,
      caught: `answers/${step}/failure`,
      breaks: readAs(verb, 'unavailable', () => new AuthError('unknown')),
    },
    {
      name: `HA-09 too many requests at ${step} is no special error`,
      caught: `answers/${step}/throttled`,
      breaks: readAs(verb, 'rate_limited', () => new AuthError('unknown')),
    },
    {
      name: `HA-09 the wait after too many requests at ${step} is dropped`,
      caught: `answers/${step}/throttled`,
      breaks: readAs(verb, 'rate_limited', () => new AuthError('rate_limited')),
    },
  ]),
  {
    name: 'HA-09 a locked account is a wrong password',
    caught: 'answers/first-factor/locked',
    breaks: readAs('attemptFirstFactor', 'locked', () => new AuthError('invalid_credentials')),
  },
  {
    name: 'HA-09 a locked account is a wrong code',
    caught: 'answers/second-factor/locked',
    breaks: readAs('attemptSecondFactor', 'locked', asWrong),
  },
]

export const seededFaults: readonly SeededFault[] = [
  ...misread,
  {
    // Committed all the same, as in life, and nothing knows of it.
    name: 'HA-03 giving up what was aborted undoes nothing',
    caught: 'cancel/in-flight',
    breaks(adapter) {
      const aborted = new Set<string>()
      return throughVerbs(adapter, async ({ verb, args, run }) => {
        const [attempt, params, options] = args as [AttemptRef, { factorId: string; password: string }, CallOptions?]
        if (verb === 'signIn.cancel' && aborted.has(attempt.id)) return undefined
        if (verb !== 'signIn.attemptFirstFactor') return run()
        options?.signal?.addEventListener('abort', () => aborted.add(attempt.id))
        const answer = await adapter.signIn.attemptFirstFactor(attempt, params)
        await new Promise((resolve) => setTimeout(resolve, 10))
        return answer
      })
    },
  },
  {
    name: 'session before the second factor',
    caught: 'order/no-session-between',
    breaks(adapter) {
      let between: string | null = null
      return throughVerbs(adapter, async ({ verb, run }) => {
        const answer = await run()
        if (isAttempt(answer)) between = answer.status === 'needs_second_factor' ? answer.identifier : null
        return verb === 'session.get' && between !== null ? someone(between, 'aal1') : answer
      })
    },
  },
  {
    name: 'unknown user told apart',
    caught: 'first/password/unknown-user',
    breaks: (adapter, { users }) =>
      throughVerbs(adapter, ({ verb, args, run }) => {
        const { identifier } = Object(args[0]) as { identifier?: string }
        if (verb === 'signIn.create' && identifier && !users.find(identifier)) throw new AuthError('no_account')
        return run()
      }),
  },
  {
    name: 'any code accepted',
    caught: 'second/totp/wrong',
    breaks(adapter, { users }) {
      const identifiers = new Map<string, string>()
      return throughVerbs(adapter, async ({ verb, args, run }) => {
        try {
          const answer = await run()
          if (isAttempt(answer)) identifiers.set(answer.id, answer.identifier ?? '')
          return answer
        } catch (thrown) {
          const [attempt, params] = args as Parameters<AuthAdapter['signIn']['attemptSecondFactor']>
          if (verb !== 'signIn.attemptSecondFactor' || !hasCode(thrown, 'code_incorrect')) throw thrown
          const code = users.totpCode(identifiers.get(attempt.id) ?? '')
          return adapter.signIn.attemptSecondFactor(attempt, { ...params, code })
        }
      })
    },
  },
  {
    name: 'sign-out forgets nothing',
    caught: 'session/sign-out',
    breaks: instead('session.signOut', async () => undefined),
  },
  {
    name: 'FC-02 a list of factors that failed is an empty one',
    caught: 'offline/list-factors',
    breaks: instead('mfa.listFactors', ({ run }) => run().catch(() => [])),
  },
  {
    // That an unmounted screen aborts is the runner's to hold (test/core/lane.test.ts); the adapter's part is to settle when it does.
    name: 'HA-03 an aborted call never settles',
    caught: 'cancel/aborted-before',
    breaks: (adapter) =>
      throughVerbs(adapter, async ({ args, run }) => {
        const { signal } = Object.assign({}, ...args) as { signal?: AbortSignal }
        const answer = await run().catch((thrown: unknown) => (signal?.aborted ? never() : rethrow(thrown)))
        return signal?.aborted ? never() : answer
      }),
  },
  {
    name: 'HA-04 the code of the message before still works',
    caught: 'first/email_code/superseded',
    breaks: (adapter, { outbox }) =>
      throughVerbs(adapter, async ({ verb, args, run }) => {
        try {
          return await run()
        } catch (thrown) {
          const [attempt, params] = args as [AttemptRef, { factorId: string; code?: string }]
          const old = outbox.messages.find(({ code }) => code === params?.code)
          if (verb !== 'signIn.attemptFirstFactor' || !old || !hasCode(thrown, 'code_incorrect')) throw thrown
          return adapter.signIn.attemptFirstFactor(attempt, { ...params, code: outbox.latest(old.to)?.code ?? '' })
        }
      }),
  },
  {
    name: 'HA-05 a lost answer is called a wrong code',
    caught: 'lost-reply/second-factor',
    breaks: instead('signIn.attemptSecondFactor', ({ run }) =>
      run().catch((thrown: unknown) => {
        throw isUnknown(thrown) ? new AuthError('code_incorrect', undefined, { field: 'code' }) : thrown
      }),
    ),
  },
  {
    name: 'HA-06 an attempt that the backend has lost is shown as it was',
    caught: 'lost-reply/attempt-gone',
    breaks(adapter) {
      const seen = new Map<string, unknown>()
      return throughVerbs(adapter, async ({ verb, args, run }) => {
        if (verb === 'signIn.reload' && seen.has(idOf(args))) return seen.get(idOf(args))
        const answer = await run()
        if (isAttempt(answer)) seen.set(answer.id, answer)
        return answer
      })
    },
  },
  {
    // The time-out is the runner's (test/core/lane.test.ts); the adapter's part is that no answer is a rejection.
    name: 'HA-07 a call without an answer never settles',
    caught: 'offline/first-factor',
    breaks: (adapter) =>
      throughVerbs(adapter, ({ run }) => run().catch((thrown: unknown) => (isUnknown(thrown) ? never() : rethrow(thrown)))),
  },
  {
    name: 'HA-08 a password whose answer was lost is sent again',
    caught: 'lost-reply/password',
    breaks: instead('signIn.create', ({ run }) =>
      run().catch((thrown: unknown) => (isUnknown(thrown) ? run() : rethrow(thrown))),
    ),
  },
  {
    name: 'HA-08 a message whose answer was lost is sent again',
    caught: 'lost-reply/send-email_code',
    breaks: instead('signIn.prepareFirstFactor', ({ run }) =>
      run().catch((thrown: unknown) => (isUnknown(thrown) ? run() : rethrow(thrown))),
    ),
  },
  {
    name: 'HA-17 finish takes an attempt at whatever step it is',
    caught: 'order/finish-before-first',
    breaks: instead('signIn.finish', ({ run }) =>
      run().catch((thrown: unknown) => (hasCode(thrown, 'not_supported') ? someone('u', 'aal2') : rethrow(thrown))),
    ),
  },
  {
    name: 'HA-17 a second factor is taken before the first',
    caught: 'order/second-before-first',
    breaks: instead('signIn.attemptSecondFactor', ({ args, run }, { signIn }) =>
      run().catch((thrown: unknown) => (hasCode(thrown, 'not_supported') ? signIn.reload({ id: idOf(args) }) : rethrow(thrown))),
    ),
  },
  {
    name: 'OT-19 sending again brings no new code',
    caught: 'first/email_code/superseded',
    breaks(adapter) {
      const sent = new Map<string, unknown>()
      return throughVerbs(adapter, async ({ verb, args, run }) => {
        if (verb !== 'signIn.prepareFirstFactor') return run()
        const answer = sent.get(idOf(args)) ?? (await run())
        sent.set(idOf(args), answer)
        return answer
      })
    },
  },
  {
    name: 'BC-08 backup codes that could not be made are the old ones',
    caught: 'backup-codes/lost-reply',
    breaks(adapter) {
      let codes: unknown
      return instead('mfa.backupCodes.generate', async ({ run }) => {
        codes = await run().catch((thrown: unknown) => codes ?? rethrow(thrown))
        return codes
      })(adapter, {} as MemoryBackend)
    },
  },
  {
    name: 'MG-03 a session that cannot be read is what it was',
    caught: 'offline/session',
    breaks(adapter) {
      let last: Session | null = null
      return instead('session.get', async ({ run }) => {
        last = (await run().catch(() => last)) as Session | null
        return last
      })(adapter, {} as MemoryBackend)
    },
  },
  {
    name: 'MG-18 after a step-up the level is made up, not read',
    caught: 'step-up/right',
    breaks(adapter) {
      const stepUps = new Set<string>()
      return throughVerbs(adapter, async ({ verb, args, run }) => {
        if (verb === 'signIn.finish' && stepUps.has(idOf(args))) {
          const session = await adapter.session.get()
          return { ...session, currentLevel: 'aal2', secondFactorAgeMs: 0 }
        }
        const answer = await run()
        if (isAttempt(answer) && answer.purpose === 'step_up') stepUps.add(answer.id)
        return answer
      })
    },
  },
]
