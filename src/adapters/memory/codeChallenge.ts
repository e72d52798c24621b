import { AuthError } from '../../core/AuthError.js'
import type { Verification } from '../../core/attempt.js'
import type { MemoryMessage } from './memoryOutbox.js'
import type { Challenge, MemoryStore, Sent } from './memoryStore.js'
import { randomCode, randomToken } from './randomText.js'
import { linkParameter, withParameters } from './returnAddress.js'

export type Sending = Pick<MemoryMessage, 'channel' | 'purpose'> & {
  /** Nobody: it goes the same way, only the message is not sent. */
  readonly to: string | undefined
  readonly askedKey: string
  /** A link is sent that leads there. */
  readonly redirectUrl?: string | undefined
}

/** Rejects `rate_limited` with `retryInMs` when asked again too early. */
export function sendCode(store: MemoryStore, { to, askedKey, redirectUrl, ...message }: Sending): Sent {
  const { settings, clock, outbox, asked } = store
  const { codeLength, codeType, codeMs, emailLink, pollMs } = settings
  const retryInMs = resendInMs(store, askedKey)
  if (retryInMs > 0) throw new AuthError('rate_limited', undefined, { retryInMs })
  const at = clock.now()
  const sent = { expiresAt: at + codeMs, askedKey }
  const sendText = (text: { code: string; link?: string }) => {
    asked.set(askedKey, at)
    if (to !== undefined) outbox.send({ ...message, ...text, to, at })
  }
  if (redirectUrl === undefined) {
    const code = randomCode(codeLength, codeType)
    sendText({ code })
    return { ...sent, code, facts: { codeLength, codeType } }
  }
  const code = randomToken()
  sendText({ code: '', link: withParameters(redirectUrl, { [linkParameter]: code }) })
  return { ...sent, code, isLink: true, facts: emailLink === 'this_tab' ? { pollEveryMs: pollMs } : {} }
}

/** Rejects `code_expired`, also where none was sent: either way the mend is a new code. */
export function requireSent(store: MemoryStore, challenge: Challenge | undefined): Challenge & { readonly sent: Sent } {
  const { sent } = challenge ?? {}
  if (challenge && sent && sent.expiresAt > store.clock.now()) return challenge as Challenge & { readonly sent: Sent }
  throw new AuthError('code_expired')
}

/** A key's challenge and a wallet's message are spent by the first answer, right or wrong. */
export function takeSent(store: MemoryStore, challenge: Challenge | undefined): Sent {
  const { sent } = requireSent(store, challenge)
  if (challenge) challenge.sent = undefined
  return sent
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
  const shown = { status: 'unverified', factorId } as const
  if (!sent) return { ...shown, attemptsLeft: triesLeft }
  const { askedKey, expiresAt, facts } = sent
  const expiresInMs = Math.max(0, expiresAt - store.clock.now())
  return {
    ...shown,
    ...(expiresInMs === 0 && { status: 'expired' }),
    expiresInMs,
    ...(askedKey && { resendInMs: resendInMs(store, askedKey) }),
    ...(facts.codeLength && { attemptsLeft: triesLeft }),
    ...facts,
  }
}

/** Milliseconds until a code may be asked for again. */
export function resendInMs(store: MemoryStore, askedKey: string): number {
  const askedAt = store.asked.get(askedKey)
  return askedAt === undefined ? 0 : Math.max(0, askedAt + store.settings.resendMs - store.clock.now())
}
