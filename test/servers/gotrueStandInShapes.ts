type Kind = 'string' | 'boolean' | 'number' | 'object'
interface Shape {
  readonly [key: string]: Kind | `${Kind}?` | Shape
}

interface Route {
  readonly route: string
  readonly query?: Shape
  readonly body?: Shape
  /** `user`: an access token; `service`: the service key. */
  readonly needs?: 'user' | 'service'
}

const security = { gotrue_meta_security: 'object?' } as const
const pkce = { code_challenge: 'string?', code_challenge_method: 'string?' } as const
const contact = { email: 'string?', phone: 'string?' } as const
/** In its JSON form (WebAuthn Level 3 §5.1.8). */
const credential = {
  id: 'string',
  rawId: 'string',
  type: 'string',
  clientExtensionResults: 'object',
  authenticatorAttachment: 'string?',
} as const

/** Every request that the documentation and auth-js 2.109 know of and that this stand-in answers. A request of another shape is refused. */
export const routes: readonly Route[] = [
  { route: 'POST /token?password', body: { ...contact, password: 'string', ...security } },
  { route: 'POST /token?refresh_token', body: { refresh_token: 'string' } },
  { route: 'POST /token?pkce', body: { auth_code: 'string', code_verifier: 'string' } },
  { route: 'POST /token?web3', body: { chain: 'string', message: 'string', signature: 'string', ...security } },
  {
    route: 'POST /otp',
    query: { redirect_to: 'string?' },
    body: { ...contact, data: 'object', create_user: 'boolean', channel: 'string?', ...security, ...pkce },
  },
  {
    route: 'POST /verify',
    query: { redirect_to: 'string?' },
    body: { ...contact, token: 'string?', token_hash: 'string?', type: 'string', options: 'object?', ...security },
  },
  { route: 'GET /verify', query: { token: 'string', type: 'string', redirect_to: 'string?' } },
  { route: 'POST /recover', query: { redirect_to: 'string?' }, body: { email: 'string', ...security, ...pkce } },
  {
    route: 'POST /sso',
    body: {
      domain: 'string?',
      provider_id: 'string?',
      redirect_to: 'string?',
      skip_http_redirect: 'boolean',
      ...security,
      ...pkce,
    },
  },
  {
    route: 'GET /authorize',
    query: { provider: 'string', redirect_to: 'string?', scopes: 'string?', skip_http_redirect: 'string?', ...pkce },
  },
  { route: 'POST /logout', query: { scope: 'string' }, needs: 'user' },
  { route: 'GET /settings' },
  { route: 'GET /user', needs: 'user' },
  { route: 'PUT /user', body: { password: 'string', ...pkce }, needs: 'user' },
  {
    route: 'POST /factors',
    body: { friendly_name: 'string?', factor_type: 'string', issuer: 'string?', phone: 'string?' },
    needs: 'user',
  },
  { route: 'DELETE /factors/:id', needs: 'user' },
  { route: 'POST /factors/:id/challenge', body: { factorId: 'string', channel: 'string?', webauthn: 'object?' }, needs: 'user' },
  { route: 'POST /factors/:id/verify', body: { challenge_id: 'string', code: 'string?', webauthn: 'object?' }, needs: 'user' },
  { route: 'POST /passkeys/authentication/options', body: { ...security } },
  {
    route: 'POST /passkeys/authentication/verify',
    body: {
      challenge_id: 'string',
      credential: {
        ...credential,
        response: { clientDataJSON: 'string', authenticatorData: 'string', signature: 'string', userHandle: 'string?' },
      },
    },
  },
  { route: 'POST /passkeys/registration/options', body: {}, needs: 'user' },
  {
    route: 'POST /passkeys/registration/verify',
    body: {
      challenge_id: 'string',
      credential: {
        ...credential,
        response: {
          clientDataJSON: 'string',
          attestationObject: 'string',
          transports: 'object?',
          authenticatorData: 'string?',
          publicKey: 'string?',
          publicKeyAlgorithm: 'number?',
        },
      },
    },
    needs: 'user',
  },
  { route: 'GET /passkeys', needs: 'user' },
  { route: 'PATCH /passkeys/:id', body: { friendly_name: 'string' }, needs: 'user' },
  { route: 'DELETE /passkeys/:id', needs: 'user' },
  {
    route: 'POST /admin/users',
    body: { ...contact, password: 'string?', email_confirm: 'boolean?', phone_confirm: 'boolean?', ban_duration: 'string?' },
    needs: 'service',
  },
  { route: 'DELETE /admin/users/:id', body: { should_soft_delete: 'boolean' }, needs: 'service' },
  {
    route: 'POST /admin/generate_link',
    query: { redirect_to: 'string?' },
    body: { email: 'string', type: 'string' },
    needs: 'service',
  },
]

/** A body whose shape was checked. */
export interface Body {
  readonly [key: string]: unknown
  readonly email?: string | null
  readonly phone?: string | null
  readonly password?: string
  readonly token?: string
  readonly token_hash?: string
  readonly domain?: string
  readonly redirect_to?: string
  readonly provider_id?: string
  readonly friendly_name?: string
  readonly issuer?: string
  readonly code_challenge?: string | null
}

export interface Asked {
  readonly method: string
  readonly url: URL
  readonly body: Body | undefined
}

/** The route, and the id in its path; a text says what is wrong with the request. */
export function routeOf({ method, url, body }: Asked): { route: Route; id: string } | string {
  const named = /^\/(factors|passkeys|admin\/users)\/(?!authentication|registration)([^/]+)/
  const id = named.exec(url.pathname)?.[2] ?? ''
  const grant = url.searchParams.get('grant_type')
  const name = `${method} ${url.pathname.replace(named, '/$1/:id')}${grant ? `?${grant}` : ''}`
  const route = routes.find((one) => one.route === name)
  if (!route) return `${name} is not documented`
  const query = Object.fromEntries([...url.searchParams].filter(([key]) => key !== 'grant_type'))
  const wrong = mismatch(query, route.query ?? {}) ?? (body || route.body ? mismatch(body ?? {}, route.body ?? {}) : undefined)
  return wrong ? `${name}: ${wrong}` : { route, id }
}

function mismatch(given: Readonly<Record<string, unknown>>, shape: Shape): string | undefined {
  for (const key of Object.keys(given)) if (!Object.hasOwn(shape, key)) return `${key} is not documented`
  for (const [key, kind] of Object.entries(shape)) {
    const value = given[key]
    if (typeof kind === 'object') {
      const wrong = mismatch(Object(value) as Readonly<Record<string, unknown>>, kind)
      if (wrong) return `${key}.${wrong}`
      continue
    }
    if ((value === undefined || value === null) && kind.endsWith('?')) continue
    const type = typeof value
    if (type !== kind.replace('?', '') || value === null) return `${key} is ${value === null ? 'null' : type}`
  }
  return undefined
}
