import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAuthHandler, toNodeHandler, type AuthHandlerOptions } from '../../src/server/index.js'

export const serverSecret = 'only-for-tests-0123456789abcdefghijklmnop'

export interface AuthServer {
  readonly port: number
  readonly origin: string
  /** Where the handler is mounted. */
  readonly url: string
  close(): Promise<void>
}

/** Our own handler on loopback, on plain Node. Pages of `origins` may ask, its own by default. */
export async function startAuthServer(
  options: Partial<AuthHandlerOptions> & Pick<AuthHandlerOptions, 'adapter'>,
): Promise<AuthServer> {
  const handle = toNodeHandler(createAuthHandler({ secret: serverSecret, ...options }))
  const server = createServer((request, response) => void handle(request, response))
  const port = await listen(server)
  const origin = `http://127.0.0.1:${port}`
  return {
    port,
    origin,
    url: `${origin}/api/auth`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** On a free port of loopback, IPv4 and IPv6 where there is one, because proxies ask for `localhost`. */
export async function listen(server: Pick<Server, 'listen' | 'address'>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, 'localhost', () => resolve()))
  return (server.address() as AddressInfo).port
}
