// @vitest-environment node
import { runContract } from '../../testing/runContract.js'
import { everyWayHarness, memoryHarness } from './harness.js'

runContract(memoryHarness)
runContract(everyWayHarness('this_tab'))
runContract(everyWayHarness('opened_tab'))
