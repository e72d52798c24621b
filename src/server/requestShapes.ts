import type { CallOptions, SignOutScope, StepUpLevel } from '../core/adapter.js'
import type { AttemptRef, CreateParams, PrepareParams, Proof } from '../core/attempt.js'
import type { EnrollParams } from '../core/enrollment.js'
import {
  absent,
  both,
  either,
  flag,
  jsonObject,
  matching,
  one,
  ownOrigin,
  ownUrl,
  record,
  text,
  url,
  whole,
  type Read,
} from './shape.js'

/** What people type, and ids that were handed out. Generous: a backend's own limits are stricter. */
const typed = text(4_096)
const id = text(512, 1)
const channel = one('sms', 'whatsapp')

export const nothing = record({})

export const options: Read<CallOptions> = record({}, { captchaToken: text(8_192) })

/** Of a query, where everything is text. */
export const reading: Read<{ fresh?: boolean }> = (value) => {
  const { fresh } = record({}, { fresh: one('true', 'false') })(value)
  return fresh === undefined ? {} : { fresh: fresh === 'true' }
}

export const create: Read<CreateParams> = either<CreateParams>(
  record({ strategy: one('web3_solana_signature'), address: text(128, 1), origin: ownOrigin }, { chainId: absent }),
  record({
    strategy: matching<`web3_${string}_signature`>(/^web3_(?!solana_)[\w.:-]{1,128}_signature$/),
    address: text(128, 1),
    chainId: whole,
    origin: ownOrigin,
  }),
  record({ strategy: matching<`oauth_${string}`>(/^oauth_[\w.:-]{1,128}$/), redirectUrl: ownUrl }),
  record({ strategy: one('enterprise_sso'), redirectUrl: ownUrl }, { identifier: typed, connection: id }),
  record({ strategy: one('reset_password_email_code', 'reset_password_phone_code'), identifier: typed }),
  // A strategy that is not known must not pass for a sign-in by identifier.
  record({ identifier: typed }, { identifierType: one('email', 'phone', 'username'), password: typed, strategy: absent }),
)

/** Exactly one: which of two would count is nobody's to guess. */
const proof: Read<Proof> = either<Proof>(
  record({ code: typed }, { password: absent, credential: absent, signature: absent }),
  record({ password: typed }, { code: absent, credential: absent, signature: absent }),
  record({ credential: jsonObject }, { code: absent, password: absent, signature: absent }),
  record({ signature: typed }, { code: absent, password: absent, credential: absent }),
)

const factor = record({ factorId: id })
const enrollment = record({ enrollmentId: id })
const attemptId = record({ attempt: id })

/** The attempt crosses as its id alone. */
export type OnAttempt<P> = { readonly ref: AttemptRef; readonly params: P }

export function onAttempt<P>(read: Read<P>): Read<OnAttempt<P>> {
  return (value, isOwn) => ({ ref: { id: attemptId(value).attempt }, params: read(value, isOwn) })
}

export const prepare: Read<PrepareParams> = record({ factorId: id }, { channel, redirectUrl: ownUrl })
export const passFirst = both(factor, proof)
export const passSecond = both(both(factor, proof), record({}, { trustDevice: flag }))
export const newPassword = record({ password: typed }, { signOutOfOtherSessions: flag })
export const resume = record({}, { url })
export const signOut = record({}, { scope: one<SignOutScope>('this', 'others', 'all') })
export const stepUp = record({ level: one<StepUpLevel>('first_factor', 'second_factor', 'multi_factor') })

const common = record({}, { friendlyName: text(256), password: typed, attempt: id })
const kind = either<EnrollParams>(
  record({ type: one('totp') }, { issuer: text(256), user: text(256) }),
  record({ type: one('phone'), phone: text(64, 1) }, { channel }),
  record({ type: one('email') }, { email: text(320) }),
  record({ type: one('webauthn') }),
)

export const enroll: Read<EnrollParams> = (value) => {
  const { attempt, ...rest } = common(value)
  return { ...kind(value), ...rest, ...(attempt !== undefined && { attempt: { id: attempt } }) }
}

export const challenge = both(enrollment, record({}, { channel }))
export const verify = both(enrollment, proof)
export const abandon = enrollment
export const unenroll = both(factor, record({}, { password: typed }))
export const rename = both(factor, record({ friendlyName: text(256, 1) }))
export const makeDefault = factor
export const withPassword = record({}, { password: typed })
