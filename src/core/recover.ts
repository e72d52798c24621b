import type { SignInApi } from './adapter.js'
import type { SignInAttempt } from './attempt.js'
import { AuthError, errorTable, toAuthError } from './AuthError.js'
import type { Ask } from './lane.js'

/** An error after which only a new sign-in helps, although its code elsewhere allows more. */
export class Restart extends Error {
  constructor(readonly error: AuthError) {
    super(error.message)
  }
}

/**
 * A reply was lost, or the challenge was refused: the backend is asked where the attempt stands before anything is said. Answers with the
 * attempt if it moved. `doubt`: an answer was lost now or just before, so what the backend says may be an echo of the lost one, and a code
 * is never called wrong. Nothing is sent again.
 */
export async function recover(
  signIn: SignInApi,
  ask: Ask,
  before: Pick<SignInAttempt, 'id' | 'status'>,
  error: AuthError,
  doubt: boolean,
): Promise<SignInAttempt> {
  const over = errorTable[error.code] === 'restart'
  let now: SignInAttempt
  try {
    now = await ask((o) => signIn.reload({ id: before.id }, o))
  } catch (thrown) {
    const gone = toAuthError(thrown).outcome === 'refused'
    throw doubt ? unconfirmed(gone || over) : error
  }
  if (now.status !== before.status) return now
  throw doubt ? unconfirmed(over) : error
}

/** The reply to a sign-in with a password was lost: answers with what it began, if the backend knows of it. */
export async function recoverCreate(signIn: SignInApi, ask: Ask, error: AuthError): Promise<SignInAttempt> {
  if (error.outcome === 'refused') throw error
  const found = await ask((o) => signIn.resume({}, o)).catch(() => null)
  if (!found?.attempt) throw unconfirmed(false)
  return found.attempt
}

function unconfirmed(over: boolean): AuthError | Restart {
  const error = new AuthError('not_confirmed', undefined, { outcome: 'unknown' })
  return over ? new Restart(error) : error
}
