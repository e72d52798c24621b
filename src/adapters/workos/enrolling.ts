import type { MfaApi } from '../../core/adapter.js'
import { AuthError } from '../../core/AuthError.js'
import { ask, askApp, found, theirs, type Backend } from './backend.js'
import type { createSignIn } from './signIn.js'

/** Factors that are added. */
export function createEnrolling(
  backend: Backend,
  { second }: ReturnType<typeof createSignIn>,
): Pick<MfaApi, 'enroll' | 'challenge' | 'verify'> {
  const { mfa, attempts, options, enrollOwn } = backend
  const { factors: store, issuer: app = 'Latchkey' } = options
  const { enroll, atEnrollment, commit } = attempts

  return {
    enroll: (params) =>
      enroll(params.attempt, async (kept) => {
        const plain = store && !kept.token
        const phone = params.type === 'phone' ? params.phone : undefined
        if (params.type !== 'totp' && !(plain && phone)) throw new AuthError('not_supported')
        const { issuer = app, user = kept.attempt.identifier! } = params as { issuer?: string; user?: string }
        const made = await ask(
          plain
            ? mfa.enrollFactor(phone ? { type: 'sms', phoneNumber: phone } : { type: 'totp', issuer, user })
            : enrollOwn({ userId: kept.userId!, type: 'totp', totpIssuer: issuer, totpUser: user }).then(
                (both) => both.authenticationFactor,
              ),
        )
        const { totp } = made
        const { id } = found({ id: made.id, type: phone && 'sms' })
        kept.enrolling = id
        return totp
          ? { status: 'pending', type: 'totp', id, secret: totp.secret, uri: totp.uri }
          : { status: 'pending', type: 'phone', id, sent: false }
      }),

    challenge: ({ enrollmentId: id }) =>
      atEnrollment(id, async (kept) => {
        if (!id.startsWith('phone')) throw new AuthError('not_supported')
        return { status: 'pending', type: 'phone', id, sent: true, ...(await second.challenge(kept, id)) }
      }),

    verify: ({ enrollmentId: id, code }: { enrollmentId: string; code?: string }) =>
      atEnrollment(id, async (kept, book) => {
        if (kept.attempt.status === 'needs_enrollment') await second.pass(kept, book, id, code)
        const factor = found({ id: theirs(id), type: id.startsWith('phone') ? 'sms' : 'totp' })
        if (!kept.finished) return { factor, attempt: kept.attempt }
        await commit(kept, book)
        await askApp(() => store?.add(kept.userId!, theirs(id)))
        return { factor }
      }),
  }
}
