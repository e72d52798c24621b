// @vitest-environment node
import { afterAll } from 'vitest'
import { startClerkStandIn } from '../../servers/clerkStandIn.js'
import { runContract } from '../../testing/runContract.js'
import { clerkHarness } from './harness.js'

const server = await startClerkStandIn()
afterAll(() => server.close())
runContract(await clerkHarness(server))
