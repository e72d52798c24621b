import type {
  AcceptedPasskeys,
  AuthAdapter,
  CallOptions,
  Capabilities,
  ReadOptions,
  SignOutScope,
  StepUpLevel,
} from '../../src/core/adapter.js'
import type { AttemptRef, CreateParams, PrepareParams, Proof, SignInAttempt } from '../../src/core/attempt.js'
import type { EnrollParams, Enrollment, Factor, Verified } from '../../src/core/enrollment.js'
import type { Json } from '../../src/core/json.js'
import type { ActiveSession, Session } from '../../src/core/session.js'
import type { Channel } from '../../src/core/strategy.js'

export {
  attempt,
  backupCodeOption,
  emailCodeOption,
  enrollment,
  factor,
  passwordOption,
  sentinels,
  session,
  totpOption,
  verification,
  verified,
} from './contractBuilders.js'

/** Each verb's parameters (without the attempt, the signal and the captcha token, which stand on the call itself) and its answer. */
interface Verbs {
  'signIn.create': { params: CreateParams; answer: SignInAttempt }
  'signIn.passkeyOptions': { params: undefined; answer: AttemptRef & { readonly publicKey: Json; readonly expiresInMs?: number } }
  'signIn.resume': { params: { url?: string }; answer: { attempt: SignInAttempt | null; cleanUrl?: string } }
  'signIn.reload': { params: undefined; answer: SignInAttempt }
  'signIn.prepareFirstFactor': { params: PrepareParams; answer: SignInAttempt }
  'signIn.attemptFirstFactor': { params: { factorId: string } & Proof; answer: SignInAttempt }
  'signIn.prepareSecondFactor': { params: PrepareParams; answer: SignInAttempt }
  'signIn.attemptSecondFactor': { params: { factorId: string; trustDevice?: boolean } & Proof; answer: SignInAttempt }
  'signIn.resetPassword': { params: { password: string; signOutOfOtherSessions?: boolean }; answer: SignInAttempt }
  'signIn.finish': { params: undefined; answer: ActiveSession }
  'signIn.cancel': { params: undefined; answer: void }
  'session.get': { params: undefined; answer: Session | null }
  'session.signOut': { params: { scope?: SignOutScope } | undefined; answer: void }
  'stepUp.create': { params: { level: StepUpLevel }; answer: SignInAttempt }
  'mfa.listFactors': { params: undefined; answer: readonly Factor[] }
  'mfa.enroll': { params: EnrollParams; answer: Enrollment }
  'mfa.challenge': { params: { enrollmentId: string; channel?: Channel }; answer: Enrollment }
  'mfa.verify': { params: { enrollmentId: string } & Proof; answer: Verified }
  'mfa.abandon': { params: { enrollmentId: string }; answer: void }
  'mfa.unenroll': { params: { factorId: string; password?: string }; answer: void }
  'mfa.rename': { params: { factorId: string; friendlyName: string }; answer: Factor }
  'mfa.makeDefault': { params: { factorId: string }; answer: void }
  'mfa.acceptedPasskeys': { params: undefined; answer: AcceptedPasskeys }
  'mfa.backupCodes.status': { params: undefined; answer: { total?: number; remaining?: number } }
  'mfa.backupCodes.generate': { params: { password?: string }; answer: readonly string[] }
}

export type Verb = keyof Verbs

export interface ScriptedCall<V extends Verb = Verb> {
  readonly verb: V
  readonly params: Verbs[V]['params']
  readonly attempt: AttemptRef | undefined
  readonly signal: AbortSignal | undefined
  readonly captchaToken: string | undefined
  readonly fresh: boolean | undefined
  /** Answers the call; the promise it returns is settled after the caller's own `then` has run: `await act(() => call.resolve(x))`. */
  resolve(answer: Verbs[V]['answer']): Promise<void>
  /** An `AuthError`, or anything else to play an adapter that breaks its word. */
  reject(thrown: unknown): Promise<void>
}

type Answer<V extends Verb> = (call: ScriptedCall<V>) => Verbs[V]['answer'] | Promise<Verbs[V]['answer']>

type OptionalMember =
  | 'signIn.passkeyOptions'
  | 'signIn.resetPassword'
  | 'stepUp'
  | 'stepUp.detect'
  | 'mfa'
  | 'mfa.abandon'
  | 'mfa.rename'
  | 'mfa.makeDefault'
  | 'mfa.acceptedPasskeys'
  | 'mfa.backupCodes'
  | 'mfa.backupCodes.status'

export interface ScriptedOptions {
  readonly capabilities?: Partial<Capabilities>
  /** Optional members to leave out (absent means unsupported). Default: `signIn.passkeyOptions`, `signIn.resetPassword`, `stepUp.detect`. */
  readonly absent?: readonly OptionalMember[]
  /** Standing answers from the start, as `answer()` gives them later. */
  readonly answers?: { readonly [V in Verb]?: Answer<V> }
  readonly detect?: (refused: unknown) => { level: StepUpLevel; maxAgeMs?: number } | null
}

export interface ScriptedAdapter {
  readonly adapter: AuthAdapter
  /** Every call in order, with what it was given (secrets too: that is what tests look for). */
  readonly calls: readonly ScriptedCall[]
  /** How many `session.subscribe` listeners stand now. */
  readonly listeners: number
  count(verb: Verb): number
  /**
   * The oldest call of this verb that no `next` has taken yet; waits until there is one. The call stays open until the test settles it,
   * so tests can hold, reorder, drop or never settle answers.
   */
  next<V extends Verb>(verb: V): Promise<ScriptedCall<V>>
  /** From now on every call of this verb is answered by `answer` (throw to reject) and does not come up in `next`; `null` ends it. */
  answer<V extends Verb>(verb: V, answer: Answer<V> | null): void
  /** Tells the `session.subscribe` listeners, as an adapter does: later, never inside the caller's own stack. */
  sessionChanged(): Promise<void>
}

const capabilities: Capabilities = {
  identifiers: ['email'],
  firstFactors: [{ strategy: 'password' }, { strategy: 'email_code' }],
  secondFactors: ['totp', 'email_code', 'backup_code'],
  firstFactorsPerUser: false,
  enroll: [{ type: 'totp', many: false }],
  managePassword: false,
  survivesReload: 'no',
  trustDevice: true,
  signOutScopes: ['this'],
}

/**
 * An adapter whose every call hangs until the test settles it:
 *
 *     const fake = scriptedAdapter({ answers: { 'session.get': () => null, 'signIn.resume': () => ({ attempt: null }) } })
 *     render(<AuthProvider adapter={fake.adapter}><SignIn /></AuthProvider>)
 *     …click…
 *     const create = await fake.next('signIn.create')
 *     expect(create.params).toEqual({ identifier: 'ada@example.com', password: sentinels.password })
 *     await act(() => create.reject(new AuthError('invalid_credentials')))
 *
 * It never looks at the signal: like a vendor's client it cannot be aborted; read `call.signal?.aborted`.
 */
export function scriptedAdapter(options: ScriptedOptions = {}): ScriptedAdapter {
  const absent = new Set<OptionalMember>(options.absent ?? ['signIn.passkeyOptions', 'signIn.resetPassword', 'stepUp.detect'])
  const calls: ScriptedCall[] = []
  const waiting = new Map<Verb, ScriptedCall[]>()
  const takers = new Map<Verb, ((call: ScriptedCall) => void)[]>()
  const answers = new Map<Verb, Answer<Verb>>(Object.entries(options.answers ?? {}) as [Verb, Answer<Verb>][])
  const listeners = new Set<() => void>()

  function call<V extends Verb>(
    verb: V,
    params: Verbs[V]['params'],
    given: CallOptions & ReadOptions = {},
    ref?: AttemptRef,
  ): Promise<Verbs[V]['answer']> {
    const { promise, resolve, reject } = withResolvers<Verbs[V]['answer']>()
    const scripted: ScriptedCall<V> = {
      verb,
      params,
      attempt: ref,
      signal: given.signal,
      captchaToken: given.captchaToken,
      fresh: given.fresh,
      resolve: (answer) => settled(() => resolve(answer)),
      reject: (thrown) => settled(() => reject(thrown)),
    }
    const entry = scripted as unknown as ScriptedCall
    calls.push(entry)
    const standing = answers.get(verb)
    const taker = takers.get(verb)?.shift()
    if (standing) Promise.resolve(entry).then(standing).then(resolve, reject)
    else if (taker) taker(entry)
    else waiting.set(verb, [...(waiting.get(verb) ?? []), entry])
    return promise
  }

  const adapter: AuthAdapter = {
    name: 'scripted',
    capabilities: { ...capabilities, ...options.capabilities },
    signIn: {
      create: (params, o) => call('signIn.create', params, o),
      ...(!absent.has('signIn.passkeyOptions') && {
        passkeyOptions: (o?: CallOptions) => call('signIn.passkeyOptions', undefined, o),
      }),
      resume: (params, o) => call('signIn.resume', params, o),
      reload: (ref, o) => call('signIn.reload', undefined, o, ref),
      prepareFirstFactor: (ref, params, o) => call('signIn.prepareFirstFactor', params, o, ref),
      attemptFirstFactor: (ref, params, o) => call('signIn.attemptFirstFactor', params, o, ref),
      prepareSecondFactor: (ref, params, o) => call('signIn.prepareSecondFactor', params, o, ref),
      attemptSecondFactor: (ref, params, o) => call('signIn.attemptSecondFactor', params, o, ref),
      ...(!absent.has('signIn.resetPassword') && {
        resetPassword: (ref: AttemptRef, params: Verbs['signIn.resetPassword']['params'], o?: CallOptions) =>
          call('signIn.resetPassword', params, o, ref),
      }),
      finish: (ref, o) => call('signIn.finish', undefined, o, ref),
      cancel: (ref) => call('signIn.cancel', undefined, {}, ref),
    },
    session: {
      get: (o) => call('session.get', undefined, o),
      signOut: (params) => call('session.signOut', params),
      subscribe(changed) {
        const listener = () => changed()
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    },
    ...(!absent.has('stepUp') && {
      stepUp: {
        levels: ['first_factor', 'second_factor', 'multi_factor'],
        create: (params, o) => call('stepUp.create', params, o),
        ...(!absent.has('stepUp.detect') && { detect: options.detect ?? (() => null) }),
      },
    }),
    ...(!absent.has('mfa') && {
      mfa: {
        listFactors: (o) => call('mfa.listFactors', undefined, o),
        enroll: (params, o) => call('mfa.enroll', params, o),
        challenge: (params, o) => call('mfa.challenge', params, o),
        verify: (params, o) => call('mfa.verify', params, o),
        ...(!absent.has('mfa.abandon') && { abandon: (params: { enrollmentId: string }) => call('mfa.abandon', params) }),
        unenroll: (params, o) => call('mfa.unenroll', params, o),
        ...(!absent.has('mfa.rename') && {
          rename: (params: Verbs['mfa.rename']['params'], o?: CallOptions) => call('mfa.rename', params, o),
        }),
        ...(!absent.has('mfa.makeDefault') && {
          makeDefault: (params: { factorId: string }, o?: CallOptions) => call('mfa.makeDefault', params, o),
        }),
        ...(!absent.has('mfa.acceptedPasskeys') && {
          acceptedPasskeys: (o?: ReadOptions) => call('mfa.acceptedPasskeys', undefined, o),
        }),
        ...(!absent.has('mfa.backupCodes') && {
          backupCodes: {
            ...(!absent.has('mfa.backupCodes.status') && {
              status: (o?: ReadOptions) => call('mfa.backupCodes.status', undefined, o),
            }),
            generate: (params: { password?: string }, o?: CallOptions) => call('mfa.backupCodes.generate', params, o),
          },
        }),
      },
    }),
  }

  return {
    adapter,
    calls,
    get listeners() {
      return listeners.size
    },
    count: (verb) => calls.filter((made) => made.verb === verb).length,
    next<V extends Verb>(verb: V) {
      const made = waiting.get(verb)?.shift()
      if (made) return Promise.resolve(made as unknown as ScriptedCall<V>)
      return new Promise<ScriptedCall<V>>((resolve) => {
        takers.set(verb, [...(takers.get(verb) ?? []), (entry) => resolve(entry as unknown as ScriptedCall<V>)])
      })
    },
    answer(verb, answer) {
      if (answer) answers.set(verb, answer as unknown as Answer<Verb>)
      else answers.delete(verb)
    },
    async sessionChanged() {
      await Promise.resolve()
      for (const listener of [...listeners]) listener()
    },
  }
}

async function settled(settle: () => void): Promise<void> {
  settle()
  // One turn of the task queue: the caller's whole chain of awaits has run by then. MessageChannel, because tests fake setTimeout.
  await new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}

function withResolvers<T>() {
  let resolve!: (value: T | PromiseLike<T>) => void
  let reject!: (thrown: unknown) => void
  const promise = new Promise<T>((ok, no) => {
    resolve = ok
    reject = no
  })
  return { promise, resolve, reject }
}
