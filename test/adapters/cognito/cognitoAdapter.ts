import {
  AuthError,
  otpauthUri,
  type ActiveSession,
  type AuthAdapter,
  type AuthErrorCode,
  type Factor,
  type Proof,
  type SignInAttempt,
} from '../../../src/core.js'

export interface CognitoOptions {
  /** `https://cognito-idp.<region>.amazonaws.com`, or a `cognito-local`. */
  readonly url: string
  readonly clientId: string
  /** Where the tokens are kept, `sessionStorage` for one. Whoever can read it is signed in. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
}

/** As much of Cognito's answers as is read. */
interface Answer {
  readonly __type?: string
  readonly AuthenticationResult?: Tokens
  readonly ChallengeName?: string
  readonly ChallengeParameters?: { readonly USER_ID_FOR_SRP?: string }
  readonly Session?: string
  readonly SecretCode?: string
  readonly UserAttributes?: readonly { readonly Name: string; readonly Value: string }[]
  readonly UserMFASettingList?: readonly string[]
}

interface Tokens {
  readonly AccessToken: string
  readonly RefreshToken?: string
}

/** What is kept of an attempt. Cognito keeps none, so an answer that is lost leaves it where it was. */
interface Kept {
  attempt: SignInAttempt
  /** Of the challenge that is open: Cognito's own handle on the half-done sign-in. */
  challenge?: { readonly username: string; readonly session: string }
  tokens?: Tokens
  userId?: string
}

/** Cognito's names for what went wrong. What a name means depends on what was asked, so a call may bring its own first. */
const codes: Readonly<Record<string, AuthErrorCode>> = {
  CodeMismatchException: 'code_incorrect',
  EnableSoftwareTokenMFAException: 'code_incorrect',
  ExpiredCodeException: 'code_expired',
  LimitExceededException: 'rate_limited',
  NotAuthorizedException: 'session_lost',
  TooManyRequestsException: 'rate_limited',
}
const atThePassword: typeof codes = {
  InvalidPasswordException: 'invalid_credentials',
  NotAuthorizedException: 'invalid_credentials',
  UserNotFoundException: 'invalid_credentials',
}
const atTheCode: typeof codes = { InvalidParameterException: 'code_incorrect', NotAuthorizedException: 'attempt_lost' }

const app: Factor = { id: 'totp', strategy: 'totp', status: 'verified', removable: true }
const password = [{ id: 'password', strategy: 'password' }] as const
const key = 'cognito-tokens'

/** Amazon Cognito user pools: e-mail address and password, then an authenticator app. */
export function cognitoAdapter({ url, clientId: ClientId, storage }: CognitoOptions): AuthAdapter {
  const book = new Map<string, Kept>()
  const listeners = new Set<() => void>()
  let pending: { readonly id: string; done: boolean } | undefined
  let count = 0

  async function ask(target: string, body: object, own: typeof codes = {}, signal?: AbortSignal): Promise<Answer> {
    const reply = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AWSCognitoIdentityProviderService.${target}`,
      },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    }).catch(() => null)
    const answer = (await reply?.json().catch(() => null)) as Answer | null | undefined
    // Without an answer nobody knows whether it happened: the kit must not hear "wrong".
    if (!reply || !answer || reply.status >= 500) throw new AuthError('network', 'No answer.', { outcome: 'unknown' })
    if (reply.ok) return answer
    const theirs = answer.__type ?? ''
    const lookUp = (table: typeof codes) => (Object.hasOwn(table, theirs) ? table[theirs] : undefined)
    throw new AuthError(lookUp(own) ?? lookUp(codes) ?? 'unknown', `Cognito refused ${target}.`, { cause: theirs })
  }

  function tokens(): Tokens | null {
    return JSON.parse(storage.getItem(key) ?? 'null') as Tokens | null
  }

  function keep(next: Tokens | null): void {
    if (next) storage.setItem(key, JSON.stringify(next))
    else storage.removeItem(key)
    queueMicrotask(() => listeners.forEach((changed) => changed()))
  }

  async function read(): Promise<{ session: ActiveSession; factors: readonly Factor[] } | null> {
    const AccessToken = tokens()?.AccessToken
    if (!AccessToken) return null
    const answer = await ask('GetUser', { AccessToken }).catch((error: AuthError) => {
      if (error.code === 'session_lost') return null
      throw error
    })
    if (!answer) return null
    const attribute = (name: string) => answer.UserAttributes?.find(({ Name }) => Name === name)?.Value
    const factors = answer.UserMFASettingList?.includes('SOFTWARE_TOKEN_MFA') ? [app] : []
    const user = { id: attribute('sub') ?? '', label: attribute('email') ?? '' }
    // Cognito's tokens do not tell which factors were passed, so the level stays unknown, and gates that want one stay closed.
    const session = { id: null, user, currentLevel: null, nextLevel: factors.length > 0 ? 'aal2' : 'aal1', methods: [] } as const
    return { session, factors }
  }

  /** The signed-in person's access token, for what is done in their name. */
  function access(): string {
    return tokens()?.AccessToken ?? fail('session_lost')
  }

  function find({ id }: { readonly id: string }): Kept {
    return book.get(id) ?? fail('attempt_lost')
  }

  function at(ref: { readonly id: string }, status: SignInAttempt['status'], factorId: string): Kept {
    const kept = find(ref)
    if (kept.attempt.status !== status) throw new AuthError('not_supported', `The attempt is at ${kept.attempt.status}.`)
    if (factorId !== (status === 'needs_first_factor' ? 'password' : 'totp')) throw new AuthError('factor_not_found')
    return kept
  }

  /** A password and an authenticator app need no message. */
  function nothingToSend(status: SignInAttempt['status']): AuthAdapter['signIn']['prepareFirstFactor'] {
    return async (ref, { factorId }) => {
      at(ref, status, factorId)
      return fail('not_supported')
    }
  }

  /** Where an answer to a proof leaves the attempt. */
  function moved(kept: Kept, { AuthenticationResult, ChallengeName, ChallengeParameters, Session }: Answer): SignInAttempt {
    if (AuthenticationResult) {
      kept.tokens = AuthenticationResult
      return (kept.attempt = { ...kept.attempt, status: 'complete' })
    }
    kept.challenge = { username: ChallengeParameters?.USER_ID_FOR_SRP ?? '', session: Session ?? '' }
    return (kept.attempt =
      ChallengeName === 'SOFTWARE_TOKEN_MFA'
        ? { ...kept.attempt, status: 'needs_second_factor', supportedSecondFactors: [{ id: 'totp', strategy: 'totp' }] }
        : { ...kept.attempt, status: 'unsupported', detail: ChallengeName ?? 'unknown' })
  }

  async function passPassword(kept: Kept, PASSWORD: string, signal?: AbortSignal): Promise<SignInAttempt> {
    const AuthParameters = { USERNAME: kept.attempt.identifier, PASSWORD }
    return moved(
      kept,
      await ask('InitiateAuth', { AuthFlow: 'USER_PASSWORD_AUTH', ClientId, AuthParameters }, atThePassword, signal),
    )
  }

  return {
    name: 'cognito',
    capabilities: {
      identifiers: ['email'],
      firstFactors: [{ strategy: 'password' }],
      secondFactors: ['totp'],
      firstFactorsPerUser: false,
      enroll: [{ type: 'totp', many: false }],
      managePassword: false,
      survivesReload: 'no',
      trustDevice: false,
      signOutScopes: ['this'],
    },

    signIn: {
      async create(params, options) {
        if ('strategy' in params) throw new AuthError('not_supported')
        const kept: Kept = {
          attempt: {
            id: `attempt_${++count}`,
            purpose: 'sign_in',
            status: 'needs_first_factor',
            identifier: params.identifier,
            supportedFirstFactors: password,
            supportedSecondFactors: null,
            firstFactorVerification: null,
            secondFactorVerification: null,
            // The tokens are kept at finish, so until then there is nobody to sign out.
            cancelSignsOut: false,
          },
        }
        book.set(kept.attempt.id, kept)
        return params.password === undefined ? kept.attempt : passPassword(kept, params.password, options?.signal)
      },

      resume: async () => ({ attempt: null }),
      reload: async (ref) => find(ref).attempt,
      prepareFirstFactor: nothingToSend('needs_first_factor'),
      prepareSecondFactor: nothingToSend('needs_second_factor'),

      async attemptFirstFactor(ref, params, options) {
        const kept = at(ref, 'needs_first_factor', params.factorId)
        return passPassword(kept, 'password' in params ? params.password : fail('not_supported'), options?.signal)
      },

      async attemptSecondFactor(ref, params, options) {
        const kept = at(ref, 'needs_second_factor', params.factorId)
        const { username: USERNAME, session: Session } = kept.challenge ?? fail('attempt_lost')
        const ChallengeResponses = { USERNAME, SOFTWARE_TOKEN_MFA_CODE: codeOf(params) }
        const body = { ClientId, ChallengeName: 'SOFTWARE_TOKEN_MFA', Session, ChallengeResponses }
        return moved(kept, await ask('RespondToAuthChallenge', body, atTheCode, options?.signal))
      },

      async finish(ref) {
        const kept = find(ref)
        if (kept.attempt.status !== 'complete') throw new AuthError('not_supported', `The attempt is at ${kept.attempt.status}.`)
        if (!kept.userId && kept.tokens) keep(kept.tokens)
        const { session } = (await read()) ?? fail('session_lost')
        kept.userId ??= session.user.id
        return kept.userId === session.user.id ? session : fail('session_mismatch')
      },

      async cancel({ id }) {
        const kept = book.get(id)
        book.delete(id)
        // A finish whose answer was lost has kept them already.
        if (kept?.tokens && !kept.userId && tokens()?.AccessToken === kept.tokens.AccessToken) keep(null)
      },
    },

    session: {
      get: async () => (await read())?.session ?? null,
      async signOut() {
        const { RefreshToken: Token } = tokens() ?? {}
        keep(null)
        // A token that Cognito does not know any more needs no revoking.
        if (Token) await ask('RevokeToken', { ClientId, Token }, { NotAuthorizedException: 'session_lost' }).catch(unlessLost)
      },
      subscribe(changed) {
        listeners.add(changed)
        return () => void listeners.delete(changed)
      },
    },

    mfa: {
      listFactors: async () => ((await read()) ?? fail('session_lost')).factors,

      async enroll(params) {
        if (params.type !== 'totp') throw new AuthError('not_supported')
        const { session, factors } = (await read()) ?? fail('session_lost')
        // Cognito would take a new secret in place of the one in use, before it was proved.
        if (factors.length > 0) throw new AuthError('factor_exists')
        const { SecretCode: secret = '' } = await ask('AssociateSoftwareToken', { AccessToken: access() })
        pending = { id: `totp_${++count}`, done: false }
        const uri = otpauthUri({ secret, issuer: params.issuer ?? 'Cognito', account: session.user.label ?? '' })
        return { status: 'pending', type: 'totp', id: pending.id, secret, uri }
      },

      challenge: async () => fail('not_supported'),

      async verify(params) {
        const mine = pending?.id === params.enrollmentId ? pending : fail('attempt_lost')
        if (!mine.done) {
          const AccessToken = access()
          await ask(
            'VerifySoftwareToken',
            { AccessToken, UserCode: codeOf(params) },
            { InvalidParameterException: 'code_incorrect' },
          )
          await ask('SetUserMFAPreference', { AccessToken, SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true } })
        }
        mine.done = true
        return { factor: app }
      },

      async abandon({ enrollmentId }) {
        if (pending?.id === enrollmentId) pending = undefined
      },

      async unenroll() {
        await ask('SetUserMFAPreference', { AccessToken: access(), SoftwareTokenMfaSettings: { Enabled: false } })
      },
    },
  }
}

const codeOf = (proof: Proof) => ('code' in proof ? proof.code : fail('not_supported'))

function unlessLost(error: AuthError): void {
  if (error.code !== 'session_lost') throw error
}

function fail(code: AuthErrorCode): never {
  throw new AuthError(code)
}
