import { randomBytes, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Secret, TOTP } from 'otpauth'
import { readCall, Refused, type Body, type Call, type Method, type Shapes } from './workosShapes.js'
import { createProviders } from './workosStandInProviders.js'

const minutes = 60_000

/** Of whoever has to choose. */
const memberOf = [
  { id: 'org_1', name: 'One' },
  { id: 'org_2', name: 'Two' },
]

interface StandInUser {
  readonly id: string
  readonly email: string
  readonly password: string
  /** What WorkOS asks this user for before a session, beside MFA. */
  asks?: 'email_verification_required' | 'organization_selection_required' | 'sso_required' | 'radar_email_challenge' | undefined
}

interface StandInFactor {
  readonly id: string
  readonly type: 'totp' | 'sms'
  readonly userId?: string
  readonly totp?: TOTP
  readonly phone?: string
  readonly at: number
}

interface StandInChallenge {
  readonly id: string
  readonly factor: StandInFactor
  readonly at: number
  readonly expiresAt?: number
  readonly code?: string
  verified: boolean
}

interface StandInSession {
  readonly id: string
  readonly userId: string
  readonly at: number
  status: 'active' | 'revoked'
}

export type WorkOSStandIn = Awaited<ReturnType<typeof startWorkOSStandIn>>

/**
 * A stand-in for WorkOS: not WorkOS, but a server on loopback that answers its real SDK as WorkOS documents it, as far as MFA and the sign-in
 * flows go. It proves the client and the adapter, and nothing about the hosted service. Where the documents leave a status open, it is the one
 * that WorkOS's own emulator gives. What is not documented is refused, and noted in `refusals`. Its limit of tries is that of WorkOS's page
 * "Rate limits".
 */
export async function startWorkOSStandIn() {
  const users = new Map<string, StandInUser>()
  const factors = new Map<string, StandInFactor>()
  const challenges = new Map<string, StandInChallenge>()
  const pending = new Map<string, StandInUser>()
  const sessions = new Map<string, StandInSession>()
  const magic: { email: string; code: string; expiresAt: number; used: boolean }[] = []
  const texts: { to: string; text: string; code: string }[] = []
  const calls: Call[] = []
  const refusals: string[] = []
  const losses: string[] = []
  const answers: { prefix: string; answer: Refused }[] = []
  let offset = 0
  let offline = false
  let mfaRequired = false

  const now = () => Date.now() + offset
  const providers = createProviders({
    now,
    clientId,
    accounts: () => [...users.values()],
    undocumented: (what) => refusals.push(what),
  })
  const iso = (at: number) => new Date(at).toISOString()
  const newId = (prefix: string) => `${prefix}_${randomUUID().replaceAll('-', '').slice(0, 26).toUpperCase()}`
  const sixDigits = () => String(randomBytes(4).readUInt32BE() % 1_000_000).padStart(6, '0')
  const stamps = (at: number) => ({ created_at: iso(at), updated_at: iso(at) })

  function known<T>(map: Map<string, T>, id: string): T {
    const found = map.get(id)
    if (!found) throw new Refused(404, { message: 'Entity not found.', code: 'entity_not_found', entity_id: id })
    return found
  }

  const userBody = ({ id, email, asks }: StandInUser) =>
    ({
      object: 'user',
      id,
      email,
      email_verified: asks !== 'email_verification_required',
      profile_picture_url: null,
      first_name: null,
      last_name: null,
      last_sign_in_at: null,
      locale: null,
      ...stamps(now()),
    }) satisfies Shapes['user']

  const challengeBody = ({ id, at, expiresAt, factor }: StandInChallenge) =>
    ({
      object: 'authentication_challenge',
      id,
      ...stamps(at),
      ...(expiresAt !== undefined && { expires_at: iso(expiresAt) }),
      authentication_factor_id: factor.id,
    }) satisfies Shapes['challenge']

  const factorBody = ({ id, type, at, totp, phone = '' }: StandInFactor) =>
    ({
      object: 'authentication_factor',
      id,
      ...stamps(at),
      type,
      ...(totp ? { totp: { issuer: totp.issuer, user: totp.label } } : { sms: { phone_number: phone } }),
    }) satisfies Shapes['factor']

  const secretsOf = (totp: TOTP) => ({
    issuer: totp.issuer,
    user: totp.label,
    qr_code: 'data:image/png;base64,AA==',
    secret: totp.secret.base32,
    uri: totp.toString(),
  })

  const userFactorBody = (factor: StandInFactor) =>
    ({
      object: 'authentication_factor',
      id: factor.id,
      ...stamps(factor.at),
      type: 'totp',
      totp: { issuer: factor.totp?.issuer ?? '', user: factor.totp?.label ?? '' },
      user_id: factor.userId ?? '',
    }) satisfies Shapes['userFactor']

  const list = <T>(data: T[]) => ({ object: 'list' as const, data, list_metadata: { before: null, after: null } })

  function newFactor(start: Pick<StandInFactor, 'type' | 'totp' | 'phone' | 'userId'>): StandInFactor {
    const factor = { id: newId('auth_factor'), at: now(), ...start }
    factors.set(factor.id, factor)
    return factor
  }

  const newTotp = (issuer = 'Stand-in', label = '', secret?: string) =>
    new TOTP({ issuer, label, secret: secret ? Secret.fromBase32(secret) : new Secret({ size: 20 }) })

  function newChallenge(factor: StandInFactor, template = 'Your code is {{code}}'): StandInChallenge {
    const at = now()
    const challenge: StandInChallenge = {
      id: newId('auth_challenge'),
      factor,
      at,
      verified: false,
      ...(factor.type === 'sms' && { code: sixDigits(), expiresAt: at + 10 * minutes }),
    }
    challenges.set(challenge.id, challenge)
    if (factor.phone && challenge.code) {
      texts.push({ to: factor.phone, text: template.replace('{{code}}', challenge.code), code: challenge.code })
    }
    return challenge
  }

  /** Whether the code is right. Throws for a challenge that takes no more. */
  function passes(challenge: StandInChallenge, code = ''): boolean {
    const { id, factor, expiresAt = Infinity } = challenge
    const refuse = (what: string, code: string) =>
      new Refused(422, { message: `The authentication challenge '${id}' ${what}.`, code })
    if (challenge.verified) throw refuse('has already been verified', 'authentication_challenge_previously_verified')
    if (expiresAt <= now()) throw refuse('has expired', 'authentication_challenge_expired')
    const right = factor.totp
      ? factor.totp.validate({ token: code, timestamp: now(), window: 1 }) !== null
      : challenge.code === code
    challenge.verified = right
    return right
  }

  const factorsOf = (userId: string) => [...factors.values()].filter((factor) => factor.userId === userId)

  function newSession(user: StandInUser, method: Method, organizationId?: string) {
    const session: StandInSession = { id: newId('session'), userId: user.id, at: now(), status: 'active' }
    sessions.set(session.id, session)
    const token = { sub: user.id, sid: session.id, iat: Math.floor(now() / 1000), exp: Math.floor(now() / 1000) + 300 }
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    return {
      user: userBody(user),
      ...(organizationId && { organization_id: organizationId }),
      access_token: `${encode({ alg: 'RS256' })}.${encode(token)}.c3RhbmQtaW4`,
      refresh_token: randomBytes(12).toString('hex'),
      authentication_method: method,
    } satisfies Shapes['authenticated']
  }

  /** Users who have a factor are challenged always, the others asked to enrol where the environment says so. */
  function afterFirst(user: StandInUser, method: Method) {
    const mine = factorsOf(user.id)
    if (user.asks === 'sso_required') {
      throw new Refused(400, {
        error: 'sso_required',
        error_description: 'User must authenticate using one of the matching connections.',
        connection_ids: ['conn_1'],
      })
    }
    if (user.asks !== undefined && user.asks !== 'organization_selection_required') throw wait(user, user.asks)
    if (mine.length > 0) {
      throw wait(user, 'mfa_challenge', { authentication_factors: mine.map(({ id, type }) => ({ id, type })) })
    }
    if (mfaRequired) throw wait(user, 'mfa_enrollment')
    return afterSecond(user, method)
  }

  function afterSecond(user: StandInUser, method: Method) {
    if (user.asks === 'organization_selection_required') {
      throw wait(user, user.asks, {
        organizations: memberOf,
      })
    }
    return newSession(user, method)
  }

  function wait(user: StandInUser, code: string, more: object = {}): Refused {
    const token = randomBytes(12).toString('hex')
    pending.set(token, user)
    return new Refused(403, {
      code,
      message: `Stand-in: ${code}`,
      pending_authentication_token: token,
      user: userBody(user),
      ...more,
    })
  }

  function pendingUser(token: string): StandInUser {
    const user = pending.get(token)
    if (!user) {
      throw new Refused(400, { message: 'Invalid pending authentication token', code: 'invalid_pending_authentication_token' })
    }
    return user
  }

  const byEmail = (email = '') => [...users.values()].find((user) => user.email.toLowerCase() === email.toLowerCase())

  const routes: Readonly<Record<string, (body: Body, id: string, query: Call['query']) => [number, object | null]>> = {
    'POST /auth/factors/enroll totp': ({ totp_issuer, totp_user }) => {
      const factor = newFactor({ type: 'totp', totp: newTotp(totp_issuer, totp_user) })
      return [201, { ...factorBody(factor), totp: secretsOf(factor.totp as TOTP) } satisfies Shapes['enrolled']]
    },
    'POST /auth/factors/enroll sms': ({ phone_number = '' }) => {
      if (!/^\+\d{7,15}$/.test(phone_number)) {
        throw new Refused(422, { message: `Phone number is invalid: '${phone_number}'`, code: 'invalid_phone_number' })
      }
      return [201, factorBody(newFactor({ type: 'sms', phone: phone_number })) satisfies Shapes['factor']]
    },
    'GET /auth/factors/:id': (_, id) => [200, factorBody(known(factors, id))],
    'DELETE /auth/factors/:id': (_, id) => {
      factors.delete(known(factors, id).id)
      return [204, null]
    },
    'POST /auth/factors/:id/challenge': ({ sms_template }, id) => {
      const factor = known(factors, id)
      if (sms_template !== undefined && (factor.type !== 'sms' || !sms_template.includes('{{code}}'))) {
        throw new Refused(422, { message: 'The template has no place for the code.', code: 'invalid_sms_template' })
      }
      return [201, challengeBody(newChallenge(factor, sms_template))]
    },
    'POST /auth/challenges/:id/verify': ({ code }, id) => {
      const challenge = known(challenges, id)
      const valid = passes(challenge, code)
      return [200, { challenge: challengeBody(challenge), valid } satisfies Shapes['verified']]
    },
    'POST /user_management/users/:id/auth_factors totp': ({ totp_issuer, totp_user, totp_secret }, id) => {
      const factor = newFactor({ type: 'totp', userId: known(users, id).id, totp: newTotp(totp_issuer, totp_user, totp_secret) })
      const answer = {
        authentication_factor: { ...userFactorBody(factor), totp: secretsOf(factor.totp as TOTP) },
        authentication_challenge: challengeBody(newChallenge(factor)),
      } satisfies Shapes['userEnrolled']
      return [201, answer]
    },
    'POST /user_management/users': ({ email = '', password = '', email_verified: verified }) => {
      const asks = String(verified) === 'true' ? undefined : 'email_verification_required'
      return [201, userBody(addUser({ email, password, asks }))]
    },
    'DELETE /user_management/users/:id': (_, id) => {
      users.delete(known(users, id).id)
      for (const one of factorsOf(id)) factors.delete(one.id)
      return [202, null]
    },
    'GET /user_management/users/:id/auth_factors': (_, id) => [
      200,
      list(factorsOf(known(users, id).id).map(userFactorBody)) satisfies Shapes['userFactors'],
    ],
    'GET /user_management/users/:id/sessions': (_, id) => {
      const mine = [...sessions.values()].filter(({ userId }) => userId === known(users, id).id)
      const bodies = mine.map((session) => ({
        object: 'session' as const,
        id: session.id,
        user_id: session.userId,
        ip_address: null,
        user_agent: null,
        auth_method: 'password' as const,
        status: session.status,
        expires_at: iso(session.at + 24 * 60 * minutes),
        ended_at: null,
        ...stamps(session.at),
      }))
      return [200, list(bodies) satisfies Shapes['sessions']]
    },
    'POST /user_management/sessions/revoke': ({ session_id = '' }) => {
      known(sessions, session_id).status = 'revoked'
      return [200, { success: true }]
    },
    'POST /user_management/magic_auth': ({ email = '' }) => {
      // Whoever is not known signs up by this.
      const user = byEmail(email) ?? addUser({ email, password: '' })
      const at = now()
      const made = { email: user.email, code: sixDigits(), expiresAt: at + 10 * minutes, used: false }
      magic.push(made)
      const answer = {
        object: 'magic_auth',
        id: newId('magic_auth'),
        user_id: user.id,
        email: user.email,
        expires_at: iso(made.expiresAt),
        code: made.code,
        ...stamps(at),
      } satisfies Shapes['magicAuth']
      return [201, answer]
    },
    'POST /user_management/authenticate password': ({ email, password }) => {
      const user = byEmail(email)
      if (!user || user.password !== password) {
        throw new Refused(400, { message: `Invalid credentials for '${email}'.`, code: 'invalid_credentials' })
      }
      return [200, afterFirst(user, 'Password')]
    },
    'POST /user_management/authenticate urn:workos:oauth:grant-type:magic-auth:code': ({ email = '', code }) => {
      const made = magic.find((one) => one.code === code && one.email.toLowerCase() === email.toLowerCase() && !one.used)
      if (!made) throw new Refused(400, { message: 'Invalid one-time code', code: 'invalid_one_time_code' })
      if (made.expiresAt <= now())
        throw new Refused(400, { message: 'One-time code has expired.', code: 'one_time_code_expired' })
      made.used = true
      return [200, afterFirst(byEmail(email) as StandInUser, 'MagicAuth')]
    },
    'POST /user_management/authenticate authorization_code': ({ code = '', code_verifier }) => {
      const { email, method } = providers.redeem(code, code_verifier)
      // Whoever is not known signs up by this.
      return [200, afterFirst(byEmail(email) ?? addUser({ email, password: '' }), method)]
    },
    'POST /user_management/authenticate urn:workos:oauth:grant-type:organization-selection': (body) => {
      const { pending_authentication_token: token = '', organization_id: chosen } = body
      const user = pendingUser(token)
      if (user.asks !== 'organization_selection_required' || !memberOf.some(({ id }) => id === chosen)) {
        throw new Refused(422, { message: 'Validation failed', code: 'invalid_request_parameters' })
      }
      pending.delete(token)
      return [200, newSession(user, 'Password', chosen)]
    },
    'GET /organizations': (_, __, { domains }) => [
      200,
      list(providers.organizationsOf(domains)) satisfies Shapes['organizations'],
    ],
    'POST /user_management/authenticate urn:workos:oauth:grant-type:mfa-totp': (body) => {
      const { pending_authentication_token: token = '', authentication_challenge_id: challengeId = '', code } = body
      const user = pendingUser(token)
      const challenge = known(challenges, challengeId)
      if (challenge.factor.userId !== user.id || !passes(challenge, code)) {
        throw new Refused(400, { message: 'Invalid one-time code', code: 'invalid_one_time_code' })
      }
      pending.delete(token)
      return [200, afterSecond(user, 'Password')]
    },
  }

  const tries = new Map<string, number[]>()

  /** 10 requests in 60 seconds for each e-mail address or challenge. */
  function limit({ email = '', authentication_challenge_id: key = email }: Body): void {
    if (!key) return
    const recent = (tries.get(key) ?? []).filter((at) => at > now() - minutes)
    tries.set(key, recent)
    if (recent.length >= 10) throw new Refused(429, { message: 'Too many requests' })
    recent.push(now())
  }

  function addUser({ email, password, asks }: Pick<StandInUser, 'email' | 'password' | 'asks'>): StandInUser {
    const user: StandInUser = { id: newId('user'), email, password, asks }
    users.set(user.id, user)
    return user
  }

  function carryOut(request: IncomingMessage, text: string): [number, object | null, Readonly<Record<string, string>>] {
    try {
      if (request.headers.authorization !== `Bearer ${apiKey}`) throw new Refused(401, { message: 'Unauthorized' })
      if (request.headers['content-type'] !== 'application/json') throw new Refused(415, { message: 'Unsupported Media Type' })
      const call = readCall(request.method ?? '', request.url ?? '', text)
      calls.push(call)
      const at = answers.findIndex(({ prefix }) => call.route.startsWith(prefix))
      const [forced] = at < 0 ? [] : answers.splice(at, 1)
      if (forced) throw forced.answer
      if (call.route.startsWith('POST /user_management/authenticate')) limit(call.body)
      const [status, body] = routes[call.route]?.(call.body, call.id, call.query) ?? [404, {}]
      return [status, body, {}]
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown
      if (thrown.body.code === 'invalid_request_parameters' || thrown.body.message?.startsWith('Not documented')) {
        refusals.push(`${request.method} ${request.url}: ${JSON.stringify(thrown.body)}`)
      }
      return [thrown.status, thrown.body, thrown.headers]
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (offline) return void request.socket.destroy()
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    if (providers.showsPage(request.url ?? '')) return providers.show(request, text, response)
    const [status, body, headers] = carryOut(request, text)
    const route = calls.at(-1)?.route ?? ''
    const at = losses.findIndex((prefix) => route.startsWith(prefix))
    if (at >= 0) {
      losses.splice(at, 1)
      return void request.socket.destroy()
    }
    response.writeHead(status, { 'content-type': 'application/json', date: new Date(now()).toUTCString(), ...headers })
    response.end(body && JSON.stringify(body))
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    /** For the SDK's constructor. */
    options: { clientId, apiHostname: '127.0.0.1', port, https: false },
    apiKey,
    now,
    advance: (ms: number) => void (offset += ms),
    addUser,
    /** A factor of the user's own, enrolled and proved. */
    addTotp(userId: string) {
      const factor = newFactor({ type: 'totp', userId, totp: newTotp() })
      return { id: factor.id, secret: factor.totp?.secret.base32 ?? '' }
    },
    /** A plain factor, enrolled and proved. */
    addPlain(phone?: string) {
      const factor = newFactor(phone ? { type: 'sms', phone } : { type: 'totp', totp: newTotp() })
      return { id: factor.id, secret: factor.totp?.secret.base32 ?? '' }
    },
    /** What an authenticator app with this secret shows by the server's time. `steps`: that many periods later. */
    totp: (secret: string, steps = 0) => newTotp('', '', secret).generate({ timestamp: now() + steps * 30_000 }),
    /** With one connection, unless told otherwise. */
    addOrganization: providers.addOrganization,
    visit: (url: string, email: string | null) => providers.visit(url, email),
    requireMfa: (on: boolean) => void (mfaRequired = on),
    users,
    factors,
    sessions,
    texts,
    magic,
    /** Documented requests, oldest first. */
    calls,
    /** Requests that WorkOS does not document. */
    refusals,
    /** The next reply on a route that begins so is lost on the wire, after its work was done. */
    loseNext: (prefix: string) => void losses.push(prefix),
    /** The next request on a route that begins so is answered like this and not carried out. */
    answerNext: (prefix: string, status: number, body: object, headers?: Readonly<Record<string, string>>) =>
      void answers.push({ prefix, answer: new Refused(status, { ...body }, headers) }),
    offline: (on: boolean) => void (offline = on),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const apiKey = 'sk_test_stand_in'
const clientId = 'client_stand_in'
