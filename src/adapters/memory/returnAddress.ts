import { AuthError } from '../../core/AuthError.js'

/** Where the token of a link stands. */
export const linkParameter = 'latchkey_link'

/** An address of the app, or the provider's, with more in its query. Rejects `not_supported` for what is no address to come back to. */
export function withParameters(address: string | undefined, parameters: Record<string, string>): string {
  if (!URL.canParse(address ?? ''))
    throw new AuthError('not_supported', 'This needs a redirectUrl: an absolute address of the app.')
  const url = new URL(address ?? '')
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}

/** What a page's address has in its query, and the address without what is ours in it. */
export function readAddress(address: string): { parameters: URLSearchParams; cleanUrl: string } {
  const [{ searchParams: parameters }, clean] = [new URL(address), new URL(address)]
  for (const name of [linkParameter, 'code', 'state', 'error']) clean.searchParams.delete(name)
  return { parameters, cleanUrl: clean.href }
}
