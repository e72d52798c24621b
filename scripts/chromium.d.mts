export const chromiumArgs: string[]
export function findChromium(): string | undefined
/** Its headless shell, where one stands beside it. */
export function findHeadless(): string | undefined
export function ensureChromium(): string
