import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Forwarder {
  readonly port: number
  close(): Promise<void>
}

export interface Asked {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly body: string
}

export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer
}

/** Stands in the way of each request: sends it on, once, not at all or again, and says what comes back. `null`: nothing does. */
export type Between = (asked: Asked, send: () => Promise<Answered>) => Promise<Answered | null>

/**
 * A server that is elsewhere, as one on loopback without TLS, so that the lossy proxy can stand before it. Changes nothing on the way, unless
 * `between` does.
 */
export async function forwardTo(origin: string, between: Between = (_, send) => send()): Promise<Forwarder> {
  async function pass(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const headers = new Headers()
    // What belongs to this connection and not to the request.
    const own = /^(host|connection|content-length|transfer-encoding|accept-encoding)$/
    for (const [name, value] of Object.entries(request.headers)) if (value && !own.test(name)) headers.set(name, String(value))
    const body = Buffer.concat(chunks)
    const { method = 'GET', url: path = '' } = request

    async function send(): Promise<Answered> {
      const answer = await fetch(origin + path, { method, headers, redirect: 'manual', ...(body.length > 0 && { body }) })
      return { status: answer.status, headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) }
    }

    const answered = await between({ method, path, body: body.toString() }, send)
    if (!answered) return void reply.destroy()
    for (const [name, value] of answered.headers)
      if (!/^(connection|content-(length|encoding)|transfer-encoding)$/.test(name)) reply.appendHeader(name, value)
    reply.writeHead(answered.status)
    reply.end(answered.body)
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
