import { AuthError } from '../../core/AuthError.js'
import { ask, type Connection } from './connection.js'
import { errorCodeOf } from './errorCodes.js'

/**
 * Takes what a provider or a link brought back: a code (PKCE) or a hash. What the implicit flow brings, auth-js takes by itself
 * (`detectSessionInUrl`). Answers with the address without it, `undefined` where it brings nothing. Rejects with what went wrong there.
 */
export async function returnFrom(url: string, { auth, take, recover }: Connection): Promise<string | undefined> {
  const clean = new URL(url)
  const { searchParams: query } = clean
  const hash = new URLSearchParams(clean.hash.slice(1))
  const get = (name: string) => query.get(name) ?? hash.get(name) ?? ''
  const theirs = get('error_code') || get('error')
  if (theirs) throw new AuthError(errorCodeOf(theirs) ?? 'redirect_denied', undefined, { cause: theirs })
  const [code, token_hash, type] = ['code', 'token_hash', 'type'].map(get) as [string, string, string]
  if (!code && !token_hash) return undefined
  try {
    const { claims } = take(await ask(code ? auth.exchangeCodeForSession(code) : auth.verifyOtp({ token_hash, type })))
    if (type === 'recovery') recover(claims.session_id)
  } catch (thrown) {
    // Or the client was quicker: what it had kept for this code is used up.
    if ((thrown as AuthError).code !== 'link_other_device' || !(await ask(auth.getSession())).session) throw thrown
  }
  for (const name of ['code', 'token_hash', 'type']) query.delete(name)
  return clean.href
}
