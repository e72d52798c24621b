// Adds up what the runs of one `npm test` counted.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const folder = resolve('.tmp/tally')

export function beginTally() {
  rmSync(folder, { recursive: true, force: true })
  process.env.TALLY = folder
}

/** For scripts that count by themselves. Does nothing outside a tally. */
export function addToTally(name, counted) {
  if (!process.env.TALLY) return
  mkdirSync(process.env.TALLY, { recursive: true })
  writeFileSync(join(process.env.TALLY, `${name}-${process.pid}.json`), JSON.stringify(counted))
}

/** What the runs that wrote into a folder counted together. `errors` are failures outside any test. */
export function readTally(from = folder) {
  const runs = existsSync(from) ? readdirSync(from).map((file) => JSON.parse(readFileSync(join(from, file), 'utf8'))) : []
  const sum = (key) => runs.reduce((total, run) => total + run[key], 0)
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped'), errors: sum('errors') }
}
