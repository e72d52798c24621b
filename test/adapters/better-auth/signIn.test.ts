// @vitest-environment node
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { demoUsers } from '../../../demo/users.js'
import { betterAuthAdapter } from '../../../src/adapters/better-auth/index.js'
import { startBetterAuthServer, totp, type Faults, type RunningServer } from '../../servers/betterAuthServer.js'

const { withoutMfa, withTotp, withEmailCode } = demoUsers
let server: RunningServer

beforeAll(async () => (server = await startBetterAuthServer()))
beforeEach(() => server.reset())
afterAll(() => server.close())

function open(faults?: Faults) {
  const browser = server.browser(faults)
  return { browser, adapter: betterAuthAdapter(browser.client, { firstFactors: ['password', 'email_code'] }) }
}

describe('sign-in with a password alone', () => {
  it('ends in a session at aal1', async () => {
    const { adapter } = open()
    const attempt = await adapter.signIn.create({ identifier: withoutMfa.email, password: withoutMfa.password })
    expect(attempt).toMatchObject({ status: 'complete', purpose: 'sign_in', cancelSignsOut: true })
    const session = await adapter.signIn.finish(attempt)
    expect(session).toMatchObject({ user: { label: withoutMfa.email }, currentLevel: 'aal1', nextLevel: 'aal1' })
    expect(session.methods.map(({ method }) => method)).toEqual(['password'])
    expect(await adapter.session.get()).toMatchObject({ id: session.id })
  })
})

describe('sign-in with a second factor', () => {
  it('takes the code of an authenticator app and ends at aal2', async () => {
    const { adapter } = open()
    const attempt = await adapter.signIn.create({ identifier: withTotp.email, password: withTotp.password })
    expect(attempt).toMatchObject({ status: 'needs_second_factor', cancelSignsOut: false })
    expect(attempt.supportedSecondFactors).toEqual([
      { id: 'totp', strategy: 'totp', primary: true },
      { id: 'email_code', strategy: 'email_code', hint: 't•••@example.com' },
      { id: 'backup_code', strategy: 'backup_code' },
    ])
    expect(await adapter.session.get()).toBeNull()
    const code = totp(withTotp.totpSecret)
    const done = await adapter.signIn.attemptSecondFactor(attempt, { factorId: 'totp', code })
    expect(done.status).toBe('complete')
    const session = await adapter.signIn.finish(done)
    expect(session).toMatchObject({ currentLevel: 'aal2', nextLevel: 'aal2' })
    expect(session.methods.map(({ method }) => method)).toEqual(['password', 'totp'])
    expect(session.secondFactorAgeMs).toBeLessThan(5000)
  })
})
