/** What must not be found, with the words in which to speak of it. */
export type Secrets = ReadonlyMap<string, string>

const tokenShape = /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/

/**
 * Looks through everything that can be reached from `root`: keys and values, what is not enumerable, messages, stacks and causes of errors,
 * maps, sets and headers. Answers with what was found and where, never with the text itself.
 */
export function findSecret(root: unknown, secrets: Secrets, where = ''): string | undefined {
  const seen = new Set<unknown>()

  function inText(text: string, path: string): string | undefined {
    for (const [secret, what] of secrets) if (holds(text, secret)) return `${what} at ${path || 'the top'}`
    return tokenShape.test(text) ? `a signed token at ${path || 'the top'}` : undefined
  }

  function look(value: unknown, path: string): string | undefined {
    if (typeof value === 'string' || typeof value === 'number') return inText(String(value), path)
    if (typeof value !== 'object' || value === null || seen.has(value)) return undefined
    seen.add(value)
    for (const [key, part] of partsOf(value)) {
      const found = inText(key, `${path}.(a key)`) ?? look(part, `${path}.${key}`)
      if (found) return found
    }
    return undefined
  }

  return look(root, where)
}

function partsOf(value: object): [string, unknown][] {
  const own = Reflect.ownKeys(value).map((key): [string, unknown] => [String(key), read(value, key)])
  const isCollection = value instanceof Map || value instanceof Set || value instanceof Headers
  return isCollection ? [...own, ...[...value].map((part, index): [string, unknown] => [String(index), part])] : own
}

function read(value: object, key: string | symbol): unknown {
  try {
    return Reflect.get(value, key)
  } catch {
    return undefined
  }
}

/** Six digits may stand in a longer number by chance; there they tell nothing. */
function holds(text: string, secret: string): boolean {
  if (secret.length < 4) return false
  if (/^[\da-z]{4,12}$/i.test(secret)) return new RegExp(`(?<![\\da-z])${secret}(?![\\da-z])`, 'i').test(text)
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)].some((form) => text.includes(form))
}
