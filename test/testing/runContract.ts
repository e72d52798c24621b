import { mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, describe, it } from 'vitest'
import { adapterContract, type AdapterHarness, type ContractOptions } from '../../src/testing/index.js'

type Result = 'passed' | 'gap' | 'failed'

export interface RunOptions extends ContractOptions {
  /** Milliseconds for a case, with all that is waited for around it. Default the runner's own. */
  readonly timeout?: number
  /** The ids of the cases, where it is not all of them. */
  readonly only?: readonly string[]
  /** Runs each case; may run it again. Resolves as the case does: with the reason, where nothing was proved. */
  around?(id: string, run: () => Promise<string | undefined>): Promise<string | undefined>
}

/**
 * Where a case takes as long as a vendor's limits by address want it to. They are waited out in the middle of a verb, so that one may take a
 * minute and is not taken for one that never settles.
 */
export const patient: RunOptions = { timeout: 10 * 60_000, verbTimeoutMs: 90_000 }

/**
 * Runs the contract on a harness and leaves what came of it for `scripts/strategies.mjs`. The harness's name begins with the adapter's folder;
 * one that ends in ` live` needs keys and stays out of the table.
 */
export function runContract(
  harness: AdapterHarness,
  { timeout, only, around = (_id, run) => run(), ...options }: RunOptions = {},
): void {
  const results: Record<string, Result> = {}
  const reasons: Record<string, string> = {}

  const cases = adapterContract(harness, options)
  const missing = only?.filter((id) => !cases.some((one) => one.id === id)) ?? []
  if (missing.length > 0) throw new Error(`${harness.name} has no case ${missing.join(', ')}.`)

  describe(`HA-20 the contract: ${harness.name}`, () => {
    for (const { id, name, gap, run } of cases.filter((one) => only?.includes(one.id) ?? true)) {
      it(gap ? `${name} (gap: ${gap})` : name, { ...(timeout && { timeout }) }, async ({ skip }) => {
        results[id] = 'failed'
        let told: string | undefined
        const reason = await around(id, async () => (told = await run()))
        results[id] = reason === undefined ? 'passed' : 'gap'
        if (reason !== undefined) reasons[id] = reason
        // What did not run has not passed either.
        if (reason !== told) skip(reason)
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
