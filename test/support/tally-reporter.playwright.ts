import type { Reporter, Suite } from '@playwright/test/reporter'
import { writeTally } from './tally-reporter.js'

/** Writes what a Playwright run counted, as the vitest reporter does. */
export default class PlaywrightTallyReporter implements Reporter {
  private suite: Suite | undefined
  private errors = 0

  onBegin(_config: unknown, suite: Suite) {
    this.suite = suite
  }

  onError() {
    this.errors += 1
  }

  onEnd() {
    const counted = { passed: 0, failed: 0, skipped: 0, errors: this.errors }
    for (const test of this.suite?.allTests() ?? []) {
      const outcome = test.outcome()
      counted[outcome === 'expected' ? 'passed' : outcome === 'skipped' ? 'skipped' : 'failed'] += 1
    }
    writeTally(counted)
  }
}
