export interface ReturnToOptions {
  /** Of this page: `location.origin`. */
  readonly origin: string
  /** Where to instead. Default `/`. */
  readonly fallback?: string
  /** Paths that would lead in a circle, with all that is below them: those of the sign-in, the sign-out and the way back from providers. */
  readonly refuse?: readonly string[]
}

/** A first character that browsers or proxies may read as the beginning of a host: a second slash, in whichever spelling. */
const opensHost = /^\/(?:[\\/]|%(?:25)*(?:2f|5c))/i
// Browsers drop tabs and newlines from addresses, so that `/\t/h` is `//h` to them (URL Standard, basic URL parser).
const unprintable = /[\p{Cc}\s\\]/u

/**
 * Where an address that came with the page may lead after sign-in: a path of this origin, or the fallback. Never another origin, a script, or
 * back into the sign-in (RFC 9700 §4.11). To be asked again at the moment of use, whatever was checked before.
 */
export function safeReturnTo(given: unknown, { origin, fallback = '/', refuse = [] }: ReturnToOptions): string {
  if (typeof given !== 'string') return fallback
  const path = given.startsWith(`${origin}/`) ? given.slice(origin.length) : given
  if (!path.startsWith('/') || unprintable.test(path) || opensHost.test(path)) return fallback
  const url = new URL(path, origin)
  // Dots are resolved by now: `/..//h` is `//h`.
  if (url.origin !== origin || opensHost.test(url.pathname)) return fallback
  const here = plain(url.pathname)
  const circles = refuse.map(plain).some((one) => here === one || here.startsWith(`${one}/`))
  return circles ? fallback : url.pathname + url.search + url.hash
}

/** As routers compare paths. */
function plain(path: string): string {
  let read = path
  try {
    read = decodeURIComponent(path)
  } catch {
    // It stays as it is written.
  }
  return read
    .toLowerCase()
    .replace(/\/+/g, '/')
    .replace(/(?!^)\/$/, '')
}
