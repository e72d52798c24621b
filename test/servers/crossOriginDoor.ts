import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen } from './authServer.js'

export interface CrossOriginDoor {
  readonly url: string
  close(): Promise<void>
}

/** A server as pages of another origin meet it: by CORS, with cookies. */
export async function openCrossOriginDoor(to: string): Promise<CrossOriginDoor> {
  async function pass(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const { origin, cookie } = request.headers
    reply.setHeader('access-control-allow-origin', origin ?? '*')
    reply.setHeader('access-control-allow-credentials', 'true')
    reply.setHeader('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '')
    if (request.method === 'OPTIONS') return void reply.writeHead(204).end()
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const type = request.headers['content-type']
    const answer = await fetch(`${to}${request.url}`, {
      method: request.method ?? 'GET',
      headers: { ...(origin && { origin }), ...(cookie && { cookie }), ...(type && { 'content-type': type }) },
      ...(body.length > 0 && { body }),
    })
    reply.setHeader('set-cookie', answer.headers.getSetCookie())
    reply.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
    reply.end(await answer.text())
  }

  const server = createServer((request, reply) => void pass(request, reply))
  const port = await listen(server)
  return {
    url: `http://localhost:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
