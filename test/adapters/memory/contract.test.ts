// @vitest-environment node
import { runContract } from '../../testing/runContract.js'
import { memoryHarness } from './harness.js'

runContract(memoryHarness)
