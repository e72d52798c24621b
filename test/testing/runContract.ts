import { mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, describe, it } from 'vitest'
import { adapterContract, type AdapterHarness } from '../../src/testing/index.js'

type Result = 'passed' | 'gap' | 'failed'

/**
 * Runs the contract on a harness and leaves what came of it for `scripts/strategies.mjs`. The harness's name begins with the adapter's folder;
 * one that ends in ` live` needs keys and stays out of the table.
 */
export function runContract(harness: AdapterHarness): void {
  const results: Record<string, Result> = {}
  const reasons: Record<string, string> = {}

  const cases = adapterContract(harness)

  describe(`HA-20 the contract: ${harness.name}`, () => {
    for (const { id, name, gap, run } of cases) {
      it(gap ? `${name} (gap: ${gap})` : name, async () => {
        results[id] = 'failed'
        const reason = await run()
        results[id] = reason === undefined ? 'passed' : 'gap'
        if (reason !== undefined) reasons[id] = reason
      })
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
