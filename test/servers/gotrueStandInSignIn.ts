import { randomBytes, randomUUID } from 'node:crypto'
import type {
  AuthClient,
  AuthOtpResponse,
  GenerateLinkProperties,
  Session as VendorSession,
  User as VendorUser,
} from '@supabase/auth-js'
import { tooSoon, type Data } from './gotrueStandInMfa.js'
import { checkCaptcha, createProviderRoutes } from './gotrueStandInProviders.js'
import type { Body } from './gotrueStandInShapes.js'
import {
  GotrueError,
  randomCode,
  showUser,
  type Message,
  type SessionRecord,
  type State,
  type UserRecord,
} from './gotrueStandInState.js'
import type { Snake } from './snake.js'

/** The client publishes what it makes of this answer: all of it but the name on the wire. */
type Sent = { [Key in keyof Pick<Data<AuthOtpResponse>, 'messageId'> as Snake<Key>]: Data<AuthOtpResponse>[Key] }

export function createSignInRoutes(state: State, origin: () => string) {
  const { settings, users } = state
  const { sendBack, ...providers } = createProviderRoutes(state, origin)
  function checkPassword(password: string) {
    if (password.length < 6)
      throw new GotrueError(422, 'weak_password', 'Password should be at least 6 characters.', {
        weak_password: { reasons: ['length'] },
      })
    if (password === 'password-123')
      throw new GotrueError(422, 'weak_password', 'Password is known to be weak', { weak_password: { reasons: ['pwned'] } })
  }

  function makeToken(user: UserRecord, kind: 'email' | 'sms', type: string, challenge?: unknown) {
    const token = {
      code: randomCode(),
      hash: `${challenge ? 'pkce_' : ''}${randomBytes(12).toString('hex')}`,
      sentAt: state.now(),
      type,
      challenge: (challenge as string | null) ?? undefined,
    }
    user.tokens.set(kind, token)
    return token
  }

  function send(
    user: UserRecord,
    kind: 'email' | 'sms',
    channel: Message['channel'],
    type: string,
    body: Body,
    redirect: string | null,
  ) {
    const since = state.now() - (user.tokens.get(kind)?.sentAt ?? -Infinity)
    if (since < settings.resendMs) throw tooSoon(kind, settings.resendMs - since)
    const { code, hash } = makeToken(user, kind, type, body.code_challenge)
    const link = `${origin()}/verify?token=${hash}&type=${type}&redirect_to=${encodeURIComponent(redirect ?? origin())}`
    state.outbox.push({
      to: (kind === 'email' ? user.email : user.phone) ?? '',
      channel,
      code,
      ...(kind === 'email' && { link }),
    })
  }

  const otpExpired = () => new GotrueError(403, 'otp_expired', 'Token has expired or is invalid')

  /** Takes a code or a link's hash. */
  function consume(
    user: UserRecord | undefined,
    kind: 'email' | 'sms',
    types: readonly string[],
    given: { code?: unknown; hash?: unknown },
  ) {
    const token = user?.tokens.get(kind)
    const isRight = token && (given.code !== undefined ? token.code === given.code : token.hash === given.hash)
    if (!user || !isRight || !types.includes(token.type) || token.sentAt + settings.codeMs < state.now()) throw otpExpired()
    // The row stays, so that the wait until the next message does.
    token.code = ''
    token.hash = ''
    user.confirmed = true
    return { user, token }
  }

  const byHash = (hash: string) => users.find(({ tokens }) => hash !== '' && tokens.get('email')?.hash === hash)

  return {
    ...providers,

    password(body: Body): VendorSession {
      checkCaptcha(settings, body)
      const user = state.findUser(body.email, body.phone)
      if (!user?.password || user.password !== body.password)
        throw new GotrueError(400, 'invalid_credentials', 'Invalid login credentials')
      if (!user.confirmed)
        throw new GotrueError(400, body.email ? 'email_not_confirmed' : 'phone_not_confirmed', 'Email not confirmed')
      return state.begin(user, 'password')
    },

    refresh(body: Body): VendorSession {
      const token = String(body.refresh_token)
      const session = state.sessions.find(({ refreshTokens }) => refreshTokens.includes(token))
      if (!session) throw new GotrueError(400, 'refresh_token_not_found', 'Invalid Refresh Token: Refresh Token Not Found')
      const age = session.refreshTokens.length - 1 - session.refreshTokens.indexOf(token)
      // The parent of the newest may be used again, as its answer may have been lost.
      if (age > (settings.strictRefresh ? 0 : 1))
        throw new GotrueError(400, 'refresh_token_already_used', 'Invalid Refresh Token: Already Used')
      return state.issue(session)
    },

    otp(body: Body, redirect: string | null) {
      checkCaptcha(settings, body)
      if (!body.email === !body.phone)
        throw new GotrueError(400, 'validation_failed', 'Only an email address or phone number should be provided')
      if (body.email && !/^\S+@\S+\.\S+$/.test(body.email ?? ''))
        throw new GotrueError(400, 'validation_failed', 'Unable to validate email address: invalid format')
      if (body.phone && !/^\+?\d{6,15}$/.test(body.phone ?? ''))
        throw new GotrueError(400, 'validation_failed', 'Invalid phone number format (E.164 required)')
      const user = state.findUser(body.email, body.phone)
      if (!user && !body.create_user) throw new GotrueError(422, 'otp_disabled', 'Signups not allowed for otp')
      const made = user ?? state.addUser(body)
      if (body.email) send(made, 'email', 'email', 'magiclink', body, redirect)
      else send(made, 'sms', body.channel === 'whatsapp' ? 'whatsapp' : 'sms', 'sms', body, null)
      return (body.phone ? { message_id: randomUUID() } : {}) satisfies Sent
    },

    recover(body: Body, redirect: string | null) {
      checkCaptcha(settings, body)
      const user = state.findUser(body.email)
      if (user) send(user, 'email', 'email', 'recovery', body, redirect)
      return {} satisfies Data<Awaited<ReturnType<InstanceType<typeof AuthClient>['resetPasswordForEmail']>>>
    },

    verify(body: Body): VendorSession {
      const type = String(body.type)
      if (body.token_hash !== undefined) {
        const { user } = consume(byHash(body.token_hash ?? ''), 'email', ['magiclink', 'recovery'], { hash: body.token_hash })
        return state.begin(user, 'otp')
      }
      if (!body.token) throw new GotrueError(400, 'validation_failed', 'Verify requires a token')
      const user = state.findUser(body.email, body.phone)
      if (type === 'sms') consume(user, 'sms', ['sms'], { code: body.token })
      else if (type === 'email' || type === 'magiclink' || type === 'recovery')
        consume(user, 'email', type === 'recovery' ? ['recovery'] : ['magiclink', 'recovery'], { code: body.token })
      else throw new GotrueError(400, 'validation_failed', 'Unsupported verification type')
      return state.begin(user as UserRecord, 'otp')
    },

    /** A link was opened: where the browser is sent. */
    link(query: URLSearchParams): string {
      const hash = query.get('token') ?? ''
      const target = new URL(query.get('redirect_to') ?? origin())
      try {
        const { user, token } = consume(byHash(hash), 'email', [query.get('type') ?? ''], { hash })
        return sendBack(target, user, token.challenge, token.type, 'otp')
      } catch {
        const facts = new URLSearchParams({
          error: 'access_denied',
          error_code: 'otp_expired',
          error_description: 'Email link is invalid or has expired',
        })
        if (hash.startsWith('pkce_')) target.search = facts.toString()
        target.hash = facts.toString()
        return target.href
      }
    },

    updateUser(session: SessionRecord, { password }: Body): VendorUser {
      const { user } = session
      checkPassword(String(password))
      if (session.aal === 'aal1' && user.factors.some(({ verified }) => verified))
        throw new GotrueError(
          401,
          'insufficient_aal',
          'AAL2 session is required to update email or password when MFA is enabled.',
        )
      if (user.password === password)
        throw new GotrueError(422, 'same_password', 'New password should be different from the old password.')
      user.password = String(password)
      state.end((other) => other.user === user && other !== session)
      return showUser(user)
    },

    logout(session: SessionRecord, scope: string) {
      state.end((other) => other.user === session.user && (scope === 'global' || (other === session) === (scope === 'local')))
    },

    addUser: (body: Body) => showUser(state.addUser(body)),

    generateLink(body: Body): GenerateLinkProperties & VendorUser {
      const user = state.findUser(body.email)
      if (!user) throw new GotrueError(404, 'user_not_found', 'User not found')
      const type = body.type === 'recovery' ? 'recovery' : 'magiclink'
      const { code, hash } = makeToken(user, 'email', type)
      const link = `${origin()}/verify?token=${hash}&type=${type}`
      return {
        ...showUser(user),
        action_link: link,
        email_otp: code,
        hashed_token: hash,
        verification_type: type,
        redirect_to: origin(),
      }
    },
  }
}
