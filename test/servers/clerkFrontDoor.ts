import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ClerkFrontDoor {
  readonly url: string
  close(): Promise<void>
}

/**
 * The stand-in for Clerk's Frontend API as a browser meets it: from another origin, by CORS, known by an HttpOnly cookie. The stand-in itself
 * knows a client by a header, as Clerk's native SDKs use it.
 */
export async function openClerkFrontDoor(standIn: string): Promise<ClerkFrontDoor> {
  async function pass(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const { origin, cookie } = request.headers
    reply.setHeader('access-control-allow-origin', origin ?? '*')
    reply.setHeader('access-control-allow-credentials', 'true')
    if (request.method === 'OPTIONS') {
      reply.setHeader('access-control-allow-methods', 'GET, POST')
      reply.setHeader('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '')
      return void reply.writeHead(204).end()
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const [, token] = /(?:^|; )__client=([^;]+)/.exec(cookie ?? '') ?? []
    const type = request.headers['content-type']
    const answer = await fetch(`${standIn}${request.url}`, {
      method: request.method ?? 'GET',
      headers: { ...(token && { authorization: token }), ...(type && { 'content-type': type }) },
      redirect: 'manual',
      ...(body.length > 0 && { body }),
    })
    const given = answer.headers.get('authorization')
    if (given) reply.setHeader('set-cookie', `__client=${given}; Path=/; HttpOnly; SameSite=Lax`)
    const to = answer.headers.get('location')
    reply.writeHead(answer.status, { 'content-type': 'application/json', ...(to && { location: to }) })
    reply.end(await answer.text())
  }

  const server = createServer((request, reply) => void pass(request, reply))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
