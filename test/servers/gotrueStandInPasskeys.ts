import { randomUUID } from 'node:crypto'
import type {
  PasskeyAuthenticationOptionsResponse,
  PasskeyListItem,
  PasskeyMetadata,
  PasskeyRegistrationOptionsResponse,
  Session as VendorSession,
} from '@supabase/auth-js'
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { checkCaptcha } from './gotrueStandInProviders.js'
import type { Body } from './gotrueStandInShapes.js'
import { GotrueError, type PasskeyRecord, type SessionRecord, type State } from './gotrueStandInState.js'

const rpID = 'localhost'

interface Ceremony {
  readonly challenge: string
  readonly madeAt: number
  /** Whose passkey is made; absent at a sign-in, which names nobody. */
  readonly userId?: string
}

/**
 * The passkeys' part of the server, with real signatures. Its routes are in no published description yet, so they are written after the server's
 * own source.
 */
export function createPasskeyRoutes(state: State) {
  const { settings, users } = state
  const ceremonies = new Map<string, Ceremony>()
  const failed = () => new GotrueError(400, 'webauthn_verification_failed', 'Credential verification failed')

  function requireEnabled() {
    if (!settings.enabled.has('passkey')) throw new GotrueError(404, 'passkey_disabled', 'Passkeys are disabled')
  }

  /** Who has a second factor manages passkeys with it only. Listing and naming are free. */
  function requireLevel({ user, aal }: SessionRecord) {
    if (aal !== 'aal2' && user.factors.some(({ verified }) => verified))
      throw new GotrueError(403, 'insufficient_aal', 'AAL2 session is required to manage passkeys when MFA is enabled')
  }

  function requireRoom({ user }: SessionRecord) {
    if (user.passkeys.length >= settings.maxFactors)
      throw new GotrueError(422, 'too_many_passkeys', 'Maximum number of passkeys reached')
  }

  function begin(challenge: string, userId?: string) {
    const id = randomUUID()
    ceremonies.set(id, { challenge, madeAt: state.now(), ...(userId && { userId }) })
    return { challenge_id: id, expires_at: Math.floor((state.now() + settings.challengeMs) / 1000) }
  }

  /** Whatever comes of it, a challenge is good once, and for whom it was made. */
  function consume(id: unknown, userId?: string): string {
    const made = ceremonies.get(String(id))
    if (!made || made.userId !== userId)
      throw new GotrueError(400, 'webauthn_challenge_not_found', 'Challenge not found or already used')
    ceremonies.delete(String(id))
    if (made.madeAt + settings.challengeMs < state.now())
      throw new GotrueError(400, 'webauthn_challenge_expired', 'Challenge has expired')
    return made.challenge
  }

  function find({ user }: SessionRecord, id: string): PasskeyRecord {
    const passkey = user.passkeys.find((one) => one.id === id)
    if (!passkey) throw new GotrueError(404, 'validation_failed', 'Passkey not found')
    return passkey
  }

  return {
    async registrationOptions(session: SessionRecord): Promise<PasskeyRegistrationOptionsResponse> {
      requireEnabled()
      requireLevel(session)
      requireRoom(session)
      const { user } = session
      const options = await generateRegistrationOptions({
        rpID,
        rpName: 'stand-in',
        userID: Buffer.from(user.handle),
        userName: user.email ?? user.phone ?? '',
        attestationType: 'none',
        excludeCredentials: user.passkeys.map(({ credentialId: id }) => ({ id })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
      })
      return { ...begin(options.challenge, user.id), options: options as PasskeyRegistrationOptionsResponse['options'] }
    },

    async register(session: SessionRecord, body: Body): Promise<PasskeyMetadata> {
      requireEnabled()
      requireLevel(session)
      const { user } = session
      const expectedChallenge = consume(body.challenge_id, user.id)
      const { registrationInfo } = await verifyRegistrationResponse({
        response: body.credential as never,
        expectedChallenge,
        expectedOrigin: settings.origins,
        expectedRPID: rpID,
        requireUserVerification: false,
      }).catch(() => ({ registrationInfo: undefined }))
      if (!registrationInfo) throw failed()
      requireRoom(session)
      const { id: credentialId, publicKey, counter } = registrationInfo.credential
      if (users.some(({ passkeys }) => passkeys.some((one) => one.credentialId === credentialId)))
        throw new GotrueError(422, 'webauthn_credential_exists', 'This credential is already registered')
      // Named after the kind of authenticator, where it says one.
      const made = { id: randomUUID(), credentialId, publicKey, counter, name: 'Passkey', createdAt: state.now() }
      user.passkeys.push(made)
      const { id, friendly_name, created_at } = shown(made)
      return { id, friendly_name, created_at } satisfies PasskeyMetadata
    },

    list(session: SessionRecord): PasskeyListItem[] {
      requireEnabled()
      return session.user.passkeys.map(shown)
    },

    rename(session: SessionRecord, id: string, { friendly_name: name = '' }: Body): PasskeyListItem {
      requireEnabled()
      if (!name) throw new GotrueError(400, 'validation_failed', 'friendly_name is required')
      if (Buffer.byteLength(name) > 120)
        throw new GotrueError(400, 'validation_failed', 'friendly_name must be 120 characters or less')
      return shown(Object.assign(find(session, id), { name }))
    },

    remove(session: SessionRecord, id: string) {
      requireEnabled()
      requireLevel(session)
      const gone = find(session, id)
      session.user.passkeys = session.user.passkeys.filter((one) => one !== gone)
    },

    async authenticationOptions(body: Body): Promise<PasskeyAuthenticationOptionsResponse> {
      requireEnabled()
      checkCaptcha(settings, body)
      const options = await generateAuthenticationOptions({ rpID, userVerification: 'preferred' })
      return { ...begin(options.challenge), options: options as PasskeyAuthenticationOptionsResponse['options'] }
    },

    /** Whose it is, the authenticator says. */
    async authenticate(body: Body): Promise<VendorSession> {
      requireEnabled()
      const expectedChallenge = consume(body.challenge_id)
      const { id, response } = body.credential as { id: string; response: { userHandle?: string } }
      const handle = Buffer.from(response.userHandle ?? '', 'base64url').toString()
      const user = users.find((one) => one.handle === handle)
      const passkey = user?.passkeys.find(({ credentialId }) => credentialId === id)
      if (!user || !passkey) throw failed()
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response: body.credential as never,
        expectedChallenge,
        expectedOrigin: settings.origins,
        expectedRPID: rpID,
        requireUserVerification: false,
        credential: { id, publicKey: passkey.publicKey, counter: passkey.counter },
      }).catch(() => ({ verified: false, authenticationInfo: undefined }))
      if (!verified || !authenticationInfo) throw failed()
      Object.assign(passkey, { counter: authenticationInfo.newCounter, lastUsedAt: state.now() })
      return state.begin(user, 'passkey')
    },
  }
}

function shown({ id, name, createdAt, lastUsedAt }: PasskeyRecord) {
  const iso = (at: number) => new Date(at).toISOString()
  return {
    id,
    friendly_name: name,
    created_at: iso(createdAt),
    ...(lastUsedAt && { last_used_at: iso(lastUsedAt) }),
  } satisfies PasskeyListItem
}
