/** Browsers read what is behind the address after the click. Milliseconds. */
const readMs = 1_000

/** Saves a text as a file, within a click. It leaves the page for nowhere else: the address is the page's own, and is revoked. */
export function saveText(name: string, text: string): void {
  const href = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  Object.assign(document.createElement('a'), { href, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(href), readMs)
}
