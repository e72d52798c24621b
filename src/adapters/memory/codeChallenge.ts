import { AuthError } from '../../core/AuthError.js'
import type { Verification } from '../../core/attempt.js'
import type { Challenge, MemoryStore } from './memoryStore.js'

/** Rejects `code_expired`, also where none was sent: either way the mend is a new code. */
export function requireSent(store: MemoryStore, challenge: Challenge | undefined): Challenge {
  if (challenge?.sent && challenge.sent.expiresAt > store.clock.now()) return challenge
  throw new AuthError('code_expired')
}

export function isSentCode(challenge: Challenge, typed: string): boolean {
  return challenge.sent?.code === typed.toUpperCase()
}

/** Takes one try. The error is `code_incorrect`, or `too_many_attempts` when that was the last; then `end` is called. */
export function wrongCode(challenge: Challenge, end: () => void): AuthError {
  const attemptsLeft = (challenge.triesLeft -= 1)
  if (attemptsLeft > 0) return new AuthError('code_incorrect', undefined, { field: 'code', attemptsLeft })
  end()
  return new AuthError('too_many_attempts', undefined, { attemptsLeft })
}

export function showChallenge(store: MemoryStore, { factorId, triesLeft, sent }: Challenge): Verification {
  const { codeLength, codeType } = store.settings
  const shown = { status: 'unverified', factorId, attemptsLeft: triesLeft } as const
  if (!sent) return shown
  const expiresInMs = Math.max(0, sent.expiresAt - store.clock.now())
  const resend = resendInMs(store, sent.askedKey)
  return { ...shown, ...(expiresInMs === 0 && { status: 'expired' }), expiresInMs, resendInMs: resend, codeLength, codeType }
}

/** Milliseconds until a code may be asked for again. */
export function resendInMs(store: MemoryStore, askedKey: string): number {
  const askedAt = store.asked.get(askedKey)
  return askedAt === undefined ? 0 : Math.max(0, askedAt + store.settings.resendMs - store.clock.now())
}
