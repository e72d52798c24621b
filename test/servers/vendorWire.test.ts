// @vitest-environment node
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { openVendorWire, type VendorWire } from './vendorWire.js'

const seen: string[] = []
/** How many more are refused as too many, and for how many seconds. */
const limit = { times: 0, seconds: '9' }
const server = createServer((request, reply) => {
  const line = `${request.method} ${request.url}`
  seen.push(line)
  request.resume()
  if (limit.times-- > 0) return void reply.writeHead(429, { 'retry-after': limit.seconds }).end('{"code":"too_many"}')
  reply.setHeader('set-cookie', ['a=1', 'b=2'])
  reply.end(JSON.stringify({ line }))
})
const waits: number[] = []
const said: string[] = []
let wire: VendorWire

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const wait = async (ms: number) => void waits.push(ms)
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  wire = await openVendorWire(origin, ({ method, path, body }) => `${method} ${path} ${body}`, {
    wait,
    say: (text) => said.push(text),
  })
})
afterEach(() => {
  for (const list of [seen, waits, said]) list.length = 0
  limit.times = 0
})
afterAll(async () => {
  await wire.close()
  server.close()
})

const ask = async (path: string, body = '') => {
  const answer = await fetch(`http://127.0.0.1:${wire.port}${path}`, { method: 'POST', body })
  return { status: answer.status, body: (await answer.json()) as unknown }
}

it('loses the next reply that fits, when its work is done', async () => {
  wire.lose(/code$/)
  expect((await ask('/a', 'password')).status).toBe(200)
  await expect(ask('/a', 'code')).rejects.toThrow()
  expect((await ask('/a', 'code')).status).toBe(200)
  expect(seen).toHaveLength(3)
  expect(wire.sent(/^POST \/a code$/)).toBe(2)
})

it('changes nothing on the way, each of several cookies among it', async () => {
  const answer = await fetch(`http://127.0.0.1:${wire.port}/g`)
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
})

it('answers in the server’s place, once, and nothing arrives there', async () => {
  wire.answerNext(/^POST \/b/, { status: 429, body: { code: 'locked' }, headers: { 'retry-after': '30' } })
  expect(await ask('/b')).toEqual({ status: 429, body: { code: 'locked' } })
  expect([seen, waits]).toEqual([[], []])
  expect((await ask('/b')).body).toEqual({ line: 'POST /b' })
})

it('brings nothing through while it is cut', async () => {
  wire.cut(true)
  await expect(ask('/c')).rejects.toThrow()
  wire.cut(false)
  expect((await ask('/c')).status).toBe(200)
  expect(seen).toHaveLength(1)
})

it('waits a limit out as long as the server says, says so, and counts one request', async () => {
  limit.times = 2
  expect((await ask('/d')).status).toBe(200)
  expect(waits).toEqual([9000, 9000])
  expect(said[0]).toMatch(/POST \/d .*waiting 9 s .*\(1 of 6\)/)
  expect([seen.length, wire.sent(/\/d/)]).toEqual([3, 1])
})

it('waits no more than so often and so long', async () => {
  limit.times = 100
  expect((await ask('/e')).status).toBe(429)
  expect(waits).toHaveLength(6)
  limit.times = 1
  limit.seconds = '3600'
  expect((await ask('/f')).status).toBe(429)
  expect(waits).toHaveLength(6)
})
