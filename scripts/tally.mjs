// Adds up what the runs of one `npm test` counted.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

export function readTally() {
  mkdirSync(folder, { recursive: true })
  const runs = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')))
  const sum = (key) => runs.reduce((total, run) => total + run[key], 0)
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
}
