import type { GenericEndpointContext } from 'better-auth'
import { BetterAuthError } from 'better-auth'
import { APIError, createAuthEndpoint } from 'better-auth/api'
import { generateRandomString } from 'better-auth/crypto'
import { enrolledOf, type Passkey } from './enrolled.js'
import { requireProver, type Prover } from './prover.js'
import { refuseWhileLocked } from './secondFactors.js'
import { keepCode } from './sentCode.js'
import { raise, record, secondFactorPassed } from './sessionRecord.js'

interface Answered {
  readonly response: unknown
  readonly headers: Headers
}

type Endpoint = (call: object) => Promise<Answered>

function endpointOf(ctx: GenericEndpointContext, id: 'passkey' | 'two-factor', name: string): Endpoint {
  const plugin = ctx.context.getPlugin(id) as { endpoints?: Readonly<Record<string, Endpoint>> } | null
  const endpoint = plugin?.endpoints?.[name]
  // Better a refusal than a proof that nobody has checked.
  if (!endpoint) throw new BetterAuthError(`latchkey() does not know this version of the plugin ${id}.`)
  return (call) => endpoint({ ...ctx, ...call, asResponse: false, returnHeaders: true })
}

function passCookies({ responseHeaders }: GenericEndpointContext, { headers }: Answered): void {
  for (const cookie of headers.getSetCookie()) responseHeaders.append('set-cookie', cookie)
}

async function requirePasskeys(ctx: GenericEndpointContext): Promise<Prover & { passkeys: readonly Passkey[] }> {
  const prover = await requireProver(ctx)
  const { byPasskey, passkeys, row } = await enrolledOf(ctx, prover.user.id)
  // The same thing twice is one factor.
  if (!byPasskey || prover.method === 'passkey') {
    throw new APIError('BAD_REQUEST', { code: 'PASSKEY_NOT_ENABLED', message: 'No passkey can be the second factor here.' })
  }
  refuseWhileLocked(row)
  return { ...prover, passkeys }
}

/** WebAuthn request options for the person's own passkeys, which only somebody sees who has passed the first factor. */
export const passkeyOptions = createAuthEndpoint(
  '/latchkey/passkey-options',
  { method: 'GET', requireHeaders: true },
  async (ctx) => {
    const { passkeys } = await requirePasskeys(ctx)
    const answered = await endpointOf(ctx, 'passkey', 'generatePasskeyAuthenticationOptions')({})
    passCookies(ctx, answered)
    const allowCredentials = passkeys.map(({ credentialID: id, transports }) => ({
      id,
      type: 'public-key',
      ...(transports && { transports: transports.split(',') }),
    }))
    return ctx.json({ ...(answered.response as object), allowCredentials })
  },
)

/** A passkey as the second factor: one of the person's own, whose answer Better Auth's `passkey()` has verified. */
export const verifyPasskey = createAuthEndpoint('/latchkey/verify-passkey', { method: 'POST' }, async (ctx) => {
  const { passkeys, user, key, signedIn, challenge, method } = await requirePasskeys(ctx)
  const { response, trustDevice } = Object(ctx.body) as { response?: { id?: unknown }; trustDevice?: unknown }
  const own = passkeys.find(({ credentialID }) => credentialID === response?.id)
  if (!own) throw new APIError('UNAUTHORIZED', { code: 'PASSKEY_NOT_FOUND', message: 'This passkey is not the person’s.' })
  await verify(ctx, response)
  if (signedIn) {
    await raise(ctx, signedIn, 'passkey', own.credentialID)
    return ctx.json({ user: { id: user.id, email: user.email } })
  }
  // The challenge is taken, the session made and the browser trusted by Better Auth itself, on a code that nobody else has ever seen.
  const code = generateRandomString(32)
  await keepCode(ctx, key, code)
  const body = { code, trustDevice: trustDevice === true }
  const answered = await endpointOf(ctx, 'two-factor', 'verifyTwoFactorOTP')({ body })
  passCookies(ctx, answered)
  const { newSession } = ctx.context
  if (!newSession || !challenge) throw new BetterAuthError('latchkey() does not know this version of twoFactor().')
  const { startedAt } = challenge
  const fields = secondFactorPassed('passkey', [[method, startedAt.getTime()]], startedAt, own.credentialID)
  await record(ctx, newSession, fields)
  return ctx.json(answered.response as object)
})

/** By `passkey()`'s own endpoint, up to where it would make a session: there is one, or it is twoFactor()'s to make. */
async function verify(ctx: GenericEndpointContext, response: unknown): Promise<void> {
  const verified = new APIError('OK', { code: 'VERIFIED', message: 'Verified.' })
  const internalAdapter = { ...ctx.context.internalAdapter, createSession: () => Promise.reject(verified) }
  const context = { ...ctx.context, internalAdapter }
  const body = { response }
  const thrown: unknown = await endpointOf(
    ctx,
    'passkey',
    'verifyPasskeyAuthentication',
  )({ body, context }).then(
    () => new BetterAuthError('latchkey() does not know this version of passkey().'),
    (error: unknown) => error,
  )
  if (thrown !== verified) throw thrown
}
