// A copy of our own handler as a process of its own: nothing is shared with its twins but the secret and the backend that they ask.
import { createServer } from 'node:http'
import type { Capabilities } from '../../src/core/adapter.js'
import { createAuthHandler, toNodeHandler } from '../../src/server/index.js'
import { listen, serverSecret } from './authServer.js'
import { memoryServerAdapter } from './memoryServerAdapter.js'
import { remoteBackend } from './remoteBackend.js'

const { backendPort, capabilities, origin } = JSON.parse(process.env.HANDLER ?? '') as {
  backendPort: number
  capabilities: Capabilities
  origin: string
}
const adapter = memoryServerAdapter(remoteBackend(backendPort, capabilities))
const handle = toNodeHandler(createAuthHandler({ adapter, secret: serverSecret, origins: [origin] }))
const server = createServer((request, response) => void handle(request, response))
// Each request on a connection of its own, so that a proxy before several copies sends it to another one.
server.maxRequestsPerSocket = 1
process.send?.(await listen(server))
