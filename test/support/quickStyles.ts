/**
 * Makes jsdom's `getComputedStyle` quick where no page has a style of its own: to find an element by its role, it is asked for every element and all
 * above it, and each time it matches the whole default stylesheet, a third of these tests' time. Elements of one kind look alike there, so
 * each kind is asked for once. Whoever brings a style, inline or in a sheet, gets jsdom's own answer.
 */
export function quickenStyles(window: Window & typeof globalThis) {
  const real = window.getComputedStyle.bind(window)
  const kinds = new Map<string, CSSStyleDeclaration>()

  window.getComputedStyle = (element, pseudo) => {
    const document = element.ownerDocument
    if (document.styleSheets.length > 0 || !element.isConnected || hasOwnLook(element)) return real(element, pseudo)
    const kind = kindOf(element) + (pseudo ?? '')
    let style = kinds.get(kind)
    if (!style) kinds.set(kind, (style = copyOf(real(element, pseudo))))
    return style
  }
}

/** What tests and their tools ask for. */
export const asked = ['display', 'visibility', 'opacity', 'content', 'pointer-events', 'user-select'] as const

const hasOwnLook = (element: Element) => element.closest('[style], details, svg, table') !== null

const kindOf = (element: Element) =>
  [element.localName, ...['hidden', 'open', 'type', 'popover', 'dir'].map((name) => element.getAttribute(name) ?? '-')].join(' ')

function copyOf(style: CSSStyleDeclaration): CSSStyleDeclaration {
  const values = new Map<string, string>(asked.map((name) => [name, style.getPropertyValue(name)]))
  const copy = {
    getPropertyValue(name: string) {
      const value = values.get(name)
      if (value === undefined) throw new Error(`Quick styles do not know "${name}".`)
      return value
    },
  }
  for (const name of asked)
    Object.defineProperty(
      copy,
      name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
      { get: () => values.get(name) },
    )
  // What nobody thought of shall fail, not be empty.
  return new Proxy(copy as unknown as CSSStyleDeclaration, {
    get(target, name, receiver) {
      if (typeof name === 'string' && !(name in target)) throw new Error(`Quick styles do not know "${name}".`)
      return Reflect.get(target, name, receiver) as unknown
    },
  })
}
