import { AuthError } from '../../core/AuthError.js'

/** Where the token of a link stands. */
export const linkParameter = 'latchkey_link'

/** An address of the app, or the provider's, with more in its query. Rejects `not_supported` for what is no address to come back to. */
export function withParameters(address: string | undefined, parameters: Record<string, string>): string {
  if (!URL.canParse(address ?? '')) throw new AuthError('not_supported', 'No redirectUrl.')
  const url = new URL(address ?? '')
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}
