import { generateKeyPair, randomBytes, type KeyObject } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import type { Adapter, AdapterPayload, Provider } from 'oidc-provider'
import { actionOf, messagePage, pageHeaders, providerPage } from './providerPage.js'

export interface OidcProviderOptions {
  /** The port of its own. Default: one that is free. */
  readonly issuerPort?: number
  readonly clients: readonly OidcClient[]
  readonly accounts: readonly OidcAccount[]
  /** What its page calls it. Default `Acme ID`. */
  readonly name?: string
}

export interface OidcClient {
  readonly id: string
  readonly secret: string
  readonly redirectUris: readonly string[]
}

export interface OidcAccount {
  readonly email: string
  readonly name: string
  /** Default `true`. */
  readonly emailVerified?: boolean
}

export interface OidcProvider {
  /** `http://127.0.0.1:<port>`; its discovery document is at `/.well-known/openid-configuration`. */
  readonly issuer: string
  /**
   * A person without a browser: from where a client sends people to sign in, through the pages, to the address at which they
   * come back to the client, which is not asked for. Rejects where the provider sends nobody back, with its status in the message.
   */
  visit(authorizeUrl: string, act: { readonly as: string } | { readonly deny: true }): Promise<string>
  close(): Promise<void>
}

/**
 * A stand-in for a company's OpenID provider: real protocol (`oidc-provider`: code flow, PKCE demanded, signed id tokens), made-up
 * people without passwords. It asks who you are each time. It hears loopback only, by an address that shares no cookies with `localhost`.
 */
export async function startOidcProvider(options: OidcProviderOptions): Promise<OidcProvider> {
  const { accounts, clients, issuerPort = 0, name = 'Acme ID' } = options
  const server = createServer()
  const [{ Provider, interactionPolicy }, { privateKey }] = await Promise.all([
    load(),
    promisify(generateKeyPair)('rsa', { modulusLength: 2048 }) as Promise<{ privateKey: KeyObject }>,
    new Promise<void>((resolve, reject) => server.once('error', reject).listen(issuerPort, '127.0.0.1', resolve)),
  ])
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const accountOf = (email: string) => accounts.find((one) => one.email === email.trim().toLowerCase())

  const policy = interactionPolicy.base()
  const everyTime = new interactionPolicy.Check('every_time', 'people are asked each time', ({ oidc }) =>
    oidc.result?.login ? interactionPolicy.Check.NO_NEED_TO_PROMPT : interactionPolicy.Check.REQUEST_PROMPT,
  )
  policy.get('login')?.checks.add(everyTime)

  const provider: Provider = new Provider(issuer, {
    adapter: storage(),
    clients: clients.map(({ id, secret, redirectUris }) => ({
      client_id: id,
      client_secret: secret,
      redirect_uris: [...redirectUris],
    })),
    cookies: { keys: [randomBytes(32).toString('hex')] },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kty: 'RSA', use: 'sig', alg: 'RS256' }] },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    interactions: { policy, url: (_ctx, { uid }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    // Or the address is at the userinfo endpoint only.
    conformIdTokenClaims: false,
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    findAccount(_ctx, id) {
      const account = accountOf(id)
      if (!account) return undefined
      const { email, name, emailVerified = true } = account
      return { accountId: email, claims: () => ({ sub: email, email, email_verified: emailVerified, name }) }
    },
    // Consent is given with the sign-in.
    async loadExistingGrant({ oidc: { client, session } }) {
      const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
    renderError: (ctx, { error, error_description: description }) => {
      ctx.set(pageHeaders)
      ctx.body = messagePage(`${name} cannot go on`, [error, description].filter(Boolean).join(': '))
    },
    ttl: { Interaction: 600, Session: 600, Grant: 600, IdToken: 600, AccessToken: 600, AuthorizationCode: 60 },
  })

  async function interaction(request: IncomingMessage, response: ServerResponse, action: string) {
    const show = (status: number, problem?: string) =>
      void response
        .writeHead(status, pageHeaders)
        .end(providerPage({ provider: name, action, accounts, canDeny: true, ...(problem && { problem }) }))
    await provider.interactionDetails(request, response)
    if (request.method !== 'POST') return show(200)
    const form = new URLSearchParams(await text(request))
    const finish = (result: Parameters<Provider['interactionFinished']>[2]) =>
      provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
    if (form.get('act') === 'deny')
      return finish({ error: 'access_denied', error_description: 'The person did not want to sign in.' })
    const account = accountOf(form.get('email') ?? '')
    return account ? finish({ login: { accountId: account.email, remember: false } }) : show(422, 'Nobody here has this address.')
  }

  const protocol = provider.callback()
  server.on('request', (request, response) => {
    const { pathname } = new URL(request.url ?? '/', issuer)
    if (!pathname.startsWith('/interaction/')) return void protocol(request, response)
    interaction(request, response, pathname).catch((thrown: unknown) =>
      response
        .writeHead(400, pageHeaders)
        .end(messagePage(`${name} cannot go on`, thrown instanceof Error ? thrown.message : 'Start again.')),
    )
  })

  return {
    issuer,
    visit: (url, act) => visit(issuer, url, act),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function visit(issuer: string, start: string, act: { as: string } | { deny: true }): Promise<string> {
  const cookies = new Map<string, string>()
  const body = new URLSearchParams('deny' in act ? { email: '', act: 'deny' } : { email: act.as, act: 'sign-in' })
  let url = new URL(start)
  let init: RequestInit = {}
  while (url.origin === issuer) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    const [location, html] = [response.headers.get('location'), await response.text()]
    const action = actionOf(html)
    // A form that comes again has been refused.
    if (!location && (!action || init.method === 'POST'))
      throw new Error(`The provider answered ${response.status}: ${/role="alert">([^<]*)/.exec(html)?.[1] ?? ''}`)
    init = location ? {} : { method: 'POST', body }
    url = new URL(location ?? action ?? '', url)
  }
  return url.href
}

/** Its warning of Node 20, on which it works, is the only thing that is not to be heard. */
async function load() {
  const { warn } = console
  console.warn = (...said: unknown[]) => {
    if (!String(said[0]).includes('Unsupported runtime')) warn(...said)
  }
  try {
    return await import('oidc-provider')
  } finally {
    console.warn = warn
  }
}

/** Of one provider. The package's own storage in memory is shared by all of a process, and warns of itself. */
function storage() {
  const kept = new Map<string, { payload: AdapterPayload; until: number }>()
  return class Storage implements Adapter {
    readonly #model: string
    constructor(model: string) {
      this.#model = model
    }
    #key = (id: string) => `${this.#model}:${id}`
    async upsert(id: string, payload: AdapterPayload, seconds: number) {
      kept.set(this.#key(id), { payload, until: seconds ? Date.now() + seconds * 1000 : Infinity })
    }
    async find(id: string) {
      const { payload, until = 0 } = kept.get(this.#key(id)) ?? {}
      return until > Date.now() ? payload : undefined
    }
    async findByUid(uid: string) {
      return this.#where(({ uid: own }) => own === uid)
    }
    async findByUserCode(code: string) {
      return this.#where(({ userCode }) => userCode === code)
    }
    async consume(id: string) {
      const entry = kept.get(this.#key(id))
      if (entry) entry.payload.consumed = Math.floor(Date.now() / 1000)
    }
    async destroy(id: string) {
      kept.delete(this.#key(id))
    }
    async revokeByGrantId(grantId: string) {
      for (const [key, { payload }] of kept) if (payload.grantId === grantId) kept.delete(key)
    }
    #where(matches: (payload: AdapterPayload) => boolean) {
      const found = [...kept].find(
        ([key, { payload, until }]) => key.startsWith(`${this.#model}:`) && until > Date.now() && matches(payload),
      )
      return found?.[1].payload
    }
  }
}
