// @vitest-environment node
import { runContract } from '../../testing/runContract.js'
import { httpHarness } from './harness.js'

runContract(httpHarness)
