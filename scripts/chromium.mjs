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

function installDebians() {
  const canInstall = process.getuid?.() === 0 && ['/usr/bin/apt-get', '/bin/apt-get'].some((path) => existsSync(path))
  if (!canInstall) return
  console.error('No Chromium found: installing Debian’s chromium and fonts-dejavu-core.')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const command = 'apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core'
  // stdout is kept for the path alone.
  spawnSync('sh', ['-c', command], { env, stdio: ['ignore', 2, 2] })
}

/** The browser's path, installing it if need be; ends the process with one line when there is none to be had. */
export function ensureChromium() {
  if (!findChromium()) installDebians()
  const found = findChromium()
  if (found && runnable(found)) return found
  console.error(
    process.env.CHROMIUM_PATH
      ? `CHROMIUM_PATH names no program that can be run: ${process.env.CHROMIUM_PATH}`
      : 'No Chromium found: install Chromium or Chrome (on Debian: apt-get install chromium), or set CHROMIUM_PATH.',
  )
  process.exit(1)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(ensureChromium())
