import { passkey } from '@better-auth/passkey'
import { sso } from '@better-auth/sso'
import { genericOAuth } from 'better-auth/plugins/generic-oauth'
import { magicLink } from 'better-auth/plugins/magic-link'
import { phoneNumber } from 'better-auth/plugins/phone-number'
import { siwe } from 'better-auth/plugins/siwe'
import { verifyMessage } from 'viem'
import { generateSiweNonce } from 'viem/siwe'
import { landingLink } from '../../src/server/better-auth/index.js'

type Send = (to: string, text: string) => Promise<void>

export interface AuthPluginsOptions {
  /** Where browsers reach the server. */
  readonly origin: string
  readonly sendLink: Send
  /** Sends a code to a phone: to sign in, or to reset a password. */
  readonly sendSms: Send
  /** A provider to sign in with; it sends people back to `/api/auth/callback/<id>`. */
  readonly oidc?: OidcClient | undefined
  /** Providers of companies, for everybody with an address of theirs. */
  readonly companies?: readonly Company[] | undefined
}

export interface OidcClient {
  readonly id: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
}

export type Company = { readonly domain: string } & ({ readonly oidc: OidcClient } | { readonly saml: SamlCompany })

/** It sends people back to `acsUrlOf`, and knows this server as `entityIdOf`. */
export interface SamlCompany {
  readonly id: string
  readonly ssoUrl: string
  readonly certificate: string
  readonly metadata: string
}

export const acsUrlOf = (origin: string, id: string) => `${origin}/api/auth/sso/saml2/sp/acs/${id}`
export const entityIdOf = (origin: string, id: string) => `${origin}/api/auth/sso/saml2/sp/metadata?providerId=${id}`

/** Where people land whose way back from a provider is not known any more: so marked, the page tells them. */
export const lostWayOf = (origin: string) => `${origin}/?latchkey=return&latchkey_return=`

const discoveryOf = ({ issuer }: OidcClient) => `${issuer}/.well-known/openid-configuration`
const scopes = ['openid', 'email', 'profile']

/** A company as `sso()` is told of it. */
export function companyFor(origin: string, company: Company) {
  const { domain } = company
  if ('oidc' in company) {
    const { id, issuer, clientId, clientSecret } = company.oidc
    const oidcConfig = { issuer, clientId, clientSecret, scopes, pkce: true, discoveryEndpoint: discoveryOf(company.oidc) }
    return { domain, providerId: id, oidcConfig }
  }
  const { id, ssoUrl, certificate, metadata } = company.saml
  const samlConfig = {
    issuer: entityIdOf(origin, id),
    entryPoint: ssoUrl,
    cert: certificate,
    idpMetadata: { metadata },
    wantAssertionsSigned: true,
    mapping: { id: 'nameID', email: 'email', name: 'name' },
  }
  return { domain, providerId: id, samlConfig }
}

/** What Better Auth has beside passwords and codes by mail. Nothing is sent to somebody who has no account, and nobody gets one here. */
export function authPlugins({ origin, sendLink, sendSms, oidc, companies = [] }: AuthPluginsOptions) {
  const { host } = new URL(origin)
  const toPhone: NonNullable<Parameters<typeof phoneNumber>[0]>['sendOTP'] = async ({ phoneNumber: value, code }, ctx) => {
    // Whoever enrols a number for the second factor is signed in.
    const isFactor = ctx?.path.startsWith('/latchkey/')
    if (isFactor || (await ctx?.context.adapter.findOne({ model: 'user', where: [{ field: 'phoneNumber', value }] })))
      await sendSms(value, code)
  }
  return [
    magicLink({
      disableSignUp: true,
      async sendMagicLink({ email, ...link }, ctx) {
        if (await ctx?.context.internalAdapter.findUserByEmail(email)) await sendLink(email, landingLink(link))
      },
    }),
    phoneNumber({ sendOTP: toPhone, sendPasswordResetOTP: toPhone }),
    passkey({ rpName: 'Latchkey demo' }),
    siwe({
      domain: host,
      getNonce: async () => generateSiweNonce(),
      // It throws for what is no signature at all.
      verifyMessage: ({ address, message, signature }) =>
        verifyMessage({ address: address as '0x', message, signature: signature as '0x' }).catch(() => false),
    }),
    genericOAuth({
      config: oidc
        ? [{ providerId: oidc.id, ...oidc, discoveryUrl: discoveryOf(oidc), scopes, pkce: true, disableSignUp: true }]
        : [],
    }),
    // A company answers for its own addresses, and for no others.
    sso({
      defaultSSO: companies.map((company) => companyFor(origin, company)),
      domainVerification: { enabled: true },
      disableImplicitSignUp: true,
      // Where an answer leads that belongs to no question any more. Unasked answers sign nobody in.
      saml: { idpInitiatedCallbackUrl: lostWayOf(origin), allowIdpInitiated: false },
    }),
  ]
}
