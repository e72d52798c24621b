import { createHash, verify } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type { SignInFirstFactorJSON, SignInSecondFactorJSON } from '@clerk/shared/types'
import { isTestAddress, testCode } from './clerkStandInDevelopment.js'
import { Refusal, type Form, type Instance } from './clerkStandInInstance.js'
import {
  hasSecondPasskey,
  masked,
  maskedNumber,
  newCode,
  newId,
  newToken,
  type Check,
  type PhoneRecord,
  type UserRecord,
} from './clerkStandInState.js'

/** How Clerk's stand-in proves a factor, for sign-ins and reverifications alike. Limits of tries are made up: Clerk does not publish its own. */
export const maxTries = 5
export const lockAfter = 10
const codeMs = 10 * 60_000

export function firstFactors(user: UserRecord, identifier: string): SignInFirstFactorJSON[] {
  const email = { email_address_id: user.emailId, safe_identifier: masked(user.email), primary: true }
  const phones = user.phones.filter((phone) => phone.verified && !phone.reserved)
  const phone = ({ id, number }: PhoneRecord) => ({ phone_number_id: id, safe_identifier: maskedNumber(number) })
  const wallets = user.wallets.filter(({ address }) => address === identifier)
  // The wire says `web3_`; Clerk's type, which is derived, says `web_3_`.
  const wallet = (id: string) => ({ web3_wallet_id: id, web_3_wallet_id: id })
  if (wallets.length > 0)
    return wallets.map(({ id, provider }) => ({ strategy: `web3_${provider}_signature` as const, ...wallet(id) }))
  return [
    { strategy: 'password' },
    { strategy: 'email_code', ...email },
    { strategy: 'email_link', ...email },
    { strategy: 'reset_password_email_code', ...email },
    ...phones.map((one) => ({ strategy: 'phone_code' as const, ...phone(one), channel: 'sms' as const })),
    ...phones.map((one) => ({ strategy: 'reset_password_phone_code' as const, ...phone(one) })),
    ...(user.passkeys.length > 0 ? [{ strategy: 'passkey' as const }] : []),
    ...user.oauth.map((provider) => ({ strategy: `oauth_${provider as 'google'}` as const })),
    // Clerk's types have forgotten `saml`; older instances say it.
    ...(user.sso
      ? [{ strategy: user.sso as 'enterprise_sso', enterprise_connection_id: 'ec_1', enterprise_connection_name: 'Acme' }]
      : []),
  ]
}

export function secondFactors(user: UserRecord): SignInSecondFactorJSON[] {
  const email = { email_address_id: user.emailId, safe_identifier: masked(user.email) }
  const trust = user.newDevice && user.emailSecond.length === 0 ? (['email_code'] as const) : user.emailSecond
  return [
    ...(user.totp?.verified ? [{ strategy: 'totp' as const }] : []),
    ...user.phones
      .filter((phone) => phone.reserved)
      .map(({ id, number, isDefault }) => ({
        strategy: 'phone_code' as const,
        phone_number_id: id,
        safe_identifier: maskedNumber(number),
        default: isDefault,
      })),
    ...trust.map((strategy) => ({ strategy, ...email })),
    ...(hasSecondPasskey(user) ? [{ strategy: 'passkey' as const }] : []),
    ...(user.backupCodes.size > 0 ? [{ strategy: 'backup_code' as const }] : []),
  ]
}

/** Begins a check: sends what has to be sent. */
export function prepare(
  on: Instance,
  user: UserRecord | null,
  strategy: string,
  form: Form,
  linkOf?: (token: string) => string,
): Check {
  const check: Check = { strategy, status: 'unverified', attempts: 0, expireAt: on.now() + codeMs }
  const target = form.email_address_id ?? form.phone_number_id ?? form.web3_wallet_id
  if (strategy === 'passkey') {
    const challenge = newToken()
    const rest = { timeout: 60_000, rpId: 'localhost', userVerification: 'preferred', allowCredentials: [] }
    return { ...check, code: challenge, nonce: JSON.stringify({ challenge, ...rest }) }
  }
  if (!user) throw new Refusal(422, 'strategy_for_user_invalid')
  if (strategy.startsWith('web3_')) {
    const wallet = user.wallets.find(({ id }) => id === target)
    if (!wallet) throw new Refusal(404, 'resource_not_found')
    const isSolana = wallet.provider === 'solana'
    const message = [
      `${new URL(on.settings.site).host} wants you to sign in with your ${isSolana ? 'Solana' : 'Ethereum'} account:`,
      // EIP-4361 or Sign In With Solana, without a statement. Clerk does not publish its own text.
      `${wallet.address}\n${isSolana ? '' : '\n'}`,
      `URI: ${on.settings.site}\nVersion: 1\nChain ID: ${isSolana ? 'mainnet' : 1}`,
      `Nonce: ${newToken().replaceAll(/[-_]/g, '0').slice(0, 12)}`,
      `Issued At: ${new Date(on.now()).toISOString()}`,
    ].join('\n')
    return { ...check, message, target }
  }
  const to = /phone/.test(strategy) ? user.phones.find(({ id }) => id === target)?.number : user.email
  if (!to || (!/phone/.test(strategy) && target && target !== user.emailId)) throw new Refusal(404, 'resource_not_found')
  if (strategy === 'email_link') {
    const token = newToken()
    on.outbox.push({ to, strategy, text: linkOf?.(token) ?? '' })
    return { ...check, code: token, redirectUrl: form.redirect_url ?? '', target }
  }
  if (on.settings.development && isTestAddress(to)) return { ...check, code: testCode, target }
  const code = newCode()
  on.outbox.push({ to, strategy, text: code })
  return { ...check, code, target }
}

/** Takes an answer. Throws Clerk's refusal; a wrong code counts. */
export function attempt(on: Instance, user: UserRecord | null, strategy: string, check: Check | null, form: Form): UserRecord {
  if (strategy === 'passkey') return passkeyOwner(on, check, form.public_key_credential ?? '')
  if (!user) throw new Refusal(422, 'strategy_for_user_invalid')
  if (user.refusal) throw new Refusal(403, user.refusal)
  if (/^(password|totp|backup_code)$/.test(strategy)) {
    if (user.failures >= lockAfter) throw new Refusal(403, 'user_locked')
    user.failures += 1
    if (strategy === 'password' && form.password !== user.password) throw new Refusal(422, 'form_password_incorrect', 'password')
    if (strategy === 'totp') inTime(on, user, form)
    if (strategy === 'backup_code' && !user.backupCodes.delete(form.code ?? ''))
      throw new Refusal(422, 'form_code_incorrect', 'code')
    user.failures = 0
    return user
  }
  if (!check || check.strategy !== strategy) throw new Refusal(422, 'verification_missing')
  if (check.status === 'verified') throw new Refusal(400, 'verification_already_verified')
  if (check.expireAt <= on.now()) {
    check.status = 'expired'
    throw new Refusal(400, 'verification_expired')
  }
  if (check.attempts >= maxTries) throw new Refusal(400, 'verification_failed')
  check.attempts += 1
  if (strategy.startsWith('web3_')) {
    const wallet = user.wallets.find(({ id }) => id === check.target)
    // Its client sends Solana's in base64, with the padding.
    const [given = '', isSolana] = [form.signature, wallet?.provider === 'solana']
    const signature =
      isSolana && /^[\w+/]+=*$/.test(given) ? Buffer.from(given, 'base64') : Buffer.from(given.replace(/^0x/, ''), 'hex')
    if (!wallet || !verify(isSolana ? null : 'sha256', Buffer.from(check.message ?? ''), wallet.publicKey, signature))
      throw new Refusal(422, 'form_param_value_invalid', 'signature')
  } else if (!form.code || form.code !== check.code) {
    if (check.attempts >= maxTries) {
      check.status = 'failed'
      throw new Refusal(400, 'verification_failed')
    }
    throw new Refusal(422, 'form_code_incorrect', 'code')
  }
  check.status = 'verified'
  return user
}

/** A code of an authenticator app works once (RFC 6238 §5.2). */
function inTime(on: Instance, user: UserRecord, { code = '' }: Form): UserRecord {
  const { totp } = user
  if (!totp?.verified) throw new Refusal(422, 'strategy_for_user_invalid')
  proveTotp(on, totp, code)
  return user
}

export function proveTotp(on: Instance, totp: NonNullable<UserRecord['totp']>, code: string): void {
  const timestamp = on.now()
  const delta = new TOTP({ secret: Secret.fromBase32(totp.secret) }).validate({ token: code, timestamp, window: 1 })
  const step = delta === null ? -1 : Math.floor(timestamp / 30_000) + delta
  if (step <= totp.lastStep) throw new Refusal(422, 'form_code_incorrect', 'code')
  totp.lastStep = step
}

interface Assertion {
  readonly id: string
  readonly rawId: string
  readonly type: string
  readonly response: { readonly clientDataJSON: string; readonly authenticatorData: string; readonly signature: string }
}

/** Checks a WebAuthn assertion (WebAuthn §7.2: challenge, credential, signature). */
function passkeyOwner(on: Instance, check: Check | null, sent: string): UserRecord {
  if (check?.strategy !== 'passkey') throw new Refusal(422, 'verification_missing')
  const { id, rawId, response } = JSON.parse(sent) as Assertion
  const bytes = (text: string) => Buffer.from(text, 'base64url')
  const { challenge, type } = JSON.parse(bytes(response.clientDataJSON).toString()) as { challenge: string; type: string }
  const user = on.users.find(({ passkeys }) => passkeys.some((one) => one.credentialId === id))
  const key = user?.passkeys.find((one) => one.credentialId === id)?.publicKey
  const signed = Buffer.concat([
    bytes(response.authenticatorData),
    createHash('sha256').update(bytes(response.clientDataJSON)).digest(),
  ])
  const good = key && id === rawId && type === 'webauthn.get' && challenge === check.code
  if (!user || !good || !verify('sha256', signed, key, bytes(response.signature)))
    throw new Refusal(422, 'passkey_authentication_failure')
  check.status = 'verified'
  return user
}

export const newPhone = (number: string): PhoneRecord => ({
  id: newId('idn'),
  number,
  verified: false,
  reserved: false,
  isDefault: false,
  check: null,
})
