import type { SignInApi } from '../../core/adapter.js'
import type { CreateParams, SignInAttempt } from '../../core/attempt.js'
import { AuthError } from '../../core/AuthError.js'
import { providerName, type FirstStrategy, type OAuthStrategy } from '../../core/strategy.js'
import { ask, authenticated, whole, type Backend } from './backend.js'
import type { createSignIn } from './signIn.js'
import type { WhereTo } from './workosClient.js'

/** Sign-in on somebody else's pages: a provider's, a company's, or WorkOS's own. */
export function createProviders(
  { users, organizations, caller, options, attempts }: Backend,
  { settle }: ReturnType<typeof createSignIn>,
) {
  const { organizationId } = options
  const firstFactors: readonly FirstStrategy[] = options.firstFactors ?? []

  /** Whose domain it is. One that is only said to be an organization's would let that have other people's passwords. */
  async function ownerOf(domain: string): Promise<string | undefined> {
    const isProved = (one: { domain: string; state: string }) => one.domain === domain && one.state === 'verified'
    const all = await whole(organizations.listOrganizations({ domains: [domain] }))
    return all.find(({ domains }) => domains.some(isProved))?.id
  }

  async function whereTo(params: Extract<CreateParams, { redirectUrl: string }>): Promise<WhereTo> {
    if (params.strategy !== 'enterprise_sso') return { provider: providerOf(params.strategy) }
    const { identifier: loginHint = '', connection = organizationId } = params
    const domainHint = loginHint.replace(/.*@/, '').toLowerCase()
    const id = connection ?? (domainHint && (await ownerOf(domainHint)))
    if (!id) throw new AuthError('sso_not_found')
    return { [id.startsWith('org_') ? 'organizationId' : 'connectionId']: id, ...(loginHint && { loginHint, domainHint }) }
  }

  return {
    async begin(params: Extract<CreateParams, { strategy: string }>): Promise<SignInAttempt> {
      const { strategy } = params
      if (!('redirectUrl' in params) || !firstFactors.includes(strategy)) throw new AuthError('not_supported')
      const { kept, book } = attempts.begin({ supportedFirstFactors: [] })
      const wanted = { ...(await whereTo(params)), redirectUri: params.redirectUrl }
      const { url: redirectUrl, state, codeVerifier } = await ask(users.getAuthorizationUrlWithPKCE(wanted))
      // More would not fit into the cookies that the cell becomes.
      if (redirectUrl.length > 6_000) throw new AuthError('redirect_denied')
      kept.away = { strategy, state, codeVerifier }
      book.move(kept, { status: 'needs_redirect', redirectUrl })
      attempts.write(kept)
      return kept.attempt
    },

    /** The page to which a provider has led back. */
    async land(url: string): ReturnType<SignInApi['resume']> {
      const clean = new URL(url)
      const take = (name: string) => {
        const value = clean.searchParams.get(name) ?? ''
        clean.searchParams.delete(name)
        return value
      }
      const [code, error, state] = [take('code'), take('error'), take('state')]
      if (!code && !error) return attempts.signIn.resume({})
      const attempt = await attempts.atReturn(state, async (kept, book, { strategy, codeVerifier }) => {
        const isUnknown = strategy === 'enterprise_sso' && /connection|^organization/.test(error)
        if (error || !code) throw new AuthError(isUnknown ? 'sso_not_found' : 'redirect_denied')
        return settle(kept, book, authenticated(users.authenticateWithCode({ ...caller, code, codeVerifier })), strategy)
      })
      return { attempt, cleanUrl: clean.href }
    },
  }
}

/** WorkOS's name of a provider is its own and `OAuth`: `GitHubOAuth` for `oauth_github`. `oauth_authkit` is its own hosted sign-in. */
const providerOf = (strategy: OAuthStrategy) =>
  strategy === 'oauth_authkit' ? 'authkit' : `${providerName(strategy).replace(/ /g, '')}OAuth`
