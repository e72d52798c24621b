import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Reporter, TestModule } from 'vitest/node'

/** Writes what a run counted into the folder that TALLY names, for scripts/test.mjs to add up. */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]) {
    const counted = { passed: 0, failed: 0, skipped: 0, errors: unhandledErrors.length }
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        // A test that was begun and never ended is not a pass.
        counted[state === 'pending' ? 'failed' : state] += 1
      }
      if (module.errors().length > 0) counted.errors += 1
    }
    writeTally(counted)
  }
}

/** `errors` are failures outside any test: a file that cannot be loaded, a rejection that nobody caught. */
export function writeTally(counted: { passed: number; failed: number; skipped: number; errors: number }) {
  const folder = process.env.TALLY
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${process.pid}-${Date.now()}.json`), JSON.stringify(counted))
}
