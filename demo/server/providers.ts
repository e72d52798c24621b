import { randomBytes } from 'node:crypto'
import { startOidcProvider, type OidcAccount, type OidcProvider } from './oidcProvider.js'
import { startSamlProvider, type SamlProvider } from './samlProvider.js'

export interface ProvidersOptions {
  /** Where browsers reach the Better Auth server that sends people there. */
  readonly origin: string
  readonly accounts: readonly OidcAccount[]
  /** Of the provider for everybody, then of the company's. Default: some that are free. */
  readonly ports?: readonly [oidc: number, saml: number]
}

/** Two stand-ins, and what Better Auth is told of them. */
export interface Providers {
  /** For everybody: `genericOAuth`. */
  readonly oidc: { readonly id: 'acme'; readonly issuer: string; readonly clientId: string; readonly clientSecret: string }
  /** For the people of a domain: `sso`'s `defaultSSO`, with `domainVerification`, or Better Auth links nobody who has an account. */
  readonly companies: Company[]
  /** To be trusted: Better Auth asks no host on loopback otherwise. */
  readonly origins: readonly string[]
  readonly visit: { readonly oidc: OidcProvider['visit']; readonly saml: SamlProvider['visit'] }
  close(): Promise<void>
}

export interface Company {
  domain: string
  providerId: string
  samlConfig: {
    issuer: string
    entryPoint: string
    cert: string
    wantAssertionsSigned: true
    idpMetadata: { metadata: string }
    mapping: { email: string; name: string }
  }
}

/** Whose addresses end so signs in with the company. */
export const COMPANY_DOMAIN = 'globex.example'

/** Acme ID (OpenID) and Globex ID (SAML). They have to run before Better Auth does: it reads the first one's discovery when it starts. */
export async function startProviders({ origin, accounts, ports = [0, 0] }: ProvidersOptions): Promise<Providers> {
  const clientSecret = randomBytes(32).toString('base64url')
  const clientId = 'latchkey-demo'
  const entityId = `${origin}/api/auth/sso/saml2/sp/metadata?providerId=globex`
  const [oidc, saml] = await Promise.all([
    startOidcProvider({
      issuerPort: ports[0],
      accounts,
      clients: [{ id: clientId, secret: clientSecret, redirectUris: [`${origin}/api/auth/callback/acme`] }],
    }),
    startSamlProvider({
      port: ports[1],
      accounts: accounts.filter(({ email }) => email.endsWith(`@${COMPANY_DOMAIN}`)),
      services: [{ entityId, acsUrl: `${origin}/api/auth/sso/saml2/sp/acs/globex` }],
    }),
  ])
  return {
    oidc: { id: 'acme', issuer: oidc.issuer, clientId, clientSecret },
    companies: [
      {
        domain: COMPANY_DOMAIN,
        providerId: 'globex',
        samlConfig: {
          issuer: entityId,
          entryPoint: saml.ssoUrl,
          cert: saml.certificate,
          wantAssertionsSigned: true,
          idpMetadata: { metadata: saml.metadata },
          mapping: { email: 'email', name: 'name' },
        },
      },
    ],
    origins: [oidc.issuer, new URL(saml.ssoUrl).origin],
    visit: { oidc: oidc.visit, saml: saml.visit },
    close: async () => void (await Promise.all([oidc.close(), saml.close()])),
  }
}
