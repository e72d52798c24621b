// A copy of our own handler as a process of its own: nothing is shared with its twins but the secret and the backend that they ask.
import { createServer } from 'node:http'
import { WorkOS } from '@workos-inc/node'
import { workosAdapter } from '../../src/adapters/workos/index.js'
import type { Capabilities } from '../../src/core/adapter.js'
import { createAuthHandler, toNodeHandler } from '../../src/server/index.js'
import { listen, serverSecret } from './authServer.js'
import { memoryServerAdapter } from './memoryServerAdapter.js'
import { remoteBackend } from './remoteBackend.js'

/** Of a memory backend the cookies hold ids; for WorkOS they hold all that is pending. */
export type CopyOf =
  | { readonly backendPort: number; readonly capabilities: Capabilities }
  | { readonly apiKey: string; readonly options: ConstructorParameters<typeof WorkOS>[1] & object }

const { origin, ...of } = JSON.parse(process.env.HANDLER ?? '') as CopyOf & { readonly origin: string }
const adapter =
  'apiKey' in of
    ? workosAdapter(new WorkOS(of.apiKey, of.options), { firstFactors: ['password', 'oauth_google'] })
    : memoryServerAdapter(remoteBackend(of.backendPort, of.capabilities))
const handle = toNodeHandler(createAuthHandler({ adapter, secret: serverSecret, origins: [origin] }))
const server = createServer((request, response) => void handle(request, response))
// Each request on a connection of its own, so that a proxy before several copies sends it to another one.
server.maxRequestsPerSocket = 1
process.send?.(await listen(server))
