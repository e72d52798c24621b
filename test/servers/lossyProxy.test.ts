// @vitest-environment node
import { Agent, createServer, request, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLossyProxy, type LossyProxy } from './lossyProxy.js'
import { createRequestReader } from './requestReader.js'

let server: Server
let proxy: LossyProxy
let agent: Agent
let served: string[]
let connections: number

beforeEach(async () => {
  served = []
  connections = 0
  server = createServer((message, reply) => {
    let body = ''
    message.setEncoding('utf8')
    message.on('data', (text: string) => (body += text))
    message.on('end', () => {
      served.push(`${message.method} ${message.url} ${body}`.trim())
      reply.writeHead(200, { 'set-cookie': 'session=1', 'content-length': 5 })
      reply.flushHeaders()
      reply.end('hello')
    })
  })
  server.on('connection', () => (connections += 1))
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  proxy = await createLossyProxy({ targetPort: (server.address() as AddressInfo).port })
  agent = new Agent({ keepAlive: true, maxSockets: 1 })
})

afterEach(async () => {
  agent.destroy()
  await proxy.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

/** The reply's headers as soon as they are there, and its body when it has ended. */
function send(path: string, { method = 'GET', parts = [] as string[], chunked = false } = {}) {
  const reply = new Promise<IncomingMessage>((resolve, reject) => {
    const headers = chunked || parts.length === 0 ? {} : { 'content-length': Buffer.byteLength(parts.join('')) }
    const sent = request({ port: proxy.port, host: '127.0.0.1', path, method, agent, headers }, resolve)
    sent.on('error', reject)
    for (const part of parts) sent.write(part)
    sent.end()
  })
  const body = reply.then(async (message) => {
    let text = ''
    for await (const chunk of message.setEncoding('utf8')) text += String(chunk)
    return text
  })
  body.catch(() => {})
  return { reply, body }
}

describe('the lossy proxy', () => {
  it('passes requests on one kept connection, and says which reused it', async () => {
    expect(await send('/one').body).toBe('hello')
    expect(await send('/two', { method: 'POST', parts: ['a=1'] }).body).toBe('hello')
    expect(served).toEqual(['GET /one', 'POST /two a=1'])
    expect(connections).toBe(1)
    expect(proxy.log).toEqual([
      { method: 'GET', path: '/one', reused: false, fate: 'passed' },
      { method: 'POST', path: '/two', reused: true, fate: 'passed' },
    ])
  })

  it('loses a reply whole, once, after the server did its work', async () => {
    proxy.cut('/verify', 'before-headers')
    await expect(send('/verify?x', { method: 'POST', parts: ['code=1'] }).reply).rejects.toThrow(/hang up|ECONNRESET/)
    expect(served).toEqual(['POST /verify?x code=1'])
    expect(await send('/verify').body).toBe('hello')
    expect(proxy.log.map(({ fate }) => fate)).toEqual(['before-headers', 'passed'])
  })

  it('lets the headers through and loses the body', async () => {
    proxy.cut('/verify', 'after-headers')
    const { reply, body } = send('/verify')
    const { statusCode, headers } = await reply
    expect(statusCode).toBe(200)
    expect(headers['set-cookie']).toEqual(['session=1'])
    await expect(body).rejects.toThrow(/aborted/)
  })

  it('loses as many as it is told, on a reused connection too', async () => {
    await send('/warm').body
    proxy.cut('/verify', 'before-headers', 2)
    for (const _ of [1, 2]) await expect(send('/verify').reply).rejects.toThrow()
    expect(await send('/verify').body).toBe('hello')
    expect(proxy.log.map(({ reused }) => reused)).toEqual([false, true, false, false])
  })

  it('holds a reply until it is let go', async () => {
    const release = proxy.hold('/slow')
    const { body } = send('/slow')
    await expect.poll(() => served).toEqual(['GET /slow'])
    const first = await Promise.race([body, new Promise((resolve) => setTimeout(resolve, 50, 'nothing yet'))])
    expect(first).toBe('nothing yet')
    release()
    expect(await body).toBe('hello')
  })

  it('lets nothing through while it is unplugged', async () => {
    await send('/one').body
    proxy.unplug(true)
    await expect(send('/two').reply).rejects.toThrow(/hang up|ECONNRESET/)
    proxy.unplug(false)
    expect(await send('/three').body).toBe('hello')
    expect(served).toEqual(['GET /one', 'GET /three'])
  })

  it.each([true, false])('takes a body that looks like a request for a body (chunked: %s)', async (chunked) => {
    const parts = ['GET /verify HTTP/1.1\r\nhost: x\r\n\r\n', 'ünd mehr']
    await send('/one', { method: 'POST', parts, chunked }).body
    await send('/two').body
    expect(proxy.log.map(({ path }) => path)).toEqual(['/one', '/two'])
  })
})

it('finds requests wherever the bytes are split', () => {
  const bytes = Buffer.from(
    'POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nPOST /b HTTP/1.1\r\ncontent-length: 2\r\n\r\nhiGET /c HTTP/1.1\r\n\r\n',
  )
  for (let size = 1; size <= bytes.length; size += 1) {
    const paths: string[] = []
    const read = createRequestReader(({ path }) => paths.push(path))
    for (let at = 0; at < bytes.length; at += size) read(bytes.subarray(at, at + size))
    expect(paths).toEqual(['/a', '/b', '/c'])
  }
})
