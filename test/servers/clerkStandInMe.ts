import { createPublicKey } from 'node:crypto'
import { Secret } from 'otpauth'
import type { BackupCodeJSON, DeletedObjectJSON, TOTPJSON } from '@clerk/shared/types'
import { attempt, newPhone, prepare, proveTotp } from './clerkStandInFactors.js'
import { Refusal, type Call } from './clerkStandInInstance.js'
import {
  newId,
  newToken,
  passkeyJson,
  phoneJson,
  type PasskeyRecord,
  type PhoneRecord,
  type UserRecord,
} from './clerkStandInState.js'

/** What the stand-in does for whoever is signed in (`/v1/me`). */

/** Clerk wants a factor that was passed a short while ago. */
function requireRecent({ on, session }: Call): UserRecord {
  const { user, passed } = session()
  const last = Math.max(...passed.map((at) => at ?? 0))
  if (on.now() - last > on.settings.reverifyMs) throw new Refusal(403, 'session_reverification_required')
  return user
}

function totpJson(totp: NonNullable<UserRecord['totp']>, user: UserRecord, extra: Partial<TOTPJSON> = {}) {
  return { object: 'totp', id: totp.id, verified: totp.verified, created_at: 1, updated_at: 1, ...extra } satisfies TOTPJSON
}

export function createTotp(call: Call) {
  const user = requireRecent(call)
  if (user.totp?.verified) throw new Refusal(400, 'totp_already_exists')
  const secret = new Secret({ size: 20 }).base32
  user.totp = { id: newId('totp'), secret, verified: false, lastStep: 0 }
  const uri = `otpauth://totp/Acme:${user.email}?algorithm=SHA1&digits=6&issuer=Acme&period=30&secret=${secret}`
  return totpJson(user.totp, user, { secret, uri })
}

export function verifyTotp(call: Call) {
  const session = call.session()
  const { user } = session
  const { totp } = user
  if (!totp) throw new Refusal(404, 'resource_not_found')
  if (totp.verified) throw new Refusal(400, 'verification_already_verified')
  proveTotp(call.on, totp, call.form.code ?? '')
  totp.verified = true
  session.passed[1] = call.on.now()
  session.tasks = session.tasks.filter(({ key }) => key !== 'setup-mfa')
  user.tasks = user.tasks.filter(({ key }) => key !== 'setup-mfa')
  if (user.backupCodes.size > 0) return totpJson(totp, user)
  return totpJson(totp, user, { backup_codes: newBackupCodes(user) })
}

function newBackupCodes(user: UserRecord): string[] {
  const codes = Array.from({ length: 10 }, () => newToken().replace(/\W/g, '').slice(0, 8).toLowerCase())
  user.backupCodes = new Set(codes)
  return codes
}

export function disableTotp(call: Call) {
  const user = requireRecent(call)
  if (!user.totp?.verified) throw new Refusal(404, 'resource_not_found')
  const { id } = user.totp
  user.totp = null
  user.backupCodes.clear()
  return { object: 'totp', id, deleted: true } satisfies DeletedObjectJSON
}

export function createBackupCodes(call: Call) {
  const user = requireRecent(call)
  if (!user.totp?.verified && !user.phones.some(({ reserved }) => reserved)) throw new Refusal(422, 'backup_codes_not_available')
  return {
    object: 'backup_code',
    id: newId('bc'),
    codes: newBackupCodes(user),
    created_at: 1,
    updated_at: 1,
  } satisfies BackupCodeJSON
}

function phoneOf({ ids, session }: Call): PhoneRecord {
  const phone = session().user.phones.find(({ id }) => id === ids[0])
  if (!phone) throw new Refusal(404, 'resource_not_found')
  return phone
}

export function createPhone(call: Call) {
  const user = requireRecent(call)
  const { phone_number: number = '' } = call.form
  if (!/^\+\d{8,15}$/.test(number)) throw new Refusal(422, 'form_param_format_invalid', 'phone_number')
  if (call.on.users.some(({ phones }) => phones.some((one) => one.number === number)))
    throw new Refusal(422, 'form_identifier_exists', 'phone_number')
  const phone = newPhone(number)
  user.phones.push(phone)
  return phoneJson(phone)
}

export function preparePhone(call: Call) {
  const phone = phoneOf(call)
  phone.check = prepare(call.on, call.session().user, 'phone_code', { phone_number_id: phone.id })
  return phoneJson(phone)
}

export function attemptPhone(call: Call) {
  const phone = phoneOf(call)
  attempt(call.on, call.session().user, 'phone_code', phone.check, call.form)
  phone.verified = true
  return phoneJson(phone)
}

export function changePhone(call: Call) {
  const user = requireRecent(call)
  const phone = phoneOf(call)
  const { reserved_for_second_factor: reserved, default_second_factor: isDefault } = call.form
  if (!phone.verified) throw new Refusal(400, 'client_state_invalid')
  if (reserved !== undefined) phone.reserved = reserved === 'true'
  if (isDefault === 'true') for (const one of user.phones) one.isDefault = one === phone
  if (!phone.reserved) return phoneJson(phone)
  const session = call.session()
  session.tasks = session.tasks.filter(({ key }) => key !== 'setup-mfa')
  user.tasks = user.tasks.filter(({ key }) => key !== 'setup-mfa')
  if (user.backupCodes.size > 0) return phoneJson(phone)
  return { ...phoneJson(phone), backup_codes: newBackupCodes(user) }
}

export function deletePhone(call: Call) {
  const phone = phoneOf(call)
  const { user } = call.session()
  user.phones = user.phones.filter((one) => one !== phone)
  return { object: 'phone_number', id: phone.id, deleted: true } satisfies DeletedObjectJSON
}

function passkeyOf({ ids, session }: Call): PasskeyRecord {
  const passkey = session().user.passkeys.find(({ id }) => id === ids[0])
  if (!passkey) throw new Refusal(404, 'resource_not_found')
  return passkey
}

export function createPasskey(call: Call) {
  const user = requireRecent(call)
  const challenge = newToken()
  const passkey = { id: newId('psk'), name: null, credentialId: '', publicKey: null, challenge, createdAt: call.on.now() }
  user.passkeys.push(passkey)
  return passkeyJson(
    passkey,
    JSON.stringify({
      challenge,
      rp: { id: 'localhost', name: 'Acme' },
      user: { id: Buffer.from(user.id).toString('base64url'), name: user.email, displayName: user.email },
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      timeout: 60_000,
      excludeCredentials: [],
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'preferred' },
      attestation: 'none',
    }),
  )
}

/** The attestation object is not read: the test's authenticator puts its public key there as it is. */
export function attemptPasskey(call: Call) {
  const passkey = passkeyOf(call)
  const { id, response } = JSON.parse(call.form.public_key_credential ?? '{}') as {
    id: string
    response: { clientDataJSON: string; attestationObject: string }
  }
  const bytes = (text: string) => Buffer.from(text, 'base64url')
  const { challenge } = JSON.parse(bytes(response.clientDataJSON).toString()) as { challenge: string }
  if (challenge !== passkey.challenge) throw new Refusal(422, 'passkey_registration_failure')
  passkey.credentialId = id
  passkey.publicKey = createPublicKey({ key: bytes(response.attestationObject), format: 'der', type: 'spki' })
  return passkeyJson(passkey)
}

export function changePasskey(call: Call) {
  const passkey = passkeyOf(call)
  passkey.name = call.form.name ?? null
  return passkeyJson(passkey)
}

export function deletePasskey(call: Call) {
  const passkey = passkeyOf(call)
  const { user } = call.session()
  user.passkeys = user.passkeys.filter((one) => one !== passkey)
  return { object: 'passkey', id: passkey.id, deleted: true } satisfies DeletedObjectJSON
}
