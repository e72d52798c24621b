import { AuthError } from '../../core/AuthError.js'
import { ask, type Connection } from './connection.js'
import { errorCodeOf } from './errorCodes.js'

/**
 * Takes what a provider or a link brought back, if auth-js has not done so on its own (`detectSessionInUrl`). Answers with the address without
 * it, `undefined` where it brings nothing. Rejects with what went wrong there.
 */
export async function returnFrom(url: string, { auth, take, recover }: Connection): Promise<string | undefined> {
  const clean = new URL(url)
  const { searchParams } = clean
  const hash = new URLSearchParams(clean.hash.slice(1))
  const [error, code = '', token_hash, type = '', refresh_token, access_token = ''] = [
    /^error(_code)?$/,
    /^code$/,
    /^token_hash$/,
    /^type$/,
    /^refresh_token$/,
    /^access_token$/,
  ].map((form) => [...hash, ...searchParams].findLast(([name]) => form.test(name))?.[1])
  if (error) throw new AuthError(errorCodeOf(error) ?? 'redirect_denied', error)
  if (!refresh_token && !token_hash && !code) return undefined
  try {
    const { claims } = take(
      await ask(
        refresh_token
          ? auth.setSession({ access_token, refresh_token })
          : token_hash
            ? auth.verifyOtp({ token_hash, type })
            : auth.exchangeCodeForSession(code),
      ),
    )
    if (type === 'recovery') recover(claims.session_id)
  } catch (thrown) {
    // The client was quicker: what it had kept for this code is used up.
    const { session } = await ask(auth.getSession())
    if ((thrown as AuthError).code !== 'link_other_device' || !session) throw thrown
  }
  for (const name of ['code', 'token_hash', 'type']) searchParams.delete(name)
  if (refresh_token) clean.hash = ''
  return clean.href
}
