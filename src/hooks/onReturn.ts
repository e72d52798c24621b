import { focusManager, onlineManager } from '@tanstack/react-query'

/**
 * Tells that somebody is back: the page is shown again, is online again, or has the focus again. The last is all that is heard where two windows
 * stand side by side, since neither is ever hidden.
 */
export function onReturn(back: () => void): () => void {
  const whenSo = (is: boolean) => void (is && back())
  const stops = [focusManager.subscribe(whenSo), onlineManager.subscribe(whenSo)]
  addEventListener('focus', back)
  return () => {
    removeEventListener('focus', back)
    stops.forEach((stop) => stop())
  }
}
