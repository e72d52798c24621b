import { createHash, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { actionOf, messagePage, pageHeaders, providerPage } from '../../demo/server/providerPage.js'
import { Refused, type Method, type Shapes } from './workosShapes.js'

type Organization = Shapes['organizations']['data'][number]
type DomainState = `${Organization['domains'][number]['state']}`

/** WorkOS's providers, by its own names; the compiler finds one that is missing. */
export const providerNames: Readonly<Record<Extract<Method, `${string}OAuth`>, true>> = {
  AppleOAuth: true,
  BitbucketOAuth: true,
  DiscordOAuth: true,
  GitHubOAuth: true,
  GitLabOAuth: true,
  GoogleOAuth: true,
  IntuitOAuth: true,
  LinkedInOAuth: true,
  MicrosoftOAuth: true,
  SalesforceOAuth: true,
  SlackOAuth: true,
  VercelMarketplaceOAuth: true,
  VercelOAuth: true,
  XeroOAuth: true,
}

/** What `GET /user_management/authorize` is documented to take. */
const needed = ['client_id', 'redirect_uri', 'response_type']
const selectors = ['provider', 'connection_id', 'organization_id'] as const
const others = [
  ...['code_challenge', 'code_challenge_method', 'domain_hint', 'login_hint', 'state', 'screen_hint', 'prompt'],
  ...['provider_scopes', 'provider_query_params', 'claim_nonce', 'invitation_token', 'max_age'],
]

interface Flow {
  readonly redirectUri: string
  readonly state: string | null
  readonly challenge: string | null
  readonly method: Method
}

interface Options {
  readonly now: () => number
  readonly clientId: string
  readonly accounts: () => readonly { readonly email: string }[]
  readonly undocumented: (what: string) => void
}

const minutes = 60_000

/** The pages to which WorkOS leads, one for all providers and companies: whoever is named there is signed in. And what comes of it. */
export function createProviders({ now, clientId, accounts, undocumented }: Options) {
  const flows = new Map<string, Flow>()
  const codes = new Map<string, Flow & { readonly email: string; readonly expiresAt: number }>()
  const organizations: (Organization & { readonly connections: readonly string[] })[] = []

  /** `domainState`: whether the domain was proved to be theirs. */
  function addOrganization({
    domain,
    domainState = 'verified',
    connections = 1,
    id = `org_${randomUUID()}`,
  }: {
    domain: string
    domainState?: DomainState
    connections?: number
    id?: string
  }) {
    const at = new Date(now()).toISOString()
    const stamps = { created_at: at, updated_at: at }
    organizations.push({
      object: 'organization',
      id,
      name: domain,
      allow_profiles_outside_organization: false,
      domains: [
        {
          object: 'organization_domain',
          id: `org_domain_${randomUUID()}`,
          domain,
          organization_id: id,
          // The SDK publishes the states as an enum's members.
          state: domainState as Organization['domains'][number]['state'],
          verification_strategy: 'dns' as Organization['domains'][number]['verification_strategy'],
          ...stamps,
        },
      ],
      connections: Array.from({ length: connections }, () => `conn_${randomUUID()}`),
      ...stamps,
    })
    return organizations.at(-1)!
  }

  const withQuery = (address: string, query: Readonly<Record<string, string | null>>) => {
    const url = new URL(address)
    for (const [name, value] of Object.entries(query)) if (value !== null) url.searchParams.set(name, value)
    return url.href
  }

  /** Why WorkOS sends the person back at once, in its documented words. */
  function problemOf(query: URLSearchParams): string | undefined {
    const [provider, connection, organization] = selectors.map((name) => query.get(name))
    if (selectors.filter((name) => query.has(name)).length !== 1) return 'invalid_connection_selector'
    if (connection && !organizations.some(({ connections }) => connections.includes(connection))) return 'connection_invalid'
    const found = organizations.find(({ id }) => id === organization)
    if (organization && !found?.connections[0]) return 'organization_invalid'
    if (found?.connections[1]) return 'ambiguous_connection_selector'
    return provider && provider !== 'authkit' && !(provider in providerNames) ? 'connection_invalid' : undefined
  }

  function begin(query: URLSearchParams): { readonly page: string } | { readonly location: string } {
    const redirectUri = query.get('redirect_uri') ?? ''
    const state = query.get('state')
    const odd = [...query.keys()].filter((name) => ![...needed, ...selectors, ...others].includes(name))
    const missing = needed.filter((name) => !query.get(name))
    const halfPkce = query.has('code_challenge') !== (query.get('code_challenge_method') === 'S256')
    if (
      odd.length + missing.length > 0 ||
      halfPkce ||
      query.get('response_type') !== 'code' ||
      query.get('client_id') !== clientId
    ) {
      undocumented(`authorize: ${query.toString()}`)
      return { page: messagePage('WorkOS stand-in', 'That is no request to sign in.') }
    }
    const problem = problemOf(query)
    // A name that is not in the published types is a mistake of the adapter's.
    if (problem === 'connection_invalid' && query.has('provider')) undocumented(`authorize: provider ${query.get('provider')}`)
    if (problem) return { location: withQuery(redirectUri, { error: problem, error_description: `Stand-in: ${problem}`, state }) }
    const id = randomUUID()
    const provider = query.get('provider')
    const method = provider === 'authkit' ? 'Password' : ((provider ?? 'SSO') as Method)
    flows.set(id, { redirectUri, state, challenge: query.get('code_challenge'), method })
    return {
      page: providerPage({ provider: provider ?? 'Acme ID', action: `/stand-in/${id}`, accounts: accounts(), canDeny: true }),
    }
  }

  function end(id: string, form: URLSearchParams): string | undefined {
    const flow = flows.get(id)
    if (!flow) return undefined
    flows.delete(id)
    const { redirectUri, state } = flow
    if (form.get('act') === 'deny') {
      return withQuery(redirectUri, { error: 'access_denied', error_description: 'The user denied the request', state })
    }
    const code = `01${randomUUID().replaceAll('-', '').toUpperCase()}`
    codes.set(code, { ...flow, email: form.get('email') ?? '', expiresAt: now() + 10 * minutes })
    return withQuery(redirectUri, { code, state })
  }

  return {
    addOrganization,

    organizationsOf: (domains = ''): Organization[] =>
      organizations
        .filter((one) => one.domains.some(({ domain }) => domains.split(',').includes(domain)))
        .map(({ connections: _, ...organization }) => organization),

    /** Once, within ten minutes, by whoever holds what the challenge was made of (RFC 7636 §4.6). */
    redeem(code: string, verifier = ''): { readonly email: string; readonly method: Method } {
      const found = codes.get(code)
      codes.delete(code)
      const proved = found?.challenge === null || createHash('sha256').update(verifier).digest('base64url') === found?.challenge
      if (!found || found.expiresAt <= now() || !proved) {
        throw new Refused(400, { error: 'invalid_grant', error_description: `The code '${code}' has expired or is invalid.` })
      }
      return found
    },

    showsPage: (url: string) => /^\/(user_management\/authorize\?|stand-in\/)/.test(url),

    show({ method, url = '' }: IncomingMessage, text: string, response: ServerResponse): void {
      const { pathname, searchParams } = new URL(url, 'http://stand-in')
      const location = method === 'POST' ? end(pathname.split('/').at(-1) ?? '', new URLSearchParams(text)) : undefined
      const shown = location !== undefined ? { location } : method === 'GET' ? begin(searchParams) : undefined
      if (shown && 'location' in shown) return void response.writeHead(303, { location: shown.location }).end()
      response.writeHead(shown ? 200 : 404, pageHeaders)
      response.end(shown?.page ?? messagePage('WorkOS stand-in', 'There is nothing here.'))
    },

    /** Goes there as a browser does, and signs in, or with `null` says no. Answers with the address of the way back. */
    async visit(url: string, email: string | null): Promise<string> {
      const page = await fetch(url, { redirect: 'manual' })
      const sentBack = page.headers.get('location')
      if (sentBack) return sentBack
      const action = actionOf(await page.text())
      if (!action) throw new Error('The page has no form.')
      const body = new URLSearchParams({ email: email ?? '', act: email === null ? 'deny' : 'sign-in' })
      const answer = await fetch(new URL(action, url), { method: 'POST', body, redirect: 'manual' })
      const location = answer.headers.get('location')
      if (!location) throw new Error(`The provider answered ${answer.status}.`)
      return location
    },
  }
}
