import { passkey } from '@better-auth/passkey'
import { sso, type SSOOptions } from '@better-auth/sso'
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
  /** A provider to sign in with; its callback is `/api/auth/callback/<id>`. */
  readonly oidc?: OidcClient | undefined
  /** Providers of companies, by the domains of their addresses. */
  readonly companies?: SSOOptions['defaultSSO'] | undefined
}

export interface OidcClient {
  readonly id: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
}

/** What Better Auth has beside passwords and codes by mail. Nothing is sent to somebody who has no account, and nobody gets one here. */
export function authPlugins({ origin, sendLink, sendSms, oidc, companies = [] }: AuthPluginsOptions) {
  const { host } = new URL(origin)
  const toPhone: NonNullable<Parameters<typeof phoneNumber>[0]>['sendOTP'] = async ({ phoneNumber: value, code }, ctx) => {
    if (await ctx?.context.adapter.findOne({ model: 'user', where: [{ field: 'phoneNumber', value }] }))
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
        ? [
            {
              providerId: oidc.id,
              clientId: oidc.clientId,
              clientSecret: oidc.clientSecret,
              discoveryUrl: `${oidc.issuer}/.well-known/openid-configuration`,
              scopes: ['openid', 'email', 'profile'],
              pkce: true,
              disableSignUp: true,
            },
          ]
        : [],
    }),
    sso({ defaultSSO: companies, disableImplicitSignUp: true }),
  ]
}
