import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Reporter, TestModule } from 'vitest/node'

/** Writes what a run counted into the folder that TALLY names, for scripts/test.mjs to add up. */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]) {
    const counted = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        // A test that was begun and never ended is not a pass.
        counted[state === 'pending' ? 'failed' : state] += 1
      }
      if (module.errors().length > 0) counted.failed += 1
    }
    writeTally(counted)
  }
}

export function writeTally(counted: { passed: number; failed: number; skipped: number }) {
  const folder = process.env.TALLY
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${process.pid}-${Date.now()}.json`), JSON.stringify(counted))
}
