import type { BrowserCommand } from 'vitest/node'

let free: Promise<void> = Promise.resolve()
let give = () => {}

/** There is one clipboard, and test files run side by side: whoever copies takes the turn until they have pasted. Runs in the runner, not in a page. */
export const takeClipboard: BrowserCommand<[]> = async () => {
  const before = free
  let release = () => {}
  free = new Promise((resolve) => (release = resolve))
  await before
  give = release
}

export const giveClipboard: BrowserCommand<[]> = () => give()

declare module 'vitest/browser' {
  interface BrowserCommands {
    takeClipboard: () => Promise<void>
    giveClipboard: () => Promise<void>
  }
}
