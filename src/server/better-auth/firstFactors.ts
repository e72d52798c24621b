import { BetterAuthError, type GenericEndpointContext } from 'better-auth'
import { isAPIError } from 'better-auth/api'
import { writeFirstMethod } from './challenge.js'
import { enrolledOf, turnOn } from './enrolled.js'
import { backupCodesLeft, secondFactorsOf } from './secondFactors.js'
import type { SessionAndUser } from './sessionRecord.js'

export type HookContext = GenericEndpointContext & { context: { returned?: unknown } }

/** Where Better Auth and its plugins make a session of somebody who was not signed in. */
const methods: Readonly<Record<string, string>> = {
  '/sign-in/email': 'password',
  '/sign-in/username': 'password',
  '/sign-in/phone-number': 'password',
  '/sign-up/email': 'password',
  '/sign-in/email-otp': 'email_code',
  '/email-otp/verify-email': 'email_code',
  '/magic-link/verify': 'email_link',
  '/verify-email': 'email_link',
  '/phone-number/verify': 'phone_code',
  '/passkey/verify-authentication': 'passkey',
  '/siwe/verify': 'web3',
  '/sign-in/social': 'oauth',
  '/one-tap/callback': 'oauth',
  '/callback/:id': 'oauth',
  '/sso/callback': 'enterprise_sso',
  '/sso/callback/:providerId': 'enterprise_sso',
  '/sso/saml2/sp/acs/:providerId': 'enterprise_sso',
}

export const isFirstFactor = (path: string | undefined) => Object.hasOwn(methods, path ?? '')

export function firstMethodOf({ path, params, body }: GenericEndpointContext): string {
  const method = methods[path] ?? ''
  if (method !== 'oauth') return method
  const { provider = 'google' } = Object(body) as { provider?: string }
  return `oauth_${(params as { id?: string } | undefined)?.id ?? provider}`
}

/** Did the authenticator check who holds it? Then a passkey is two factors at once. Better Auth has verified what is read here. */
export function isUserVerified({ path, body }: GenericEndpointContext): boolean {
  if (path !== '/passkey/verify-authentication') return false
  const { authenticatorData = '' } = (body as { response: { response: { authenticatorData?: string } } }).response.response
  // The fifth byte from the end of the fixed part holds the flags (WebAuthn §6.1).
  return ((Buffer.from(authenticatorData, 'base64url')[32] ?? 0) & 4) !== 0
}

/** Of the passkey that this sign-in was by. */
export const credentialOf = ({ path, body }: GenericEndpointContext): string | undefined =>
  path === '/passkey/verify-authentication' ? (body as { response: { id: string } }).response.id : undefined

/** A session that the request itself came with was not made by it. */
export async function isNew(ctx: GenericEndpointContext, { session }: SessionAndUser): Promise<boolean> {
  const { authCookies, secret } = ctx.context
  return (await ctx.getSignedCookie(authCookies.sessionToken.name, secret)) !== session.token
}

interface AfterHook {
  matcher(ctx: object): boolean
  handler(ctx: object): Promise<{ response?: { twoFactorRedirect?: boolean }; headers?: Headers } | undefined>
}

/**
 * Better Auth asks for a second factor after a password only. After everything else its own hook is run here: it takes the session back and
 * leaves a challenge, unless the device is trusted. Answers whether it did, and with what to answer instead.
 */
export async function askSecondFactor(ctx: HookContext, method: string) {
  const { newSession } = ctx.context
  const plugin = ctx.context.getPlugin('two-factor') as unknown as { hooks: { after: AfterHook[] } } | null
  if (!plugin || !newSession) return undefined
  const { session, user } = newSession
  const enrolled = await enrolledOf(ctx, user.id)
  if (!enrolled.any) return undefined
  const hook = plugin.hooks.after.find(({ matcher }) => matcher({ path: '/sign-in/email' }))
  // Better nobody signed in than somebody without the second factor.
  if (!hook) throw new BetterAuthError('latchkey() does not know this version of twoFactor().')
  // It does, or has done, this one by itself.
  if (user.twoFactorEnabled && hook.matcher(ctx)) return undefined
  // Who has nothing but the mailbox that was just proved would be asked for the same again.
  const codes = await backupCodesLeft(ctx, enrolled, user.id)
  if (secondFactorsOf(ctx, user, enrolled, method, codes).length === 0) return undefined
  if (!user.twoFactorEnabled) {
    // Passkeys from before they counted. Better Auth asks nobody of whom it does not know it.
    await turnOn(ctx, user.id)
    ctx.context.setNewSession({ session, user: { ...user, twoFactorEnabled: true } })
  }
  const { response, headers } = (await hook.handler({ ...ctx, returnHeaders: true })) ?? {}
  for (const cookie of headers?.getSetCookie() ?? []) ctx.responseHeaders.append('set-cookie', cookie)
  if (!response?.twoFactorRedirect) return undefined
  await writeFirstMethod(ctx, method)
  // A browser that is on its way back goes on to the app, which finds the challenge.
  return { answer: isAPIError(ctx.context.returned) ? undefined : response }
}
