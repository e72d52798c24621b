import { mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, describe, it } from 'vitest'
import { adapterContract, type AdapterHarness } from '../../src/testing/index.js'

type Result = 'passed' | 'gap' | 'failed'

export interface RunOptions {
  /** Runs each case; may run it again. Resolves as the case does: with the reason, where nothing was proved. */
  around?(name: string, run: () => Promise<string | undefined>): Promise<string | undefined>
  /** Of a case, with all that is waited for around it. Milliseconds. */
  timeoutMs?: number
}

/**
 * Runs the contract on a harness and leaves what came of it for `scripts/strategies.mjs`. The harness's name begins with the adapter's folder;
 * one that ends in ` live` needs keys and stays out of the table.
 */
export function runContract(harness: AdapterHarness, { around = (_name, run) => run(), timeoutMs }: RunOptions = {}): void {
  const results: Record<string, Result> = {}
  const reasons: Record<string, string> = {}

  const cases = adapterContract(harness)

  describe(`HA-20 the contract: ${harness.name}`, () => {
    for (const { id, name, gap, run } of cases) {
      const title = gap ? `${name} (gap: ${gap})` : name
      const test = async () => {
        results[id] = 'failed'
        const reason = await around(id, run)
        results[id] = reason === undefined ? 'passed' : 'gap'
        if (reason !== undefined) reasons[id] = reason
      }
      it(title, test, timeoutMs)
    }

    afterAll(() => {
      const { name, evidence, sample, owed = {} } = harness
      const first = sample.capabilities.firstFactors.map(({ strategy }) => strategy)
      const enroll = sample.mfa ? sample.capabilities.enroll.map(({ type }) => type) : []
      const told = { name, evidence, first, second: sample.capabilities.secondFactors, enroll, owed, results, reasons }
      // A part of the cases (vitest's -t) tells nothing of the whole.
      if (Object.keys(results).length < cases.length) return
      mkdirSync('.tmp/contract', { recursive: true })
      writeFileSync(`.tmp/contract/${name.replace(/[^\w-]+/g, '-')}.json`, `${JSON.stringify(told, null, 2)}\n`)
    })
  })
}
