// Finds the Chromium that tests and measurements drive; as a program it also installs Debian's when it may.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Flags for a quiet browser that also starts as root. */
export const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

const runnable = (path) => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** `CHROMIUM_PATH`, else a Chromium or Chrome on PATH, else undefined. */
export function findChromium() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(runnable)
}

/**
 * The headless shell beside it, as Debian has it, else the Chromium itself: the same engine, without the windows of a browser around each page. Those
 * cost more than most pages do.
 */
export function findHeadless() {
  const full = findChromium()
  return full && runnable(shellOf(full)) ? shellOf(full) : full
}

const shellOf = (full) => `${full}-headless-shell`

function installDebians(...packages) {
  const canInstall = process.getuid?.() === 0 && ['/usr/bin/apt-get', '/bin/apt-get'].some((path) => existsSync(path))
  if (!canInstall) return
  console.error(`Installing Debian’s ${packages.join(', ')}.`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const command = `apt-get update -qq && apt-get install -y -qq --no-install-recommends ${packages.join(' ')}`
  // stdout is kept for the path alone.
  spawnSync('sh', ['-c', command], { env, stdio: ['ignore', 2, 2] })
}

/** The browser's path, installing it if need be; ends the process with one line when there is none to be had. */
export function ensureChromium() {
  if (!findChromium()) installDebians('chromium', 'chromium-headless-shell', 'fonts-dejavu-core')
  const found = findChromium()
  if (found && runnable(found)) return found
  console.error(
    process.env.CHROMIUM_PATH
      ? `CHROMIUM_PATH names no program that can be run: ${process.env.CHROMIUM_PATH}`
      : 'No Chromium found: install Chromium or Chrome (on Debian: apt-get install chromium), or set CHROMIUM_PATH.',
  )
  process.exit(1)
}

/** Debian's Chromium gets its headless shell, if need be and where that is possible. All works without it, and takes longer. */
export function ensureHeadless() {
  const full = ensureChromium()
  if (full === '/usr/bin/chromium' && !runnable(shellOf(full))) installDebians('chromium-headless-shell')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(ensureChromium())
