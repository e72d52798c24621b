export interface CookieFetch {
  readonly fetch: typeof fetch
  /** What the browser holds, by name. */
  readonly cookies: Map<string, string>
}

/** A browser's fetch as far as a server can tell: it keeps cookies and names the page's origin. */
export function cookieFetch(origin: string, ask: typeof fetch = fetch): CookieFetch {
  const cookies = new Map<string, string>()
  return {
    cookies,
    async fetch(input, init) {
      const headers = new Headers(init?.headers)
      headers.set('origin', origin)
      if (cookies.size > 0) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
      const response = await ask(input, { ...init, headers })
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (/;\s*max-age=0\b/i.test(line)) cookies.delete(name)
        else cookies.set(name, value)
      }
      return response
    },
  }
}
