declare global {
  interface Window {
    /** Milliseconds from the request of the first script to the frame that has an input which can be focused. */
    firstInput?: number
  }
}

const focusable = () => {
  const input = document.querySelector('input')
  return input?.checkVisibility({ visibilityProperty: true }) === true && !input.disabled && input.tabIndex >= 0
}

/** Leaves the time in `window.firstInput`. */
export function watchFirstInput() {
  const observer = new MutationObserver(() => {
    if (!focusable()) return
    observer.disconnect()
    requestAnimationFrame(() => {
      // The frame's painting comes between its callbacks and the next task.
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        const requests = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js'))
        window.firstInput = performance.now() - Math.min(...requests.map(({ startTime }) => startTime))
      }
      port2.postMessage(null)
    })
  })
  observer.observe(document.documentElement, { childList: true, subtree: true, attributes: true })
}
