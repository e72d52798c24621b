import { userEvent } from 'vitest/browser'

/** What a control is called. */
export const nameOf = (one: Element | null) =>
  one instanceof HTMLInputElement
    ? (one.labels?.[0]?.textContent ?? one.name)
    : (one?.getAttribute('aria-label') ?? one?.textContent ?? '')

/** The next Tab goes to the first stop of the page. */
export function fromTheTop() {
  const top = document.createElement('button')
  document.body.prepend(top)
  top.focus()
  top.remove()
}

/** Presses Tab from the top of the page until the focus has left it; answers with the stops. */
export async function tabThrough(): Promise<HTMLElement[]> {
  const stops: HTMLElement[] = []
  fromTheTop()
  for (let presses = 0; presses < 40; presses++) {
    await userEvent.tab()
    const stop = document.activeElement
    if (!(stop instanceof HTMLElement) || stop === document.body || stops.includes(stop)) break
    stops.push(stop)
  }
  return stops
}
