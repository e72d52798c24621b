import { focusManager, onlineManager } from '@tanstack/react-query'

/**
 * Tells that somebody is back: the page is shown again, is online again, or has the focus again. The last is all that is heard where two windows
 * stand side by side, since neither is ever hidden; it is told once a second at the most, since a frame in the page can pass the focus to and fro.
 */
export function onReturn(back: () => void): () => void {
  let at = -Infinity
  const focused = () => {
    const now = performance.now()
    if (now - at < 1_000) return
    at = now
    back()
  }
  const whenSo = (is: boolean) => void (is && back())
  const stops = [focusManager.subscribe(whenSo), onlineManager.subscribe(whenSo)]
  addEventListener('focus', focused)
  return () => {
    removeEventListener('focus', focused)
    stops.forEach((stop) => stop())
  }
}
