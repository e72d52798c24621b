import { AuthError } from '../../core/AuthError.js'
import { ask, type Connection } from './connection.js'
import { errorCodeOf } from './errorCodes.js'

/**
 * Takes what a provider or a link brought back, if auth-js has not done so on its own (`detectSessionInUrl`). `undefined` where the address
 * brings nothing. Rejects with what went wrong there.
 */
export async function returnFrom(
  url: string,
  { auth, take }: Connection,
): Promise<{ cleanUrl: string; isReset: boolean } | undefined> {
  const clean = new URL(url)
  const { searchParams } = clean
  const hash = new URLSearchParams(clean.hash.slice(1))
  const get = (name: string) => searchParams.get(name) ?? hash.get(name) ?? ''
  const [code, token_hash, type, refresh_token, access_token] = [
    'code',
    'token_hash',
    'type',
    'refresh_token',
    'access_token',
  ].map(get)
  const theirs = get('error_code') || get('error')
  if (theirs) throw new AuthError(errorCodeOf(theirs) ?? 'redirect_denied', theirs)
  try {
    // Made a moment ago, but the first of the two at another time than it is taken.
    if (refresh_token && access_token) await ask(auth.setSession({ access_token, refresh_token }))
    else if (token_hash && type) take(await ask(auth.verifyOtp({ token_hash, type })))
    else if (code) take(await ask(auth.exchangeCodeForSession(code), code))
    else return undefined
  } catch (thrown) {
    // The client was quicker: what it had kept for this code is used up.
    const { session } = await ask(auth.getSession())
    if ((thrown as AuthError).code !== 'link_other_device' || !session) throw thrown
    return undefined
  }
  for (const name of ['code', 'token_hash', 'type']) searchParams.delete(name)
  if (access_token) clean.hash = ''
  return { cleanUrl: clean.href, isReset: type === 'recovery' }
}
