// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { adapterContract } from '../../src/testing/index.js'
import { memoryHarness, openMemoryStage } from '../adapters/memory/harness.js'
import { seededFaults } from './seededFaults.js'

const message = (run: Promise<void>) =>
  run.then(
    () => 'passed',
    (error: Error) => error.message,
  )

describe('FC-02 HA-03 HA-04 HA-05 HA-06 HA-07 HA-08 HA-17 OT-19 BC-08 MG-03 MG-18 HA-20 a fault that is put into an adapter', () => {
  it.each(seededFaults)('$name: fails $caught', async ({ caught, breaks }) => {
    const broken = { ...memoryHarness, open: async () => openMemoryStage(breaks) }
    const find = (harness: typeof broken) =>
      adapterContract(harness, { verbTimeoutMs: 300 }).find(({ id }) => id === caught) ?? expect.unreachable()
    expect(await message(find(memoryHarness).run())).toBe('passed')
    expect(await message(find(broken).run())).not.toBe('passed')
  })
})
