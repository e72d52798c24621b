import type { MfaApi, SignInApi } from '../../core/adapter.js'
import type { AttemptRef } from '../../core/attempt.js'
import { awaiting } from '../../core/attemptBook.js'
import { AuthError } from '../../core/AuthError.js'
import { noAnswer } from '../../core/backendError.js'
import type { Enrollment, Factor, Verified } from '../../core/enrollment.js'
import { ask, run } from './ask.js'
import type { Attempts } from './attempts.js'
import type { ClerkInstance, ClerkPasskey, ClerkPhone, ClerkUser } from './clerkInstance.js'
import { userOf, type Sessions } from './session.js'

/** An enrolment that has begun. */
interface Pending {
  readonly phone?: ClerkPhone
  readonly attempt?: AttemptRef | undefined
  /** An answer to `verify` was lost. */
  doubt?: boolean
  done?: boolean
}

const proved = { status: 'verified', removable: true } as const
const app: Factor = { ...proved, id: 'totp', strategy: 'totp', changes: [] }

export function createMfa(clerk: ClerkInstance, { current }: Sessions, { find }: Attempts, { reload }: SignInApi): MfaApi {
  const begun = new Map<string, Pending>()
  const user = () => userOf(clerk.session)

  async function fresh(): Promise<ClerkUser> {
    return userOf(await current())
  }

  function pendingOf(id: string): Pending {
    const pending = begun.get(id)
    if (!pending) throw new AuthError('attempt_lost')
    return pending
  }

  async function send(id: string, phone: ClerkPhone): Promise<Enrollment> {
    await ask(() => phone.prepareVerification(), 'verification', phone)
    return { status: 'pending', type: 'phone', id, sent: true }
  }

  async function addPhone(phoneNumber: string, attempt: AttemptRef | undefined): Promise<Enrollment> {
    const bare = (number: string) => number.replace(/[^\d+]/g, '')
    const known = user().phoneNumbers.find((phone) => bare(phone.phoneNumber) === bare(phoneNumber))
    const phone = known ?? (await ask(() => user().createPhoneNumber({ phoneNumber }), 'id'))
    const id = idOf(phone)
    begun.set(id, { phone, attempt })
    if (phone.verification.status !== 'verified') return send(id, phone)
    return { status: 'verified', result: await reserve(phone, attempt) }
  }

  async function reserve(phone: ClerkPhone, attempt: AttemptRef | undefined): Promise<Verified> {
    const on = await ask(() => phone.setReservedForSecondFactor({ reserved: true }), 'verification', phone)
    return result(phoneFactor(on), attempt, on.backupCodes)
  }

  async function result(factor: Factor, attempt: AttemptRef | undefined, codes?: readonly string[]): Promise<Verified> {
    return { factor, backupCodes: codes?.length ? codes : undefined, attempt: attempt && (await reload(attempt)) }
  }

  return {
    async listFactors() {
      const { totpEnabled, phoneNumbers, passkeys } = await fresh()
      return [...(totpEnabled ? [app] : []), ...phoneNumbers.filter(counts).map(phoneFactor), ...passkeys.map(passkeyFactor)]
    },

    async enroll(params) {
      const { attempt } = params
      // A session with tasks is not in use yet, and its user can do nothing before it is.
      const session = attempt && find(attempt).sessionId
      if (session && clerk.session?.id !== session) await run(() => clerk.setActive({ session, navigate: () => undefined }))
      if (params.type === 'phone') return addPhone(params.phone, attempt)
      if (params.type === 'webauthn') {
        const passkey = await ask(() => user().createPasskey(), 'id')
        return { status: 'verified', result: await result(passkeyFactor(passkey), attempt) }
      }
      if (params.type !== 'totp') throw new AuthError('not_supported')
      const { id, secret, uri } = await ask(() => user().createTOTP(), 'secret')
      if (!secret || !uri) throw noAnswer()
      begun.set(id, { attempt })
      return { status: 'pending', type: 'totp', id, secret, uri }
    },

    async challenge({ enrollmentId }) {
      const { phone } = pendingOf(enrollmentId)
      if (!phone) throw new AuthError('not_supported')
      return send(enrollmentId, phone)
    },

    async verify({ enrollmentId, code: typed = '' }: { enrollmentId: string; code?: string }) {
      const mine = pendingOf(enrollmentId)
      const { phone, attempt } = mine
      const code = typed.replace(/\D/g, '')
      if (phone) {
        if (mine.doubt || mine.done)
          mine.done = (await fresh()).phoneNumbers.some((one) => one.id === phone.id && isVerified(one))
        if (!mine.done)
          await awaiting(
            mine,
            ask(() => phone.attemptVerification({ code }), 'verification', phone, { code }),
          )
        mine.done = true
        return reserve(phone, attempt)
      }
      if (mine.doubt) mine.done = (await fresh()).totpEnabled
      if (mine.done) return result(app, attempt)
      const { backupCodes } = await awaiting(
        mine,
        ask(() => user().verifyTOTP({ code }), 'verified', undefined, { code }),
      )
      mine.done = true
      return result(app, attempt, backupCodes)
    },

    async abandon({ enrollmentId }) {
      const { phone, done } = begun.get(enrollmentId) ?? {}
      begun.delete(enrollmentId)
      // An unproved secret stays until the next enrolment and guards nothing; an unproved number stays on the account.
      if (phone && !done && !isVerified(phone)) await run(() => phone.destroy())
    },

    async unenroll({ factorId }) {
      const { totpEnabled, phoneNumbers, passkeys } = await fresh()
      const phone = phoneNumbers.filter(counts).find((one) => idOf(one) === factorId)
      const passkey = passkeys.find((one) => passkeyFactor(one).id === factorId)
      if (phone) await ask(() => phone.setReservedForSecondFactor({ reserved: false }), 'verification', phone)
      else if (passkey) await ask(() => passkey.delete(), 'deleted')
      else if (factorId === app.id && totpEnabled) await ask(() => user().disableTOTP(), 'deleted')
      else throw new AuthError('factor_not_found')
    },

    async makeDefault({ factorId }) {
      const phone = (await fresh()).phoneNumbers.filter(counts).find((one) => idOf(one) === factorId)
      if (!phone) throw new AuthError('not_supported')
      await ask(() => phone.makeDefaultSecondFactor(), 'verification', phone)
    },

    async rename({ factorId, friendlyName: name }) {
      const passkey = (await fresh()).passkeys.find((one) => passkeyFactor(one).id === factorId)
      if (!passkey) throw new AuthError('not_supported')
      return passkeyFactor(await ask(() => passkey.update({ name }), 'updatedAt', passkey))
    },

    backupCodes: {
      // How many are left is told to nobody.
      status: async () => ((await fresh()).backupCodeEnabled ? {} : { total: 0, remaining: 0 }),
      generate: async () => (await ask(() => user().createBackupCode(), 'id')).codes,
    },
  }
}

const idOf = ({ id }: ClerkPhone) => `phone_code:${id}`

const counts = (phone: ClerkPhone) => phone.reservedForSecondFactor

const isVerified = ({ verification }: ClerkPhone) => verification.status === 'verified'

function phoneFactor(phone: ClerkPhone): Factor {
  const hint = phone.phoneNumber.replace(/\d(?=\d{4})/g, '•')
  return {
    ...proved,
    id: idOf(phone),
    strategy: 'phone_code',
    hint,
    isDefault: phone.defaultSecondFactor,
    changes: ['make_default'],
  }
}

function passkeyFactor({ id, name, createdAt, lastUsedAt }: ClerkPasskey): Factor {
  return {
    ...proved,
    id: `passkey:${id}`,
    strategy: 'passkey',
    changes: ['rename'],
    friendlyName: name ?? undefined,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString(),
  }
}
