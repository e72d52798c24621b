import type { Page } from '@playwright/test'
import { createLossyProxy, type LossyProxy } from '../servers/lossyProxy.js'
import { alert, card, codeField, expect, field, hearAlerts, isSignedIn, mia, open, signIn, test as base, theo } from './demo.js'

/** The demo with a proxy in its wire. The page keeps its address; only the connections go elsewhere. */
const test = base.extend<{ wire: LossyProxy; wired: Page }>({
  wire: async ({ server }, use) => {
    const proxy = await createLossyProxy({ targetPort: server.port })
    await use(proxy)
    await proxy.close()
  },
  wired: async ({ launch, wire }, use) => {
    await use(await launch({ args: [`--host-resolver-rules=MAP localhost 127.0.0.1:${wire.port}`] }))
  },
})

const verify = '/api/auth/two-factor/verify-totp'

const callsOf = (page: Page) => page.evaluate(() => window.latchkeyCalls)

async function toCode(page: Page) {
  await open(page, '/?trace')
  await signIn(page, theo)
  await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
}

test('HA-05 HA-08 a verify whose reply loses its body: the person ends signed in, by one call', async ({
  wired,
  wire,
  server,
}) => {
  await toCode(wired)
  wire.cut(verify, 'after-headers')
  await codeField(wired).fill(await server.totp(theo.totpSecret))
  await isSignedIn(wired, theo, 'aal2')
  await expect(card(wired)).toHaveAttribute('data-step', 'complete')
  expect(await callsOf(wired)).toMatchObject({ 'signIn.create': 1, 'signIn.attemptSecondFactor': 1, 'signIn.reload': 1 })
  expect(await server.count('POST /two-factor/verify-totp')).toBe(1)
  expect(wire.log.filter(({ fate }) => fate === 'after-headers')).toHaveLength(1)
})

test('HA-05 HA-06 HA-08 a verify whose reply is lost whole: read again, then “sign in again”, never “wrong code”', async ({
  wired,
  wire,
  server,
}) => {
  await toCode(wired)
  const said = await hearAlerts(wired)
  // Chromium sends it again by itself where the connection had been opened before, so every one is lost.
  wire.cut(verify, 'before-headers', Infinity)
  await codeField(wired).fill(await server.totp(theo.totpSecret))

  await expect(card(wired)).toHaveAttribute('data-step', 'start')
  await expect(alert(wired)).toContainText('could not confirm it. Please sign in again')
  await expect(field(wired, 'Email address')).toHaveValue(theo.email)
  await expect(field(wired, 'Password')).toBeFocused()
  await expect(field(wired, 'Password')).toHaveValue('')
  const calls = await callsOf(wired)
  expect(calls).toMatchObject({ 'signIn.attemptSecondFactor': 1, 'signIn.reload': 1 })
  expect(wire.log.filter(({ fate }) => fate === 'before-headers').length).toBeGreaterThanOrEqual(1)
  expect(said.filter((text) => /not right|wrong|already used/i.test(text))).toEqual([])
  const read = wire.log.findLastIndex(({ fate }) => fate === 'before-headers')
  expect(wire.log.slice(read + 1).map(({ path }) => path)).toContain('/api/auth/latchkey/state')

  wire.heal()
  await server.advance(30_000)
  await signIn(wired, theo)
  await expect(card(wired)).toHaveAttribute('data-step', 'second-factor')
  await codeField(wired).fill(await server.totp(theo.totpSecret))
  await isSignedIn(wired, theo, 'aal2')
})

test(
  'HA-05 where the browser itself sends a lost verify again, its refusal is not called a wrong code',
  { tag: '@once' },
  async ({ wired, wire, server }) => {
    await toCode(wired)
    wire.cut(verify, 'before-headers')
    await codeField(wired).fill(await server.totp(theo.totpSecret))
    await expect(card(wired)).toHaveAttribute('data-step', 'start')
    await expect(alert(wired)).toHaveText(/could not confirm .*sign in again/i)
    await expect(field(wired, 'Email address')).toHaveValue(theo.email)
    expect((await callsOf(wired))?.['signIn.attemptSecondFactor']).toBe(1)
  },
)

test('HA-05 a refusal right after a lost reply is not called a wrong code', { tag: '@once' }, async ({ wired, wire, server }) => {
  await toCode(wired)
  wire.cut(verify, 'before-headers', Infinity)
  // The session cannot be read either, so the person stays where they are, and tries again.
  wire.cut('/api/auth/latchkey/state', 'before-headers', Infinity)
  const code = await server.totp(theo.totpSecret)
  await codeField(wired).fill(code)
  await expect(alert(wired)).toContainText('could not confirm it')
  await expect(codeField(wired)).toHaveValue(code)
  await expect(codeField(wired)).toBeFocused()
  wire.heal()
  // What Chromium sent again counts for the server's limit.
  await server.advance(11_000)
  const readsBefore = (await callsOf(wired))?.['signIn.reload'] ?? 0

  await wired.keyboard.press('Enter')
  await expect(card(wired)).toHaveAttribute('data-step', 'start')
  await expect(alert(wired)).toContainText('could not confirm it')
  await expect(field(wired, 'Email address')).toHaveValue(theo.email)
  expect((await callsOf(wired))?.['signIn.attemptSecondFactor']).toBe(2)
  expect((await callsOf(wired))?.['signIn.reload']).toBe(readsBefore + 1)
})

test('a password whose reply is lost goes on where the server stands', { tag: '@once' }, async ({ wired, wire, server }) => {
  await open(wired, '/?trace')
  wire.cut('/api/auth/sign-in/email', 'after-headers')
  await signIn(wired, theo)
  await expect(card(wired)).toHaveAttribute('data-step', 'second-factor')
  expect((await callsOf(wired))?.['signIn.create']).toBe(1)
  expect(await server.count('POST /sign-in/email')).toBe(1)
})

test('OT-14 a send whose reply is lost shows the field and says that a code may be on its way', async ({
  wired,
  wire,
  server,
}) => {
  await open(wired, '/?trace')
  wire.cut('/api/auth/two-factor/send-otp', 'after-headers')
  await signIn(wired, mia)
  await expect(card(wired)).toContainText('A code may have been sent')
  await expect.poll(server.mailCount).toBe(1)
  await codeField(wired).fill(await server.mailed(mia.email))
  await isSignedIn(wired, mia, 'aal2')
})
