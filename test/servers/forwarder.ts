import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Forwarder {
  readonly port: number
  close(): Promise<void>
}

/**
 * A server that is elsewhere, as one on loopback without TLS, so that the lossy proxy can stand before it. Changes nothing on the way. `refused` hears
 * of each answer that says no.
 */
export async function forwardTo(origin: string, refused?: (status: number, body: string) => void): Promise<Forwarder> {
  async function pass(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const headers = new Headers()
    // What belongs to this connection and not to the request.
    const own = /^(host|connection|content-length|transfer-encoding|accept-encoding)$/
    for (const [name, value] of Object.entries(request.headers)) if (value && !own.test(name)) headers.set(name, String(value))
    const body = Buffer.concat(chunks)
    const answer = await fetch(origin + (request.url ?? ''), {
      method: request.method ?? 'GET',
      headers,
      redirect: 'manual',
      ...(body.length > 0 && { body }),
    })
    for (const [name, value] of answer.headers)
      if (!/^(connection|content-(length|encoding)|transfer-encoding)$/.test(name)) reply.setHeader(name, value)
    const told = Buffer.from(await answer.arrayBuffer())
    if (!answer.ok) refused?.(answer.status, told.toString())
    reply.writeHead(answer.status)
    reply.end(told)
  }

  const server = createServer((request, reply) => {
    pass(request, reply).catch(() => reply.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
