const live = '[role=alert], [role=status]'

/** What was heard of the live regions of a page since the listening began. */
export interface Heard {
  /** Each text that came into a region that was there before. */
  readonly heard: readonly string[]
  /** The words that a region arrived with: nobody hears those. */
  readonly lost: readonly string[]
  stop(): void
}

/** Listens as a screen reader does. */
export function listen(): Heard {
  const heard: string[] = []
  const lost: string[] = []
  const last = new WeakMap<Element, string>()
  const wordsOf = (region: Element) => region.textContent?.trim() ?? ''
  const note = (region: Element) => {
    const words = wordsOf(region)
    if (!last.has(region) && words) lost.push(words)
    else if (words && words !== last.get(region)) heard.push(`${region.getAttribute('role')}: ${words}`)
    last.set(region, words)
  }
  const look = () => document.querySelectorAll(live).forEach(note)
  document.querySelectorAll(live).forEach((region) => last.set(region, wordsOf(region)))
  const observer = new MutationObserver(look)
  observer.observe(document.body, { subtree: true, childList: true, characterData: true })
  return { heard, lost, stop: () => observer.disconnect() }
}
