import type { GenericEndpointContext } from 'better-auth'
import { APIError, getSessionFromCtx, isAPIError } from 'better-auth/api'
import type { Challenge } from './challenge.js'
import { createRow, findTwoFactor, type TwoFactorRow } from './enrolled.js'
import type { HookContext } from './firstFactors.js'
import { findProver, refuseUnlessElevated, type Prover } from './prover.js'
import { countFailure, forgetFailures, isByMail, refuseWhileLocked, takeCode } from './secondFactors.js'
import { sentByPhone } from './sentCode.js'
import { methodsOf, record, secondFactorPassed, type SessionAndUser } from './sessionRecord.js'

const methods = new Map([
  ['/two-factor/verify-totp', 'totp'],
  ['/two-factor/verify-otp', 'email_code'],
  ['/two-factor/verify-backup-code', 'backup_code'],
])

/** What the hook before a second factor's check hands to the hook after it. */
interface Note {
  readonly signedIn: SessionAndUser | null
  readonly challenge: Challenge | null
  readonly row: TwoFactorRow | null
  /** By what somebody wants to pass. */
  readonly by: string
  /** A code that is theirs from now on. */
  readonly taken: string | undefined
  readonly isEnrolment: boolean
}

/** Around Better Auth's own checks of a second factor. */
export function createSecondFactorHooks() {
  // Keyed by the request's own header object: plugins may replace the context between the two hooks, never this.
  const notes = new WeakMap<Headers, Note>()

  async function beforeSecondFactor(ctx: GenericEndpointContext) {
    const prover = await findProver(ctx)
    if (!prover || !ctx.headers) return
    const { user, signedIn, challenge } = prover
    const isOn = (user as SessionAndUser['user']).twoFactorEnabled
    // Better Auth counts wrong codes in this row, so whoever has a second factor needs one.
    const row = (await findTwoFactor(ctx, user.id)) ?? (isOn ? await createRow(ctx, user.id) : null)
    refuseWhileLocked(row)
    const by = await methodOf(ctx, prover)
    const isEnrolment = by === 'totp' && row?.verified === false
    if (isEnrolment && signedIn) await refuseUnlessElevated(ctx, signedIn)
    const { code } = Object(ctx.body) as { code?: unknown }
    const taken = by === 'totp' && typeof code === 'string' ? await takeCode(ctx, user.id, code) : undefined
    notes.set(ctx.headers, { signedIn, challenge, row, by, taken, isEnrolment })
  }

  async function methodOf(ctx: GenericEndpointContext, { key, method }: Prover): Promise<string> {
    const by = methods.get(ctx.path) ?? ''
    if (by !== 'email_code') return by
    const { code } = Object(ctx.body) as { code?: unknown }
    const byPhone = await sentByPhone(ctx, key, code)
    if (byPhone === 'no' && isByMail(method)) refuseMail()
    return byPhone === 'yes' ? 'phone_code' : by
  }

  /** The same mailbox twice is one factor. */
  async function beforeSending(ctx: GenericEndpointContext) {
    const prover = await findProver(ctx)
    if (prover && isByMail(prover.method)) refuseMail()
  }

  async function afterSecondFactor(ctx: HookContext) {
    const note = ctx.headers && notes.get(ctx.headers)
    if (!note) return
    const { signedIn, challenge, row, by, taken, isEnrolment } = note
    const refused = ctx.context.returned
    if (isAPIError(refused)) {
      if (taken) await ctx.context.internalAdapter.deleteVerificationByIdentifier(taken)
      const wrong = refused.body?.code === 'INVALID_CODE' || refused.body?.code === 'INVALID_BACKUP_CODE'
      // Who is still enrolling holds the secret, so there is nothing to guess.
      if (wrong && signedIn && row && !isEnrolment) await countFailure(ctx, row)
      return
    }
    const now: SessionAndUser | null = ctx.context.newSession ?? ctx.context.session ?? (await getSessionFromCtx(ctx))
    if (!now) return
    if (signedIn && row) await forgetFailures(ctx, row)
    const { startedAt = new Date(), method: first = 'password' } = challenge ?? {}
    const passed = signedIn ? methodsOf(signedIn.session) : ([[first, startedAt.getTime()]] as const)
    await record(ctx, now, secondFactorPassed(by, passed, signedIn ? undefined : startedAt))
  }

  return { beforeSecondFactor, beforeSending, afterSecondFactor, isSecondFactor: (path?: string) => methods.has(path ?? '') }
}

function refuseMail(): never {
  throw new APIError('BAD_REQUEST', { code: 'OTP_NOT_ENABLED', message: 'The first factor was a message to the same address.' })
}
