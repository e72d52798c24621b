// @vitest-environment node
import { afterAll } from 'vitest'
import { startBetterAuthServer } from '../../servers/betterAuthServer.js'
import { runContract } from '../../testing/runContract.js'
import { providersFor } from './providers.js'
import { betterAuthHarness, byEmail, byPhone } from './harness.js'

const server = await startBetterAuthServer({ users: [] }, providersFor)
afterAll(() => server.close())
runContract(betterAuthHarness(server, 'better-auth', byEmail))
runContract(betterAuthHarness(server, 'better-auth (phones)', byPhone))
