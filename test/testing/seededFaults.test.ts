// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { adapterContract, type AdapterHarness } from '../../src/testing/index.js'
import { everyWayHarness, memoryHarness, openMemoryStage } from '../adapters/memory/harness.js'
import { everyWay } from '../support/everyWay.js'
import { everyWayFaults } from './everyWayFaults.js'
import { seededFaults } from './seededFaults.js'

/** What came of one case: `passed`, or the message that it failed with. */
async function play(harness: AdapterHarness, id: string, open: AdapterHarness['open']): Promise<string> {
  const cases = adapterContract({ ...harness, open }, { verbTimeoutMs: 300 })
  return (cases.find((one) => one.id === id) ?? expect.unreachable()).run().then(
    () => 'passed',
    (error: Error) => error.message,
  )
}

describe('FC-02 HA-03 HA-04 HA-05 HA-06 HA-07 HA-08 HA-09 HA-17 OT-19 BC-08 MG-03 MG-18 HA-20 a fault that is put into an adapter', () => {
  it.each(seededFaults)('$name: fails $caught', async ({ caught, breaks }) => {
    expect(await play(memoryHarness, caught, async () => openMemoryStage())).toBe('passed')
    expect(await play(memoryHarness, caught, async () => openMemoryStage(breaks))).not.toBe('passed')
  })
})

describe('HA-20 a fault that is put into an adapter with everything on offer', () => {
  const harness = everyWayHarness('this_tab')

  it.each(everyWayFaults)('$name: fails $caught', async ({ caught, breaks, passkeysVerify }) => {
    expect(await play(harness, caught, async () => openMemoryStage(undefined, everyWay, passkeysVerify))).toBe('passed')
    expect(await play(harness, caught, async () => openMemoryStage(breaks, everyWay, passkeysVerify))).not.toBe('passed')
  })
})
