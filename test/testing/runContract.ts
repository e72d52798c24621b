import { mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, describe, it } from 'vitest'
import { adapterContract, type AdapterHarness } from '../../src/testing/index.js'

type Result = 'passed' | 'gap' | 'failed'

/** Runs the contract on a harness and leaves what came of it for `scripts/strategies.mjs`. */
export function runContract(harness: AdapterHarness): void {
  const results: Record<string, Result> = {}

  describe(`HA-20 the contract: ${harness.name}`, () => {
    for (const { id, name, gap, run } of adapterContract(harness)) {
      it(gap ? `${name} (gap: ${gap})` : name, async () => {
        results[id] = 'failed'
        await run()
        results[id] = gap ? 'gap' : 'passed'
      })
    }

    afterAll(() => {
      const { name, evidence, sample, gaps = {}, owed = [] } = harness
      const first = sample.capabilities.firstFactors.map(({ strategy }) => strategy)
      const told = { name, evidence, first, second: sample.capabilities.secondFactors, owed, gaps, results }
      mkdirSync('.tmp/contract', { recursive: true })
      writeFileSync(`.tmp/contract/${name}.json`, `${JSON.stringify(told, null, 2)}\n`)
    })
  })
}
