// @vitest-environment node
import { runContract } from '../../testing/runContract.js'
import { workosHarness } from './harness.js'

runContract(workosHarness('users'))
runContract(workosHarness('plain factors'))
runContract(workosHarness('users', true))
runContract(workosHarness('plain factors', true))
