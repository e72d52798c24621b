/** Characters of a value; with name and flags it stays below the 4,096 bytes that every browser keeps (RFC 6265 §6.1). */
const partLength = 3_600
/** Servers refuse requests whose headers are larger than 8 or 16 KB. */
const mostParts = 3

export interface CookieJar {
  read(name: string): string | null
  /** The `Set-Cookie` lines that put `value` in the place of what the request brought. `maxAgeMs`: without it, until the browser is closed. */
  lines(name: string, value: string | null, maxAgeMs?: number): string[]
}

/** Long values are spread over several cookies. `secure`: for https, where the `__Host-` prefix keeps subdomains from planting cookies. */
export function createCookieJar(header: string | null, secure: boolean): CookieJar {
  const sent = new Map<string, string>()
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=')
    const name = pair.slice(0, at).trim()
    if (at > 0 && !sent.has(name)) sent.set(name, pair.slice(at + 1).trim())
  }
  const nameOf = (name: string, part: number) => `${secure ? '__Host-' : ''}${name}${part ? `.${part}` : ''}`
  const flags = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`

  return {
    read(name) {
      let value = ''
      for (let part = 0; part < mostParts; part += 1) value += sent.get(nameOf(name, part)) ?? ''
      return value || null
    },

    lines(name, value, maxAgeMs) {
      const all: string[] = []
      const age = maxAgeMs === undefined ? '' : `; Max-Age=${Math.ceil(maxAgeMs / 1000)}`
      if (value && value.length > partLength * mostParts) throw new RangeError(`${name} is too large for cookies.`)
      for (let part = 0; part < mostParts; part += 1) {
        const piece = value?.slice(part * partLength, (part + 1) * partLength)
        const full = nameOf(name, part)
        if (piece) all.push(`${full}=${piece}; ${flags}${age}`)
        else if (sent.has(full)) all.push(`${full}=; ${flags}; Max-Age=0`)
      }
      return all
    },
  }
}
