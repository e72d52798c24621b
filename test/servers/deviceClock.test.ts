// @vitest-environment node
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { memoryAdapter } from '../../src/adapters/memory/index.js'
import { createDeviceClock } from './deviceClock.js'

const day = 24 * 3_600_000
const clock = createDeviceClock()
afterEach(() => clock.set(0))

it('OT-17 is wrong for the device alone, not for the server in the same process', async () => {
  const server = createServer((_, reply) => reply.end(String(Date.now())))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const seen: number[] = []
  const own = memoryAdapter()
  const { session } = clock.on({
    ...own,
    session: {
      ...own.session,
      async get() {
        seen.push(Date.now(), new Date().getTime(), Number(await (await fetch(url)).text()), Date.now())
        return null
      },
    },
  })
  clock.set(day)
  const before = Date.now()
  await session.get()
  expect(seen.map((at) => Math.round((at - before) / day))).toEqual([1, 1, 0, 1])
  expect(new Date(5).getTime()).toBe(5)
  server.closeAllConnections()
  server.close()
})

it('is gone when it is removed', () => {
  const other = createDeviceClock()
  const during = globalThis.Date
  other.remove()
  expect(globalThis.Date).not.toBe(during)
})
