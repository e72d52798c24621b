import type { AuthAdapter } from '../core/adapter.js'
import { AuthError, type AuthErrorCode } from '../core/AuthError.js'
import { throughVerbs, type VerbCall, type VerbName } from './throughVerbs.js'

/** What happens to a call. Times are milliseconds. */
export type Fault =
  /** It reaches the adapter late. */
  | { readonly fault: 'slow'; readonly ms: number }
  /** It is carried out and never settles, whatever its signal says. */
  | { readonly fault: 'never' }
  /** It is carried out and its answer is lost: rejects `network`, outcome `unknown`. */
  | { readonly fault: 'drop-after-commit' }
  /** Its answer waits until the next call of the same verb has been answered. */
  | { readonly fault: 'reorder' }
  /** It never reaches the adapter. Where only the code is given, `network`, `unavailable` and `unknown` have the outcome `unknown`. */
  | { readonly fault: 'fail'; readonly error: AuthErrorCode | AuthError }
  /** It is refused as too early: rejects `rate_limited`. */
  | { readonly fault: '429'; readonly retryInMs?: number }

export type FaultRule = Fault & {
  /** A verb by its path, `*` for all of them. */
  readonly verb: VerbName | '*'
  /** How many calls it happens to. Default 1; `Infinity` for all. */
  readonly times?: number
  /** How many calls go well before. Default 0. */
  readonly after?: number
}

/**
 * An adapter on which things go wrong by a script, for tests, stories and demos of your own:
 *
 *     const adapter = withFaults(memoryAdapter({ users }), [
 *       { verb: 'signIn.create', fault: 'slow', ms: 3_000 },
 *       { verb: 'signIn.attemptSecondFactor', fault: 'drop-after-commit' },
 *       { verb: 'session.get', fault: 'fail', error: 'unavailable', after: 1, times: Infinity },
 *     ])
 *
 * Each call takes the first rule of its verb that is not used up; the other calls go through as they are.
 */
export function withFaults(adapter: AuthAdapter, script: readonly FaultRule[]): AuthAdapter {
  const rules = script.map((rule) => ({ ...rule, left: rule.times ?? 1, before: rule.after ?? 0 }))
  const waiting = new Map<VerbName, (() => void)[]>()

  function faultOf(verb: VerbName): Fault | undefined {
    const rule = rules.find((one) => (one.verb === verb || one.verb === '*') && one.left > 0)
    if (!rule) return undefined
    if (rule.before > 0) {
      rule.before -= 1
      return undefined
    }
    rule.left -= 1
    return rule
  }

  /** Lets go the answers that wait for this one. After it has been handed on, so that they come behind it. */
  function answered(verb: VerbName) {
    const held = waiting.get(verb) ?? []
    waiting.delete(verb)
    if (held.length > 0) setTimeout(() => held.forEach((release) => release()))
  }

  return throughVerbs(adapter, async (call) => {
    const { verb } = call
    const fault = faultOf(verb)
    if (fault?.fault === 'reorder') {
      const turn = new Promise<void>((resolve) => waiting.set(verb, [...(waiting.get(verb) ?? []), resolve]))
      const outcome = await settledOf(call.run())
      await turn
      return outcome()
    }
    const outcome = await settledOf(play(call, fault))
    answered(verb)
    return outcome()
  })
}

async function play({ run }: VerbCall, fault: Fault | undefined): Promise<unknown> {
  switch (fault?.fault) {
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, fault.ms))
      return run()
    case 'never':
      await settledOf(run())
      return new Promise(() => {})
    case 'drop-after-commit':
      await settledOf(run())
      throw new AuthError('network', 'The answer was dropped.', { outcome: 'unknown' })
    case 'fail':
      throw typeof fault.error === 'string' ? failure(fault.error) : fault.error
    case '429':
      throw new AuthError('rate_limited', 'Too early.', fault.retryInMs === undefined ? {} : { retryInMs: fault.retryInMs })
    default:
      return run()
  }
}

function failure(code: AuthErrorCode): AuthError {
  return new AuthError(code, undefined, { outcome: /^(network|unavailable|unknown)$/.test(code) ? 'unknown' : 'refused' })
}

/** The outcome as something that can be handed on later. */
function settledOf(answer: Promise<unknown>): Promise<() => unknown> {
  return answer.then(
    (value) => () => value,
    (thrown: unknown) => () => {
      throw thrown
    },
  )
}
