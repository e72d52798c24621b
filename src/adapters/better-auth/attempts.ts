import type { AttemptRef, FactorOption, SignInAttempt, Verification } from '../../core/attempt.js'
import { AuthError } from '../../core/AuthError.js'
import type { Session } from '../../core/session.js'
import type { FirstStrategy, SecondStrategy } from '../../core/strategy.js'
import type { State } from './connection.js'

/** What the adapter knows of an attempt. No password, code or token. */
export interface AttemptRecord {
  readonly purpose: 'sign_in' | 'step_up'
  readonly identifier: string | null
  /** Monotonic milliseconds: when the request left that could have moved it. */
  since: number
  status: 'needs_first_factor' | 'needs_second_factor' | 'complete'
  /** An answer was lost: what the backend did is not known. */
  doubt?: boolean
  userId?: string
  challengeId?: string
  /** Monotonic milliseconds. */
  endsAt?: number
  secondFactors: readonly FactorOption<SecondStrategy>[] | null
  first: Verification | null
  second: Verification | null
  finished?: boolean
}

export type Attempts = ReturnType<typeof createAttempts>

export function createAttempts(firstFactors: readonly FactorOption<FirstStrategy>[]) {
  const records = new Map<string, AttemptRecord>()
  let count = 0

  function view(id: string): SignInAttempt {
    const { purpose, identifier, status, secondFactors, first, second, endsAt } = get({ id })
    return {
      id,
      purpose,
      identifier,
      status,
      supportedFirstFactors: purpose === 'sign_in' ? firstFactors : [],
      supportedSecondFactors: secondFactors,
      firstFactorVerification: first,
      secondFactorVerification: second,
      cancelSignsOut: purpose === 'sign_in' && status === 'complete',
      ...(endsAt !== undefined && { expiresInMs: Math.max(0, endsAt - performance.now()) }),
    }
  }

  function get({ id }: AttemptRef): AttemptRecord {
    const record = records.get(id)
    if (!record) throw new AuthError('attempt_lost', 'The adapter does not know this attempt.')
    return record
  }

  return {
    view,
    get,
    drop: ({ id }: AttemptRef) => void records.delete(id),
    clear: () => records.clear(),
    open(start: Pick<AttemptRecord, 'purpose' | 'identifier' | 'status'> & Partial<AttemptRecord>) {
      const id = `better-auth_${++count}`
      records.set(id, { since: performance.now(), secondFactors: null, first: null, second: null, ...start })
      return { id }
    },
    /** Enough to answer `finish` again. */
    finish({ id }: AttemptRef, { purpose, userId }: AttemptRecord) {
      const kept = { ...(userId !== undefined && { userId }), finished: true, status: 'complete' } as const
      records.set(id, { purpose, identifier: null, since: 0, secondFactors: null, first: null, second: null, ...kept })
    },
    /** The record of a half-done sign-in that is known already, as after a second `resume`. */
    ofChallenge: (challengeId: string) => [...records].find(([, record]) => record.challengeId === challengeId)?.[0],
  }
}

/** Is this the session of the person who is signing in? A challenge found after a reload does not say whose it is. */
export function isTheirs({ user }: Session, { userId, identifier }: Pick<AttemptRecord, 'userId' | 'identifier'>): boolean {
  if (userId !== undefined) return user.id === userId
  return identifier === null || user.label?.toLowerCase() === identifier.toLowerCase()
}

/** Takes over what the server says of the half-done sign-in. */
export function toSecond(record: AttemptRecord, { challenge, secondFactors }: State): void {
  record.status = 'needs_second_factor'
  record.secondFactors = secondFactors
  if (!challenge) return
  record.challengeId = challenge.id
  if (challenge.expiresInMs !== undefined) record.endsAt = performance.now() + challenge.expiresInMs
}
