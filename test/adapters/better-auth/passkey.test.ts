// @vitest-environment node
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { demoUsers } from '../../../demo/users.js'
import type { Json } from '../../../src/core/json.js'
import { startBetterAuthServer, totp, type RunningServer } from '../../servers/betterAuthServer.js'
import { createAuthenticator } from './authenticator.js'
import { byEmail } from './harness.js'
import { minutes, openPage, refused } from './house.js'
import { addPasskey } from './ways.js'

const { withoutMfa, withTotp } = demoUsers
const factorId = 'passkey'
let server: RunningServer

// Where they sign in and are no second factor; secondFactors.test.ts has the others.
beforeAll(async () => (server = await startBetterAuthServer({ passkeyAsSecondFactor: false })))
beforeEach(() => server.reset())
afterAll(() => server.close())

/** A passkey of somebody, made in another browser. */
async function passkeyOf({ email, password }: { email: string; password: string }, verifies: boolean) {
  const { client } = server.browser()
  const aside = server.browser()
  expect(client).toBeDefined()
  await aside.client.signIn.email({ email, password })
  if (email === withTotp.email) await aside.client.twoFactor.verifyTotp({ code: totp(withTotp.totpSecret) })
  return addPasskey(aside, server.origin, verifies)
}

function open() {
  const page = openPage(server)
  return { ...page, passkeyOptions: page.passkeyOptions ?? expect.unreachable() }
}

describe('a passkey', () => {
  it('signs in at aal2 where the authenticator has checked who holds it', async () => {
    const passkey = await passkeyOf(withoutMfa, true)
    const { passkeyOptions, reload, attemptFirstFactor, finish } = open()
    const options = await passkeyOptions()
    expect(options.publicKey).toMatchObject({ challenge: expect.any(String) as string, userVerification: 'preferred' })
    expect(await reload(options)).toMatchObject({ status: 'needs_first_factor' })
    const done = await attemptFirstFactor(options, { factorId, credential: passkey.get(options.publicKey) })
    const session = await finish(done)
    expect(session).toMatchObject({ user: { label: withoutMfa.email }, currentLevel: 'aal2', nextLevel: 'aal2' })
    expect(session.methods.map(({ method }) => method)).toEqual(['passkey'])
    expect(session.secondFactorAgeMs).toBeLessThan(minutes)
  })

  it('is one factor where it has not', async () => {
    const passkey = await passkeyOf(withoutMfa, false)
    const { passkeyOptions, attemptFirstFactor, finish } = open()
    const options = await passkeyOptions()
    const done = await attemptFirstFactor(options, { factorId, credential: passkey.get(options.publicKey) })
    expect(await finish(done)).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' })
  })

  it('MG-03 is followed by the second factor unless it was both', async () => {
    const one = await passkeyOf(withTotp, false)
    server.advance(minutes)
    const both = await passkeyOf(withTotp, true)
    server.advance(minutes)
    const pass = async (passkey: typeof one) => {
      const page = open()
      const options = await page.passkeyOptions()
      const attempt = await page.attemptFirstFactor(options, { factorId, credential: passkey.get(options.publicKey) })
      return { ...page, attempt }
    }
    const first = await pass(one)
    expect(first.attempt).toMatchObject({ status: 'needs_second_factor' })
    expect(await first.session.get()).toBeNull()
    const done = await first.attemptSecondFactor(first.attempt, { factorId: 'totp', code: totp(withTotp.totpSecret) })
    expect((await first.finish(done)).methods.map(({ method }) => method)).toEqual(['passkey', 'totp'])
    const second = await pass(both)
    expect(await second.finish(second.attempt)).toMatchObject({ currentLevel: 'aal2', methods: [{ method: 'passkey' }] })
  })

  it('that was both keeps its level when the second factor is removed, and others do not', async () => {
    const passkey = await passkeyOf(withTotp, true)
    const { passkeyOptions, attemptFirstFactor, finish, session, browser } = open()
    const options = await passkeyOptions()
    await finish(await attemptFirstFactor(options, { factorId, credential: passkey.get(options.publicKey) }))
    await browser.client.twoFactor.disable({ password: withTotp.password })
    expect(await session.get()).toMatchObject({ currentLevel: 'aal2', nextLevel: 'aal2', methods: [{ method: 'passkey' }] })
  })

  it('is one of the ways after the address, too', async () => {
    const passkey = await passkeyOf(withoutMfa, true)
    const { create, prepareFirstFactor, attemptFirstFactor } = open()
    const attempt = await create({ identifier: withoutMfa.email })
    const { firstFactorVerification } = await prepareFirstFactor(attempt, { factorId })
    const credential = passkey.get(firstFactorVerification?.publicKey as Json)
    expect(await attemptFirstFactor(attempt, { factorId, credential })).toMatchObject({ status: 'complete' })
  })

  it('that nobody knows, that answers another challenge, or comes too late, says so', async () => {
    const passkey = await passkeyOf(withoutMfa, true)
    const { passkeyOptions, attemptFirstFactor, session } = open()
    const answer = async (make: (publicKey: Json) => Json | Promise<Json>) => {
      const options = await passkeyOptions()
      return refused(attemptFirstFactor(options, { factorId, credential: await make(options.publicKey) }))
    }
    const stranger = createAuthenticator(server.origin, true)
    expect(await answer((publicKey) => stranger.get(publicKey))).toMatchObject({ code: 'passkey_unknown', outcome: 'refused' })
    const elsewhere = createAuthenticator('https://evil.example', true)
    expect(await answer((publicKey) => ({ ...Object(elsewhere.get(publicKey)), id: 'x' }) as Json)).toMatchObject({
      code: 'passkey_unknown',
    })
    const { publicKey: old } = await passkeyOptions()
    expect(await answer(() => passkey.get(old))).toMatchObject({ code: 'passkey_unknown' })
    const late = await answer((publicKey) => {
      server.advance(6 * minutes)
      return passkey.get(publicKey)
    })
    expect(late).toMatchObject({ code: 'code_expired' })
    expect(await session.get()).toBeNull()
  })

  it('HA-05 whose answer was lost is found by a reload, and nobody who was signed in before', async () => {
    const passkey = await passkeyOf(withoutMfa, true)
    const { passkeyOptions, attemptFirstFactor, reload, finish, browser } = open()
    const other = openPage(server, byEmail, browser)
    const { email: identifier, password } = demoUsers.withoutMfa
    await other.finish(await other.create({ identifier, password }))
    const options = await passkeyOptions()
    const credential = passkey.get(options.publicKey)
    browser.faults.next = { path: '/passkey/verify-authentication', when: 'before' }
    expect(await refused(attemptFirstFactor(options, { factorId, credential }))).toMatchObject({ outcome: 'unknown' })
    expect(await reload(options)).toMatchObject({ status: 'needs_first_factor' })
    browser.faults.next = { path: '/passkey/verify-authentication', when: 'after' }
    expect(await refused(attemptFirstFactor(options, { factorId, credential }))).toMatchObject({ outcome: 'unknown' })
    const found = await reload(options)
    expect(await finish(found)).toMatchObject({ methods: [{ method: 'passkey' }] })
  })

  it('is not offered unless it is asked for', () => {
    expect(openPage(server, { firstFactors: ['password'] }).passkeyOptions).toBeUndefined()
    expect(openPage(server, { firstFactors: ['password'] }).resetPassword).toBeUndefined()
  })
})
