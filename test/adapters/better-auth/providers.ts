import { acsUrlOf, entityIdOf } from '../../../demo/server/authPlugins.js'
import { startOidcProvider } from '../../../demo/server/oidcProvider.js'
import { startSamlProvider } from '../../../demo/server/samlProvider.js'
import type { Browser } from '../../servers/betterAuthServer.js'

export type Providers = Awaited<ReturnType<typeof providersFor>>

const client = { clientId: 'app', clientSecret: 'only-for-tests-0123456789' }

/**
 * `oauth_acme` for everybody; `example.com` signs in by SAML (`globex`), `initech.example` by OpenID (`initech`). Whoever is in `accounts` is
 * known to all of them.
 */
export async function providersFor(origin: string) {
  const accounts: { email: string; name: string }[] = []
  const redirectUris = [`${origin}/api/auth/callback/acme`, `${origin}/api/auth/sso/callback/initech`]
  const [oidc, saml] = await Promise.all([
    startOidcProvider({ accounts, clients: [{ id: client.clientId, secret: client.clientSecret, redirectUris }] }),
    startSamlProvider({ accounts, services: [{ entityId: entityIdOf(origin, 'globex'), acsUrl: acsUrlOf(origin, 'globex') }] }),
  ])

  /** Goes through the provider's pages and back, as that browser; answers with where it is in the end. */
  async function visit(browser: Browser, url: string, as: string): Promise<string> {
    if (url.startsWith(oidc.issuer)) return landing(browser, await oidc.visit(url, { as }))
    const { acsUrl, ...fields } = await saml.visit(url, { as })
    const { origin: theirs } = new URL(saml.ssoUrl)
    return landing(browser, acsUrl, { method: 'POST', body: new URLSearchParams(fields), headers: { origin: theirs } })
  }

  return {
    accounts,
    oidc: { id: 'acme', issuer: oidc.issuer, ...client },
    companies: [
      { domain: 'example.com', saml: { id: 'globex', ...saml } },
      { domain: 'initech.example', oidc: { id: 'initech', issuer: oidc.issuer, ...client } },
    ],
    origins: [oidc.issuer, new URL(saml.ssoUrl).origin],
    visit,
    deny: async (browser: Browser, url: string) => landing(browser, await oidc.visit(url, { deny: true })),
    async close() {
      await Promise.all([oidc.close(), saml.close()])
    },
  }
}

/** Where the server sends a browser that comes back to it. */
export async function landing({ fetch }: Browser, url: string, init?: RequestInit): Promise<string> {
  const response = await fetch(url, init)
  const location = response.headers.get('location')
  if (!location) throw new Error(`The server sends nobody on: ${response.status} ${await response.text()}`)
  return location
}
