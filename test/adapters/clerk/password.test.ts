// @vitest-environment node
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startClerkStandIn, type ClerkStandIn } from '../../servers/clerkStandIn.js'
import { browse, refused, totpOf, withTotp } from './house.js'

let server: ClerkStandIn
beforeAll(async () => (server = await startClerkStandIn()))
afterAll(() => server.close())

it('signs in', async () => {
  const user = withTotp(server)
  const { signIn, session } = await browse(server)
  console.log(await refused(signIn.create({ identifier: 'nobody@example.com', password: 'x' })))
  console.log(await refused(signIn.create({ identifier: user.email, password: 'x' })))
  let a = await signIn.create({ identifier: user.email, password: user.password })
  console.log(a)
  console.log(await refused(signIn.attemptSecondFactor(a, { factorId: 'totp', code: '000000' })))
  a = await signIn.attemptSecondFactor(a, { factorId: 'totp', code: totpOf(server, user.totp!.secret) })
  console.log(a)
  console.log(await signIn.finish(a))
  console.log(await session.get())
  await session.signOut()
  console.log(await session.get(), await session.get({ fresh: true }))
  console.log(server.requests.map((r) => r.line))
  expect(1).toBe(1)
})
