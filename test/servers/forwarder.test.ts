// @vitest-environment node
import { afterEach, expect, it } from 'vitest'
import { forwardTo, type Forwarder } from './forwarder.js'
import { anonKey, serviceKey, startGotrueStandIn, type GotrueStandIn } from './gotrueStandIn.js'

let standIn: GotrueStandIn
let forwarder: Forwarder
afterEach(async () => {
  await forwarder.close()
  await standIn.close().catch(() => undefined)
})

it('passes requests and answers on as they are, and breaks off where nothing answers', async () => {
  standIn = await startGotrueStandIn()
  forwarder = await forwardTo(standIn.url)
  const near = `http://127.0.0.1:${forwarder.port}`
  const ask = (path: string, key: string, body?: object) =>
    fetch(near + path, {
      method: body ? 'POST' : 'GET',
      headers: { apikey: key, authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
  const made = await ask('/admin/users', serviceKey, { email: 'ada@example.com', password: 'correct horse', email_confirm: true })
  expect(made.ok).toBe(true)
  expect(await made.json()).toMatchObject({ email: 'ada@example.com' })
  const refused = await ask('/admin/users', anonKey, { email: 'eve@example.com' })
  expect(refused.status).toBe(403)
  await standIn.close()
  await expect(ask('/settings', anonKey)).rejects.toThrow()
})
