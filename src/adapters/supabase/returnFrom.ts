import { AuthError } from '../../core/AuthError.js'
import { ask, type Connection } from './connection.js'
import { errorCodeOf } from './errorCodes.js'

const names = ['code', 'error', 'error_code', 'error_description', 'token_hash', 'type', 'access_token', 'refresh_token'].concat([
  'expires_in',
  'expires_at',
  'token_type',
  'provider_token',
  'provider_refresh_token',
  'sb',
])

/**
 * Takes what a provider or a link brought back, if auth-js has not done so on its own (`detectSessionInUrl`). `undefined` where the address
 * brings nothing. Rejects with what went wrong there.
 */
export async function returnFrom(url: string, { auth, take }: Connection): Promise<{ cleanUrl: string } | undefined> {
  const clean = new URL(url)
  const hash = new URLSearchParams(clean.hash.slice(1))
  const get = (name: string) => clean.searchParams.get(name) ?? hash.get(name) ?? ''
  const theirs = get('error_code') || get('error')
  if (theirs) throw new AuthError(errorCodeOf(theirs) ?? 'redirect_denied', 'The address brings an error.', { cause: theirs })

  const [code, token_hash, type] = [get('code'), get('token_hash'), get('type')]
  const tokens = { access_token: get('access_token'), refresh_token: get('refresh_token') }
  const asked = token_hash
    ? auth.verifyOtp({ token_hash, type })
    : tokens.refresh_token
      ? auth.setSession(tokens)
      : code
        ? auth.exchangeCodeForSession(code)
        : undefined
  if (!asked) return undefined
  try {
    const { session, user } = await ask(asked, code, token_hash, ...Object.values(tokens))
    // What `setSession` takes was made at another time.
    if (session && user && !tokens.refresh_token) take(session, user)
  } catch (thrown) {
    // The client was quicker: what it had kept for this code is used up.
    const { session } = await ask(auth.getSession())
    if ((thrown as AuthError).code !== 'link_other_device' || !session) throw thrown
    return undefined
  }
  for (const name of names) {
    clean.searchParams.delete(name)
    hash.delete(name)
  }
  clean.hash = hash.toString()
  return { cleanUrl: clean.href }
}
