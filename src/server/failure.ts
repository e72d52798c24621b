import { type AuthError, isAuthError, knownCode, toAuthError } from '../core/AuthError.js'
import { attempt } from './answerShapes.js'

/** Why a request was turned away before the adapter saw it. */
export type Problem = 'origin' | 'path' | 'method' | 'content_type' | 'too_large' | 'malformed' | 'not_offered'

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
    readonly headers: Record<string, string> = {},
  ) {
    super(problem)
  }
}

export interface Failure {
  readonly status: number
  readonly body: object
  readonly headers: Record<string, string>
}

const forbidden: readonly string[] = ['session_lost', 'session_mismatch', 'step_up_required', 'blocked']
const throttled: readonly string[] = ['rate_limited', 'locked']

/** Whatever was thrown, as an answer: no text, no cause, nothing that was not meant for the browser. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof Refusal) {
    const { status, problem, headers } = thrown
    const code = status === 404 || status === 405 ? 'not_supported' : 'unknown'
    return { status, body: { error: { code, outcome: 'refused', problem } }, headers }
  }
  const error = toAuthError(thrown)
  const { code, outcome, field, reasons, stepUp } = error
  const retryInMs = quantityOf(error.retryInMs)
  return {
    status: isAuthError(thrown) ? statusOf(error) : 500,
    body: {
      error: {
        code: knownCode(code),
        outcome,
        field,
        retryInMs,
        attemptsLeft: quantityOf(error.attemptsLeft),
        reasons: reasons?.map(String),
        attempt: shown(error),
        stepUp: stepUp && { level: stepUp.level },
      },
    },
    headers: retryInMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryInMs / 1000)) },
  }
}

function statusOf({ code, outcome }: AuthError): number {
  if (outcome === 'unknown') return 502
  return forbidden.includes(code) ? 403 : throttled.includes(code) ? 429 : 400
}

const quantityOf = (value: number | undefined) => (Number.isFinite(value) ? value : undefined)

/** Left out where it is not whole: the error counts for more. */
function shown({ attempt: given }: AuthError): object | undefined {
  try {
    return given && attempt(given)
  } catch {
    return undefined
  }
}
