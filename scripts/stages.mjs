// Runs named commands one after another and says how long each took.
import { spawn } from 'node:child_process'

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`

/** Runs a program with this process's output; resolves whether it ended well. */
export function run(command, args = [], { env = {}, cwd } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } })
    for (const signal of ['SIGINT', 'SIGTERM']) {
      const pass = () => child.kill(signal)
      process.on(signal, pass)
      child.on('exit', () => process.off(signal, pass))
    }
    child.on('error', (error) => {
      console.error(error.message)
      resolve(false)
    })
    child.on('exit', (code) => resolve(code === 0))
  })
}

/** Runs a program of node_modules/.bin without npx, which may ask a registry. */
export const bin = (name, args, options) => run(`node_modules/.bin/${name}`, args, options)

/** TypeScript 7; the name `tsc` belongs to two packages here, so the file is named. */
export const tsc = (...args) => run(process.execPath, ['node_modules/typescript7/bin/tsc', ...args])

export const script = (name, ...args) => run(process.execPath, [`scripts/${name}.mjs`, ...args])

/**
 * `stages` are `[name, () => Promise<boolean>]`. Answers the names of those that failed; after a failure the rest are still run
 * unless `stopOnFailure`.
 */
export async function runStages(stages, { stopOnFailure = false } = {}) {
  const failed = []
  for (const [name, work] of stages) {
    console.log(`\n--- ${name}`)
    const since = performance.now()
    const ok = await work()
    console.log(`--- ${name}: ${ok ? 'ok' : 'FAILED'}, ${seconds(since)}`)
    if (!ok) failed.push(name)
    if (!ok && stopOnFailure) break
  }
  return failed
}
