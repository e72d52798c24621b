import { AuthError, type AuthErrorCode } from '../../core/AuthError.js'

export type MemoryVerb =
  | `signIn.${'create' | 'passkeyOptions' | 'resume' | 'reload' | 'prepareFirstFactor' | 'attemptFirstFactor'}`
  | `signIn.${'prepareSecondFactor' | 'attemptSecondFactor' | 'resetPassword' | 'finish' | 'cancel'}`
  | `session.${'get' | 'signOut'}`
  | 'stepUp.create'
  | `mfa.${'listFactors' | 'enroll' | 'challenge' | 'verify' | 'abandon' | 'unenroll' | 'rename' | 'makeDefault' | 'acceptedPasskeys'}`
  | `mfa.backupCodes.${'status' | 'generate'}`

/** One call as the log keeps it: never a password, a code or a secret. */
export interface MemoryCall {
  readonly verb: MemoryVerb
  /** The factor or the enrolment that the call is about. */
  readonly factorId?: string
  readonly browser: string
  /** Backend time in milliseconds since 1970. */
  readonly at: number
}

/** The way from the adapters to their backend. */
export interface MemoryLine {
  latencyMs: number
  readonly calls: MemoryCall[]
  /** What the next calls of a verb run into. */
  readonly faults: Map<string, { readonly error: AuthError; readonly afterCommit: boolean }[]>
  readonly now: () => number
}

/** What the line reads of a call's arguments, wherever it stands in them. */
interface Given {
  readonly signal?: AbortSignal
  readonly factorId?: string
  readonly enrollmentId?: string
}

/**
 * A part of the contract as the backend runs it: each verb in one piece, once the call has arrived. One that has to wait for a check spends what
 * it checks before, and looks again where things stand after.
 */
export type Commits<Api> = {
  readonly [Name in keyof Api]: NonNullable<Api[Name]> extends (...args: infer Args) => Promise<infer Answer>
    ? (...args: Args) => Answer | Promise<Answer>
    : never
}

/**
 * Puts the line before a part of the contract: each call is logged, travels, then is committed. A call whose signal is aborted on the way is
 * `cancelled` and has changed nothing. That is kinder than real life, where an aborted call may have been committed all the same;
 * `failNext(…, { afterCommit: true })` plays that.
 */
export function overLine<Api extends object>(line: MemoryLine, browser: string, part: string, commits: Commits<Api>): Api {
  const verbs = Object.entries<(...args: unknown[]) => unknown>(commits)
  return Object.fromEntries(
    verbs.map(([name, commit]) => [
      name,
      async (...args: unknown[]) => {
        const verb = `${part}.${name}` as MemoryVerb
        const { signal, enrollmentId, factorId = enrollmentId } = Object.assign({}, ...args) as Given
        line.calls.push({ verb, factorId, browser, at: line.now() })
        const fault = line.faults.get(verb)?.shift()
        await travel(line.latencyMs, signal)
        if (signal?.aborted) throw new AuthError('cancelled')
        if (!fault) return commit(...args)
        try {
          if (fault.afterCommit) await commit(...args)
        } catch {
          // A refusal is lost like any other answer.
        }
        throw fault.error
      },
    ]),
  ) as Api
}

export function memoryFault(error: AuthErrorCode | AuthError): AuthError {
  if (typeof error !== 'string') return error
  return new AuthError(error, undefined, { outcome: /^(network|unavailable|unknown)$/.test(error) ? 'unknown' : 'refused' })
}

function travel(ms: number, signal: AbortSignal | undefined): Promise<void> | undefined {
  if (ms <= 0 || signal?.aborted) return undefined
  return new Promise((resolve) => {
    if (Number.isFinite(ms)) setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => resolve())
  })
}
