// The packages of test/react18, which run the suites on React 18.
import { existsSync, readFileSync } from 'node:fs'
import { run } from './stages.mjs'

const folder = 'test/react18'
const installed = `${folder}/node_modules/.package-lock.json`

const versionsIn = (lock) =>
  Object.entries(JSON.parse(readFileSync(lock, 'utf8')).packages).flatMap(([path, { version }]) =>
    path ? [`${path}@${version}`] : [],
  )

/** Installs them unless what is there is what the lock says. */
export async function installReact18() {
  const have = new Set(existsSync(installed) ? versionsIn(installed) : [])
  if (versionsIn(`${folder}/package-lock.json`).every((one) => have.has(one))) return true
  return run('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund'])
}
