import type { Page } from '../core/continueSignIn.js'
import { wayParameter } from './wayBack.js'

/** What providers answer with (RFC 6749 §4.1.2, RFC 9207 §2, OpenID Connect's implicit flow in the fragment), and links. */
const answers = ['code', 'state', 'error', 'error_description', 'error_uri', 'error_code', 'iss', 'token', 'token_hash']

/** This page as providers and mailed links lead back to it. `redirectUrl`: another one of the same origin that shows the sign-in. */
export function pageWay(redirectUrl: string | undefined): Page {
  return {
    urlFor(way) {
      const url = new URL(redirectUrl ?? location.pathname + location.search, location.href)
      url.searchParams.set(wayParameter, way)
      return url.href
    },
    visit: (url) => location.assign(url),
    landed(url) {
      const clean = new URL(url ?? location.href, location.href)
      if (url === undefined) {
        for (const answer of answers) clean.searchParams.delete(answer)
        clean.hash = ''
      }
      // An adapter that leaves another origin behind is mistaken, and the address bar could not show it.
      if (clean.origin !== location.origin) return
      // An adapter's own marks begin with it.
      for (const key of [...clean.searchParams.keys()]) if (key.startsWith(wayParameter)) clean.searchParams.delete(key)
      history.replaceState(history.state, '', clean)
    },
  }
}
