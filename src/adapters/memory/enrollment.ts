import { AuthError } from '../../core/AuthError.js'
import type { Proof } from '../../core/attempt.js'
import type { EnrollParams, Enrollment, Verified } from '../../core/enrollment.js'
import { otpauthUri } from '../../core/otpauth.js'
import type { Channel, EnrollType } from '../../core/strategy.js'
import {
  complete,
  enrollable,
  isFirstOnly,
  requireAttempt,
  requireStatus,
  secondFactorsFor,
  showAttempt,
} from './attemptRecord.js'
import { isSentCode, requireSent, resendInMs, sendCode, wrongCode } from './codeChallenge.js'
import { identifierKey, isPhone } from './identifier.js'
import type { AttemptRecord, Browser, EnrollmentRecord, FactorRecord, MemoryStore, UserRecord } from './memoryStore.js'
import { askNewKey, checkNewKey, takeNewKey } from './newKey.js'
import { chosen } from './prepareFactor.js'
import { randomBackupCodes, randomId } from './randomText.js'
import { channelsOf } from './secondFactorOptions.js'
import { prove, requireElevated, requireSession, tellLater } from './sessionRecord.js'
import { checkTotp, newTotpFactor, newTotpSecret } from './totpFactor.js'
import { forgetTrust, unusedCodes } from './user.js'
import { dropFactor, refuseTakenName, showFactor, standingFactors } from './userFactors.js'

/** What only some kinds are asked with. */
interface Asked {
  readonly channel?: Channel
  readonly issuer?: string
  readonly user?: string
}

type Enrolling = FactorRecord & { readonly enrollment: EnrollmentRecord }

/**
 * `manager` is the signed-in user; `null` inside a sign-in that asks for an enrolment. A phone and a mailbox are sent a code at once. Rejects
 * `factor_exists` for a number or a mailbox that is a factor already, and `factor_limit`.
 */
export function enroll(store: MemoryStore, browser: Browser, manager: UserRecord | null, params: EnrollParams): Enrollment {
  const { settings, clock } = store
  const record = params.attempt ? requireEnrolling(store, requireAttempt(store, browser, params.attempt.id)) : null
  const user = manager ?? record?.user
  if (!user) throw new AuthError('attempt_lost')
  const types: readonly EnrollType[] = record ? enrollable(store) : settings.enroll
  if (!types.includes(params.type)) throw new AuthError('not_supported')
  if (params.friendlyName) refuseTakenName(store, user, params.friendlyName)
  const standing = standingFactors(store, user)
  if (standing.length >= settings.factorsPerUser) throw new AuthError('factor_limit')
  const now = clock.now()
  const made = newFactor(user, params, now)
  const isSame = (one: FactorRecord) => one.verified && 'address' in one && 'address' in made && one.address === made.address
  if (standing.some(isSame)) throw new AuthError('factor_exists')
  const factor: Enrolling = {
    ...made,
    friendlyName: params.friendlyName,
    enrollment: {
      factorId: made.id,
      browser,
      attemptId: record?.id,
      triesLeft: settings.triesPerChallenge,
      expiresAt: now + settings.enrollmentMs,
    },
  }
  const asked = params as Asked
  ask(store, user, factor, asked.channel)
  user.factors.push(factor)
  return showEnrollment(store, user, factor, asked)
}

/** Sends the code again. Rejects `rate_limited` before its wait is over, and `not_supported` for an app, which needs no message. */
export function challengeEnrollment(
  store: MemoryStore,
  browser: Browser,
  { enrollmentId, channel }: { enrollmentId: string; channel?: Channel },
): Enrollment {
  const { user, factor } = openEnrollment(store, browser, enrollmentId)
  if (factor.verified || factor.strategy === 'totp') throw new AuthError('not_supported')
  ask(store, user, factor, channel)
  return showEnrollment(store, user, factor)
}

/**
 * Called again after it has succeeded, it answers with the factor and without backup codes: they are shown once, and nobody can tell whether
 * the first answer arrived. Rejects `factor_not_found` when the enrolment has expired or is gone.
 */
export function verifyEnrollment(
  store: MemoryStore,
  browser: Browser,
  params: { enrollmentId: string } & Proof,
): Verified | Promise<Verified> {
  const open = () => openEnrollment(store, browser, params.enrollmentId)
  const found = open()
  const { user, factor } = found
  if (factor.verified) return answer(store, found)
  if ('address' in factor || factor.strategy === 'totp') {
    proveCode(store, user, factor, params)
    return answer(store, found, count(store, browser, found))
  }
  if (!('credential' in params)) throw new AuthError('not_supported')
  return checkNewKey(store, factor, params.credential).then((made) => {
    const now = open()
    takeNewKey(store, factor, made)
    return answer(store, now, count(store, browser, now))
  })
}

/** Leaves verified factors and other browsers' enrolments alone, and does not tell them apart. */
export function abandonEnrollment(store: MemoryStore, browser: Browser, enrollmentId: string): void {
  const found = findEnrollment(store, browser, enrollmentId)
  if (found && !found.factor.verified) dropFactor(found.user, enrollmentId)
}

function newFactor(user: UserRecord, params: EnrollParams, createdAt: number): FactorRecord {
  const made = { id: randomId('factor'), createdAt, verified: false }
  if (params.type === 'totp') return newTotpFactor(newTotpSecret(), createdAt)
  if (params.type === 'email') return { ...made, strategy: 'email_code', address: user.email }
  if (params.type === 'webauthn') return { ...made, strategy: 'passkey', credential: null }
  if (!isPhone(params.phone)) throw new AuthError('identifier_invalid', undefined, { field: 'phone' })
  return { ...made, strategy: 'phone_code', address: identifierKey(params.phone) }
}

/** Asks for the proof of what is enrolled. */
function ask(store: MemoryStore, user: UserRecord, factor: Enrolling, channel?: Channel): void {
  const { strategy, enrollment } = factor
  if ('credential' in factor) enrollment.sent = askNewKey(store, user)
  if (!('address' in factor)) return
  const { address } = factor
  enrollment.sent = sendCode(store, {
    to: address,
    channel: strategy === 'email_code' ? 'email' : chosen(channel, channelsOf(store).channels),
    purpose: 'enrollment',
    askedKey: ['enrollment', user.id, address].join(),
  })
}

function showEnrollment(
  store: MemoryStore,
  user: UserRecord,
  factor: Enrolling,
  { issuer = store.settings.issuer, user: account = user.email }: { issuer?: string; user?: string } = {},
): Enrollment {
  const { id, strategy, enrollment } = factor
  const pending = { status: 'pending', id, expiresInMs: enrollment.expiresAt - store.clock.now() } as const
  if (strategy === 'totp') {
    return { ...pending, type: 'totp', secret: factor.secret, uri: otpauthUri({ secret: factor.secret, issuer, account }) }
  }
  const { publicKey } = enrollment.sent?.facts ?? {}
  if (publicKey !== undefined) return { ...pending, type: 'webauthn', publicKey }
  return {
    ...pending,
    type: strategy === 'email_code' ? 'email' : 'phone',
    sent: true,
    resendInMs: resendInMs(store, enrollment.sent?.askedKey ?? ''),
    codeLength: store.settings.codeLength,
  }
}

function proveCode(store: MemoryStore, user: UserRecord, factor: Enrolling, proof: Proof): void {
  if (!('code' in proof)) throw new AuthError('not_supported')
  const { enrollment } = factor
  factor.verified =
    factor.strategy === 'totp'
      ? checkTotp(factor, proof.code, store.clock.now()) === 'right'
      : isSentCode(requireSent(store, enrollment), proof.code)
  if (!factor.verified) throw wrongCode(enrollment, () => dropFactor(user, factor.id))
}

/** The factor counts from now on. Answers with the codes that may stand in for it, where it is the first. */
function count(store: MemoryStore, browser: Browser, { user, factor, record }: Opened): readonly string[] | undefined {
  const { strategy: method } = factor
  const at = store.clock.now()
  factor.lastUsedAt = at
  forgetTrust(store, user)
  // A passkey that is a first factor only proves nothing of this session.
  if (isFirstOnly(store, factor)) return undefined
  const passed = { factorId: `${method}:${factor.id}`, method, at }
  const others = user.factors.filter((one) => one.verified && one !== factor && one.strategy !== 'email_code')
  const backupCodes = others.length > 0 || !store.settings.secondFactors.includes('backup_code') ? undefined : randomBackupCodes()
  if (backupCodes) user.backupCodes = unusedCodes(backupCodes)
  if (record) {
    record.second.passed = passed
    complete(store, record)
  } else {
    prove(requireSession(store, browser), null, passed)
    tellLater(browser)
  }
  return backupCodes
}

function answer(store: MemoryStore, { factor, record }: Opened, backupCodes?: readonly string[]): Verified {
  return {
    factor: showFactor(store, factor),
    ...(backupCodes && { backupCodes }),
    ...(record && { attempt: showAttempt(store, record) }),
  }
}

/** Rejects `attempt_lost` when the user has enrolled a factor elsewhere since: sign-in has to ask for that one. */
function requireEnrolling(store: MemoryStore, record: AttemptRecord): AttemptRecord {
  requireStatus(record, 'needs_enrollment')
  if (secondFactorsFor(store, record)?.length) throw new AuthError('attempt_lost')
  return record
}

type Opened = ReturnType<typeof openEnrollment>

/** An enrolment with the attempt or the session that it is of. */
function openEnrollment(store: MemoryStore, browser: Browser, id: string) {
  const found = findEnrollment(store, browser, id)
  const attemptId = found?.factor.enrollment.attemptId
  const record = attemptId ? requireAttempt(store, browser, attemptId, true) : null
  const session = record ? null : requireSession(store, browser)
  if (!found || (session && session.user !== found.user)) throw new AuthError('factor_not_found')
  if (!found.factor.verified) {
    // Asked again, because another browser may have enrolled a factor since: it must not be passed by with a later one.
    if (record) requireEnrolling(store, record)
    if (session) requireElevated(store, session)
  }
  return { ...found, record }
}

function findEnrollment(store: MemoryStore, browser: Browser, id: string): { user: UserRecord; factor: Enrolling } | null {
  for (const user of store.users.values()) {
    const factor = standingFactors(store, user).find((one) => one.id === id && one.enrollment?.browser === browser)
    if (factor) return { user, factor: factor as Enrolling }
  }
  return null
}
