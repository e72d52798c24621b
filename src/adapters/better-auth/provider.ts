import type { CallOptions } from '../../core/adapter.js'
import type { CreateParams } from '../../core/attempt.js'
import { AuthError, type AuthErrorCode } from '../../core/AuthError.js'
import type { Connection } from './connection.js'

/** Tells a way back from a visit, because Better Auth adds nothing to the address when all is well. */
const mark = 'latchkey_return'

/** Answers with where to go. */
export async function redirectFor(
  post: Connection['post'],
  params: Extract<CreateParams, { redirectUrl: string }>,
  options?: CallOptions,
): Promise<string> {
  const back = new URL(params.redirectUrl)
  back.searchParams.set(mark, '')
  const body = { callbackURL: back.href, errorCallbackURL: back.href, disableRedirect: true }
  const asked =
    params.strategy !== 'enterprise_sso'
      ? post('/sign-in/social', { ...body, provider: params.strategy.slice(6) }, options, 'url')
      : post('/sign-in/sso', { ...body, providerId: params.connection, email: params.identifier }, options, 'url')
  return `${(await asked).url}`
}

/** What a provider, or where there are any, a link brought back. Throws what went wrong there; what the address says of it is shown to nobody. */
export function returned(url: string, hasLinks: boolean): { readonly token: string | null; readonly cleanUrl?: string } {
  const clean = new URL(url)
  const { searchParams } = clean
  const theirs = searchParams.get('error')
  const isBack = searchParams.has(mark)
  if (theirs && isBack) throw new AuthError(returnCodeOf(theirs))
  const token = hasLinks ? searchParams.get('token') : null
  for (const name of token ? [mark, 'token'] : [mark]) searchParams.delete(name)
  return { token, ...((isBack || token) && { cleanUrl: clean.href }) }
}

/** What the address says to which a provider, or the way there, led back. */
function returnCodeOf(theirs: string): AuthErrorCode {
  if (/state|restart/i.test(theirs)) return 'attempt_lost'
  if (/signup.disabled/i.test(theirs)) return 'no_account'
  return /provider/i.test(theirs) ? 'sso_not_found' : 'redirect_denied'
}
