import type { Popup } from '../core/continueSignIn.js'

/**
 * A window for a provider, to be opened in the click, before it is known where to. It does not know who opened it (ASVS 3.5.5); this page only
 * sees whether it is closed. `undefined` where the browser does not let it open: then the page goes itself.
 */
export function openPopup(): Popup | undefined {
  const opened = window.open('', '', 'popup,width=480,height=640')
  if (!opened) return undefined
  opened.opener = null
  return {
    visit: (url) => opened.location.replace(url),
    get closed() {
      return opened.closed
    },
    close: () => opened.close(),
  }
}
