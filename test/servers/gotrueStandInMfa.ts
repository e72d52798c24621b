import { randomBytes, randomUUID } from 'node:crypto'
import type {
  AuthMFAChallengePhoneResponse,
  AuthMFAChallengeTOTPResponse,
  AuthMFAChallengeWebauthnResponseDataJSON,
  AuthMFAEnrollPhoneResponse,
  AuthMFAEnrollTOTPResponse,
  AuthMFAEnrollWebauthnResponse,
  AuthMFAUnenrollResponse,
  AuthMFAVerifyResponseData,
} from '@supabase/auth-js'
import { Secret, TOTP } from 'otpauth'
import type { Body } from './gotrueStandInShapes.js'
import {
  base64url,
  GotrueError,
  randomCode,
  type ChallengeRecord,
  type FactorRecord,
  type SessionRecord,
  type State,
} from './gotrueStandInState.js'

export type Data<R extends { data: unknown }> = NonNullable<R['data']>

/** The factors' part of the server, written after its published behaviour. WebAuthn signatures are not checked, only challenge and key id. */
export function createMfaRoutes(state: State) {
  const { settings } = state

  function findFactor({ user }: SessionRecord, id: string): FactorRecord {
    const factor = user.factors.find((one) => one.id === id)
    if (!factor) throw new GotrueError(404, 'mfa_factor_not_found', 'Factor not found')
    return factor
  }

  function requireEnabled(type: string, act: 'enroll' | 'verify') {
    if (!settings.enabled.has(type))
      throw new GotrueError(422, `mfa_${type}_${act}_not_enabled`, `MFA ${act} is disabled for ${type}`)
  }

  function enroll({ user, aal }: SessionRecord, body: Body) {
    const type = String(body.factor_type)
    if (type !== 'totp' && type !== 'phone' && type !== 'webauthn')
      throw new GotrueError(400, 'validation_failed', 'factor_type needs to be totp, phone, or webauthn')
    requireEnabled(type, 'enroll')
    const phone = (body.phone ?? '').replace(/^\+/, '')
    if (type === 'phone') {
      if (!/^[1-9]\d{1,14}$/.test(phone))
        throw new GotrueError(400, 'validation_failed', 'Invalid phone number format (E.164 required)')
      const same = user.factors.find((one) => one.phone === phone)
      if (same?.verified)
        throw new GotrueError(
          422,
          'mfa_verified_factor_exists',
          'A verified phone factor already exists, unenroll the existing factor to continue',
        )
      user.factors = user.factors.filter((one) => one !== same)
    }
    const name = body.friendly_name ?? ''
    const stillGood = ({ id, verified, createdAt }: FactorRecord) =>
      verified || createdAt + 300_000 > state.now() || state.challenges.some(({ factorId }) => factorId === id)
    user.factors = user.factors.filter(stillGood)
    if (user.factors.some((one) => one.name === name))
      throw new GotrueError(
        422,
        'mfa_factor_name_conflict',
        `A factor with the friendly name "${name}" for this user already exists`,
      )
    if (user.factors.length >= settings.maxFactors)
      throw new GotrueError(
        422,
        'too_many_enrolled_mfa_factors',
        'Maximum number of verified factors reached, unenroll to continue',
      )
    if (user.factors.some(({ verified }) => verified) && aal !== 'aal2')
      throw new GotrueError(403, 'insufficient_aal', 'AAL2 required to enroll a new factor')
    const secret = new Secret({ size: 20 }).base32
    const factor: FactorRecord = {
      id: randomUUID(),
      type,
      name,
      verified: false,
      createdAt: state.now(),
      ...(type === 'totp' && { secret }),
      ...(type === 'phone' && { phone }),
    }
    user.factors.push(factor)
    const base = { id: factor.id, friendly_name: name }
    if (type === 'phone') return { ...base, type, phone } satisfies Data<AuthMFAEnrollPhoneResponse>
    if (type === 'webauthn') return { ...base, type } satisfies Data<AuthMFAEnrollWebauthnResponse>
    const uri = new TOTP({ issuer: body.issuer ?? 'stand-in', label: user.email ?? '', secret }).toString()
    return { ...base, type, totp: { qr_code: '<svg/>', secret, uri } } satisfies Data<AuthMFAEnrollTOTPResponse>
  }

  function unenroll(session: SessionRecord, id: string) {
    const factor = findFactor(session, id)
    if (factor.verified && session.aal !== 'aal2')
      throw new GotrueError(422, 'insufficient_aal', 'AAL2 required to unenroll verified factor')
    session.user.factors = session.user.factors.filter((one) => one !== factor)
    for (const other of state.sessions.filter((one) => one.factorId === id)) {
      other.aal = 'aal1'
      other.amr.delete(factor.type)
    }
    return { id } satisfies Data<AuthMFAUnenrollResponse>
  }

  function challenge(session: SessionRecord, id: string, body: Body) {
    const factor = findFactor(session, id)
    requireEnabled(factor.type, 'verify')
    const made: ChallengeRecord = {
      id: randomUUID(),
      factorId: id,
      madeAt: state.now(),
      ...(factor.type === 'phone' && { code: randomCode() }),
      ...(factor.type === 'webauthn' && { nonce: randomBytes(16).toString('base64url') }),
    }
    if (factor.type === 'phone') {
      const since = state.now() - (factor.challengedAt ?? -Infinity)
      if (since < settings.resendMs) throw tooSoon('sms', settings.resendMs - since)
      if (body.channel !== 'sms' && body.channel !== 'whatsapp')
        throw new GotrueError(400, 'validation_failed', 'Invalid channel')
      state.outbox.push({ to: factor.phone ?? '', channel: body.channel, code: made.code ?? '' })
    }
    factor.challengedAt = state.now()
    state.challenges.push(made)
    const base = { id: made.id, expires_at: Math.floor((made.madeAt + settings.challengeMs) / 1000) }
    if (factor.type !== 'webauthn')
      return { ...base, type: factor.type } satisfies Data<AuthMFAChallengeTOTPResponse | AuthMFAChallengePhoneResponse>
    const request = { challenge: made.nonce ?? '', rpId: 'localhost', timeout: 300_000 }
    return {
      ...base,
      type: factor.type,
      webauthn: factor.verified
        ? {
            type: 'request',
            credential_options: {
              publicKey: { ...request, allowCredentials: [{ id: factor.credentialId ?? '', type: 'public-key' }] },
            },
          }
        : {
            type: 'create',
            credential_options: {
              publicKey: {
                challenge: made.nonce ?? '',
                rp: { id: 'localhost', name: 'stand-in' },
                user: { id: base64url(session.user.id), name: session.user.email ?? '', displayName: '' },
                pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
              },
            },
          },
    } satisfies AuthMFAChallengeWebauthnResponseDataJSON
  }

  function verify(session: SessionRecord, id: string, body: Body): AuthMFAVerifyResponseData {
    const factor = findFactor(session, id)
    requireEnabled(factor.type, 'verify')
    const made = state.challenges.find((one) => one.id === body.challenge_id && one.factorId === id)
    if (!made) throw new GotrueError(422, 'mfa_factor_not_found', 'MFA factor with the provided challenge ID not found')
    if (made.used) throw new GotrueError(422, 'mfa_ip_address_mismatch', 'Challenge and verify IP addresses mismatch.')
    if (made.madeAt + settings.challengeMs < state.now())
      throw new GotrueError(
        422,
        'mfa_challenge_expired',
        `MFA challenge ${made.id} has expired, verify against another challenge or create a new challenge.`,
      )
    if (settings.hookRejects) {
      state.end(({ user }) => user === session.user)
      throw new GotrueError(403, 'mfa_verification_rejected', 'Further MFA verification attempts will be rejected.')
    }
    if (factor.type === 'webauthn') checkCredential(factor, made, body.webauthn)
    else {
      const code = String(body.code)
      const isRight =
        factor.type === 'phone'
          ? code === made.code
          : new TOTP({ secret: factor.secret ?? '' }).validate({ token: code, timestamp: state.now(), window: 1 }) !== null
      if (!isRight)
        throw new GotrueError(
          422,
          'mfa_verification_failed',
          factor.type === 'phone' ? 'Invalid MFA Phone code entered' : 'Invalid TOTP code entered',
        )
    }
    made.used = true
    factor.verified = true
    session.aal = 'aal2'
    session.factorId = id
    session.amr.set(factor.type === 'totp' ? 'totp' : `mfa/${factor.type}`, state.seconds())
    state.end(({ user, aal }) => user === session.user && aal === 'aal1')
    session.user.factors = session.user.factors.filter((one) => one.verified || one.type !== factor.type)
    return state.issue(session) satisfies AuthMFAVerifyResponseData
  }

  return { enroll, unenroll, challenge, verify }
}

export function tooSoon(what: 'sms' | 'email', ms: number): GotrueError {
  const text = `For security purposes, you can only request this after ${Math.ceil(ms / 1000)} seconds.`
  return new GotrueError(429, `over_${what}_send_rate_limit`, text)
}

/** `clientDataJSON` carries the challenge (WebAuthn Level 3 §5.8.1). */
export function clientChallenge(credential: unknown): { id: string; challenge: string; type: string } {
  const { id, response } = credential as { id?: unknown; response?: { clientDataJSON?: unknown } }
  if (typeof id !== 'string' || typeof response?.clientDataJSON !== 'string')
    throw new GotrueError(400, 'validation_failed', 'Invalid credential_response')
  const data = JSON.parse(Buffer.from(response.clientDataJSON, 'base64url').toString()) as { challenge: string; type: string }
  return { id, ...data }
}

function checkCredential(factor: FactorRecord, made: ChallengeRecord, webauthn: unknown) {
  const { type, credential_response } = (webauthn ?? {}) as { type?: unknown; credential_response?: unknown }
  const wanted = factor.verified ? 'request' : 'create'
  if (type !== wanted) throw new GotrueError(400, 'validation_failed', 'WebAuthn type must be create or request')
  const client = clientChallenge(credential_response)
  const isRight =
    client.challenge === made.nonce &&
    client.type === (wanted === 'create' ? 'webauthn.create' : 'webauthn.get') &&
    (!factor.verified || client.id === factor.credentialId)
  if (!isRight) throw new GotrueError(422, 'mfa_verification_failed', 'Invalid credential')
  factor.credentialId = client.id
}
