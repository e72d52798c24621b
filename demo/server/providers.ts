import { randomBytes } from 'node:crypto'
import { acsUrlOf, entityIdOf, type Company, type OidcClient } from './authPlugins.js'
import { startOidcProvider, type OidcAccount, type OidcProvider } from './oidcProvider.js'
import { startSamlProvider, type SamlProvider } from './samlProvider.js'

export interface ProvidersOptions {
  /** Where browsers reach the Better Auth server that sends people there. */
  readonly origin: string
  readonly accounts: readonly OidcAccount[]
  /** Of the provider for everybody, then of the companies'. Default: some that are free. */
  readonly ports?: readonly [acme: number, globex: number, initech: number]
}

/** Three stand-ins, and what Better Auth is told of them. */
export interface Providers {
  readonly oidc: OidcClient
  readonly companies: readonly Company[]
  /** To be trusted: Better Auth asks no host on loopback otherwise. */
  readonly origins: readonly string[]
  readonly visit: { readonly oidc: OidcProvider['visit']; readonly saml: SamlProvider['visit'] }
  close(): Promise<void>
}

/** Whose address ends so signs in with that company. */
export const companyDomains = { globex: 'globex.example', initech: 'initech.example' } as const

/**
 * Acme ID (OpenID) for everybody, Globex ID (SAML) and Initech ID (OpenID) for their own people. They have to run before Better Auth does: it
 * reads the first one's discovery when it starts.
 */
export async function startProviders({ origin, accounts, ports = [0, 0, 0] }: ProvidersOptions): Promise<Providers> {
  const peopleOf = (domain: string) => accounts.filter(({ email }) => email.endsWith(`@${domain}`))
  const clientFor = (path: string) => ({
    id: 'latchkey-demo',
    secret: randomBytes(32).toString('base64url'),
    redirectUris: [`${origin}/api/auth/${path}`],
  })
  const [forAcme, forInitech] = [clientFor('callback/acme'), clientFor('sso/callback/initech')]
  const { globex, initech } = companyDomains
  const [acmeId, globexId, initechId] = await Promise.all([
    startOidcProvider({ issuerPort: ports[0], accounts, clients: [forAcme] }),
    startSamlProvider({
      port: ports[1],
      accounts: peopleOf(globex),
      services: [{ entityId: entityIdOf(origin, 'globex'), acsUrl: acsUrlOf(origin, 'globex') }],
    }),
    startOidcProvider({ issuerPort: ports[2], accounts: peopleOf(initech), clients: [forInitech], name: 'Initech ID' }),
  ])
  const asClient = (id: string, { issuer }: OidcProvider, client: typeof forAcme): OidcClient => {
    return { id, issuer, clientId: client.id, clientSecret: client.secret }
  }
  return {
    oidc: asClient('acme', acmeId, forAcme),
    companies: [
      { domain: globex, saml: { id: 'globex', ...globexId } },
      { domain: initech, oidc: asClient('initech', initechId, forInitech) },
    ],
    origins: [acmeId.issuer, new URL(globexId.ssoUrl).origin, initechId.issuer],
    visit: { oidc: acmeId.visit, saml: globexId.visit },
    close: async () => void (await Promise.all([acmeId, globexId, initechId].map((one) => one.close()))),
  }
}
