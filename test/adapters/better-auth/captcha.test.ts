// @vitest-environment node
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { demoUsers } from '../../../demo/users.js'
import { startBetterAuthServer, type RunningServer } from '../../servers/betterAuthServer.js'
import { openPage, refused, seen } from './house.js'

const { email: identifier, password } = demoUsers.withoutMfa
const good = 'token-of-a-solved-captcha'

/** Stands in for the captcha's own server, as Cloudflare documents its siteverify. */
let checker: Server
let checked: (string | undefined)[] = []
let isOut = false
let server: RunningServer

beforeAll(async () => {
  checker = createServer((request, response) => {
    void json(request).then((asked) => {
      const { response: token } = asked as { response?: string }
      checked.push(token)
      const success = token === good
      const answer = { success, 'error-codes': success ? [] : ['invalid-input-response'] }
      response.writeHead(isOut ? 503 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
  })
  await new Promise<void>((resolve) => checker.listen(0, '127.0.0.1', resolve))
  const { port } = checker.address() as AddressInfo
  server = await startBetterAuthServer({ captchasCheckedAt: `http://127.0.0.1:${port}/siteverify` })
})
beforeEach(() => {
  checked = []
  isOut = false
  return server.reset()
})
afterAll(async () => {
  await server.close()
  checker.closeAllConnections()
  await new Promise((resolve) => checker.close(resolve))
})

it('SI-20 a captcha’s token reaches Better Auth’s plugin with the password that it came with', async () => {
  const { create, finish } = openPage(server)
  const attempt = await create({ identifier, password }, { captchaToken: good })
  expect(attempt.status).toBe('complete')
  expect(await finish(attempt)).toMatchObject({ user: { label: identifier } })
  expect(checked).toEqual([good])
})

it('SI-20 says that a captcha is wanted, or that it failed, and signs nobody in', async () => {
  const { create, session } = openPage(server)
  expect(await refused(create({ identifier, password }))).toMatchObject({ code: 'captcha_required', outcome: 'refused' })
  expect(checked).toEqual([])
  const failed = await refused(create({ identifier, password }, { captchaToken: 'made-up-by-a-robot' }))
  expect(failed).toMatchObject({ code: 'captcha_failed', outcome: 'refused' })
  expect(JSON.stringify(seen(failed))).not.toContain('made-up-by-a-robot')
  expect(await session.get()).toBeNull()
})

it('tells a check that does not answer as an outage', async () => {
  const { create } = openPage(server)
  isOut = true
  expect(await refused(create({ identifier, password }, { captchaToken: good }))).toMatchObject({ code: 'unavailable' })
})
