// @vitest-environment node
import { EventEmitter } from 'node:events'
import { Agent, createServer, request, type IncomingMessage, type Server } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { createAuthHandler, toNodeHandler, type AuthHandlerOptions, type NodeRequest } from '../../src/server/index.js'
import { listen } from '../servers/authServer.js'
import { attempt, scriptedAdapter, type ScriptedAdapter } from '../support/scriptedAdapter.js'

const secret = 'only-for-tests-0123456789abcdefghijklmnop'
const input = { identifier: 'ada@example.com', password: 'wörd ☂' }

function handling(options: Partial<AuthHandlerOptions> = {}): {
  handle: ReturnType<typeof toNodeHandler>
  scripted: ScriptedAdapter
  seen: { ip?: string }
} {
  const scripted = scriptedAdapter({ answers: { 'signIn.create': () => attempt(), 'session.get': () => null } })
  const seen: { ip?: string } = {}
  const handler = createAuthHandler({
    secret,
    adapter: ({ ip, attempt: one, session: two }) => {
      if (ip) seen.ip = ip
      one.write(1)
      two.write(2)
      return scripted.adapter
    },
    ...options,
  })
  return { handle: toNodeHandler(handler), scripted, seen }
}

/** Node's and Express's objects as far as the shim reads them. */
function plainObjects(fields: Partial<NodeRequest> & { readonly text?: string } = {}) {
  const { text, ...rest } = fields
  const incoming = Object.assign(new EventEmitter(), {
    method: 'POST',
    url: '/api/auth/sign-in/create',
    headers: { host: 'app.example', origin: 'http://app.example', 'content-type': 'application/json' },
    socket: { remoteAddress: '192.0.2.7' },
    ...rest,
  })
  const sent: { headers: Record<string, string | string[]>; body?: unknown } = { headers: {} }
  const outgoing = {
    statusCode: 0,
    setHeader: (name: string, value: string | string[]) => (sent.headers[name] = value),
    end: (body: string) => void (sent.body = body === '' ? undefined : JSON.parse(body)),
  }
  if (text !== undefined) {
    setTimeout(() => {
      incoming.emit('data', Buffer.from(text))
      incoming.emit('end')
      incoming.emit('close')
    })
  }
  return { incoming: incoming as unknown as NodeRequest & EventEmitter, outgoing, sent }
}

describe('plain (req, res) objects, as Express and Connect hand them on', () => {
  it('are answered, each cookie on a line of its own', async () => {
    const { handle, scripted, seen } = handling()
    const { incoming, outgoing, sent } = plainObjects({ text: JSON.stringify(input) })
    await handle(incoming, outgoing)
    expect(outgoing.statusCode).toBe(200)
    expect(sent.body).toEqual({ attempt: expect.objectContaining({ id: 'attempt_1' }) as object })
    expect(sent.headers['cache-control']).toBe('no-store')
    expect(sent.headers['set-cookie']).toHaveLength(2)
    expect(scripted.calls[0]?.params).toEqual(input)
    expect(seen.ip).toBe('192.0.2.7')
  })

  it('never come to the next handler', async () => {
    const { handle } = handling()
    const { incoming, outgoing } = plainObjects({ method: 'PATCH', url: '/nothing', text: '' })
    const handleExpress: (...args: [typeof incoming, typeof outgoing, () => void]) => Promise<void> = handle
    await handleExpress(incoming, outgoing, () => expect.unreachable())
    expect(outgoing.statusCode).toBe(404)
  })

  it('are found by the path before a router cut it, and by the one after', async () => {
    for (const path of [{ url: '/create', originalUrl: '/api/auth/sign-in/create' }, { url: '/sign-in/create' }]) {
      const { incoming, outgoing } = plainObjects({ ...path, text: JSON.stringify(input) })
      await handling().handle(incoming, outgoing)
      expect(outgoing.statusCode).toBe(200)
    }
  })

  it('may have been read by a body parser, whose size then counts', async () => {
    const { handle, scripted } = handling()
    const read = plainObjects({ body: input })
    await handle(read.incoming, read.outgoing)
    expect(scripted.calls[0]?.params).toEqual(input)
    const large = plainObjects({ body: { identifier: 'x'.repeat(70_000) } })
    await handle(large.incoming, large.outgoing)
    expect(large.outgoing.statusCode).toBe(413)
  })

  it('over TLS are of an https page, and of HTTP/2 name their host otherwise', async () => {
    const { handle } = handling()
    const headers = {
      ':authority': 'app.example',
      ':path': '/x',
      origin: 'https://app.example',
      'content-type': 'application/json',
    }
    const { incoming, outgoing, sent } = plainObjects({ headers, socket: { encrypted: true }, text: JSON.stringify(input) })
    await handle(incoming, outgoing)
    expect(outgoing.statusCode).toBe(200)
    expect(String(sent.headers['set-cookie'])).toContain('__Host-')
  })

  it.each([
    ['no host', { headers: {}, url: undefined }],
    ['a host that is none', { headers: { host: 'a b' } }],
    ['a method that no page can send', { method: 'TRACE' }],
    ['a header that is none', { headers: { host: 'x', 'x y': '1' } }],
  ])('with %s are refused', async (_name, fields) => {
    const { handle, scripted } = handling()
    const { incoming, outgoing } = plainObjects({ ...fields, text: '{}' })
    await handle(incoming, outgoing)
    expect(outgoing.statusCode).toBeGreaterThanOrEqual(400)
    expect(outgoing.statusCode).toBeLessThan(500)
    expect(scripted.calls).toEqual([])
  })

  it('that break off are refused, although what came is whole JSON', async () => {
    for (const event of ['error', 'close']) {
      const { handle, scripted } = handling()
      const { incoming, outgoing, sent } = plainObjects()
      setTimeout(() => {
        incoming.emit('data', Buffer.from(JSON.stringify(input)))
        incoming.emit(event, new Error('ECONNRESET'))
      })
      await handle(incoming, outgoing)
      expect([outgoing.statusCode, sent.body]).toEqual([
        400,
        { error: { code: 'unknown', outcome: 'refused', problem: 'malformed' } },
      ])
      expect(scripted.calls).toEqual([])
    }
  })
})

describe('a real server', () => {
  let server: Server
  let agent: Agent
  afterEach(() => {
    agent.destroy()
    server.closeAllConnections()
    server.close()
  })

  async function start() {
    const { handle } = handling()
    server = createServer((incoming, outgoing) => void handle(incoming, outgoing))
    const port = await listen(server)
    agent = new Agent({ keepAlive: true, maxSockets: 1 })
    let connections = 0
    server.on('connection', () => (connections += 1))
    const send = async (path: string, parts: string[], headers: Record<string, string | number> = {}) => {
      const reply = await new Promise<IncomingMessage>((resolve, reject) => {
        const own = { origin: `http://127.0.0.1:${port}`, 'content-type': 'application/json', ...headers }
        const sent = request({ port, host: '127.0.0.1', path, method: 'POST', agent, headers: own }, resolve)
        sent.on('error', reject)
        for (const part of parts) sent.write(part)
        sent.end()
      })
      let text = ''
      for await (const chunk of reply.setEncoding('utf8')) text += String(chunk)
      return { status: reply.statusCode, text }
    }
    return { send, connections: () => connections }
  }

  it('goes on with the same connection after a body that was too large, chunked or not', async () => {
    const { send, connections } = await start()
    const large = Array.from({ length: 40 }, () => 'x'.repeat(10_000))
    expect((await send('/sign-in/create', large)).status).toBe(413)
    expect((await send('/sign-in/create', large, { 'content-length': 400_000 })).status).toBe(413)
    expect((await send('/sign-in/create', [JSON.stringify(input)])).status).toBe(200)
    expect(connections()).toBe(1)
  })

  it('reads a body whose characters are split between two chunks', async () => {
    const { send } = await start()
    const bytes = Buffer.from(JSON.stringify(input))
    const at = bytes.indexOf(0xc3) + 1
    const { status } = await send('/sign-in/create', [bytes.subarray(0, at), bytes.subarray(at)] as unknown as string[])
    expect(status).toBe(200)
  })
})
