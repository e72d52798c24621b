/**
 * The paths under `root` at which a string holds `needle`: over own properties, symbols, array items and entries of maps and sets. React hangs its
 * tree on the elements, so this also walks props, states, refs and hooks, but not into closures.
 */
export function reachable(root: unknown, needle: string): string[] {
  const found: string[] = []
  const seen = new Set<unknown>()
  const queue: [unknown, string][] = [[root, '']]
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [value, path] = next
    if (typeof value === 'string' && value.includes(needle)) found.push(path)
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue
    seen.add(value)
    if (value instanceof HTMLInputElement) queue.push([value.value, `${path}.value`])
    if (value instanceof Node) value.childNodes.forEach((child, i) => queue.push([child, `${path}/${i}`]))
    if (value instanceof Map) for (const [key, held] of value) queue.push([key, `${path}.key`], [held, `${path}.get`])
    if (value instanceof Set) for (const held of value) queue.push([held, `${path}.has`])
    if (value instanceof Window) continue
    for (const key of Reflect.ownKeys(value)) {
      const held = Object.getOwnPropertyDescriptor(value, key)
      if (held)
        queue.push([held.get && !(value instanceof Node) ? attempt(held.get, value) : held.value, `${path}.${String(key)}`])
    }
  }
  return found
}

function attempt(get: () => unknown, owner: object): unknown {
  try {
    return get.call(owner)
  } catch {
    return undefined
  }
}
