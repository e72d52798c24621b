// @vitest-environment node
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { workosAdapter, type WorkOSClient } from '../../../src/adapters/workos/index.js'
import { credentials, openHouse, standInBrowser, type House } from './house.js'

let house: House

beforeAll(async () => (house = await openHouse()))
afterAll(() => house.workos.close())

/**
 * A double of SDK 11, for its names alone: the MFA API is `multiFactorAuth`, has the users' factors too, and the sign-in's errors are
 * exceptions of their own. The work is done by the real SDK 8, whose types the double cannot prove anything about.
 */
function doubleOfSdk11(options: { maxRetries?: number } = { maxRetries: 0 }): WorkOSClient {
  const { mfa, organizations, userManagement: old } = house.sdk
  const asIn11 = async <T>(asked: Promise<T>): Promise<T> => {
    try {
      return await asked
    } catch (thrown) {
      const { status, rawData } = thrown as {
        status?: number
        rawData?: { code?: string; pending_authentication_token?: string }
      }
      if (!rawData?.pending_authentication_token) throw thrown
      const pendingAuthenticationToken = rawData.pending_authentication_token
      throw Object.assign(new Error('In 11'), { name: 'AuthenticationException', status, rawData, pendingAuthenticationToken })
    }
  }
  return {
    options,
    organizations,
    multiFactorAuth: {
      enrollFactor: (options) => mfa.enrollFactor(options),
      getFactor: (id) => mfa.getFactor(id),
      deleteFactor: (id) => mfa.deleteFactor(id),
      challengeFactor: (options) => mfa.challengeFactor(options),
      verifyChallenge: (options) => mfa.verifyChallenge(options),
      createUserAuthFactor: (options) => old.enrollAuthFactor(options),
      listUserAuthFactors: (options) => old.listAuthFactors(options),
    },
    userManagement: {
      getAuthorizationUrlWithPKCE: (options) => old.getAuthorizationUrlWithPKCE(options),
      authenticateWithCode: (options) => asIn11(old.authenticateWithCode(options)),
      authenticateWithOrganizationSelection: (options) => asIn11(old.authenticateWithOrganizationSelection(options)),
      authenticateWithPassword: (options) => asIn11(old.authenticateWithPassword(options)),
      authenticateWithMagicAuth: (options) => asIn11(old.authenticateWithMagicAuth(options)),
      authenticateWithTotp: (options) => asIn11(old.authenticateWithTotp(options)),
      createMagicAuth: (options) => old.createMagicAuth(options),
      listSessions: (userId) => old.listSessions(userId),
      revokeSession: (options) => old.revokeSession(options),
    },
  }
}

describe('the names of SDK 11', () => {
  it('enrol, challenge, list and remove', async () => {
    const { adapter } = standInBrowser(workosAdapter(doubleOfSdk11()), house.workos.now)
    const person = house.person()
    await adapter.signIn.finish(await adapter.signIn.create(credentials(person)))
    const setup = await adapter.mfa!.enroll({ type: 'totp', issuer: 'Acme' })
    if (setup.status !== 'pending' || setup.type !== 'totp') throw new Error('not pending')
    await adapter.mfa!.verify({ enrollmentId: setup.id, code: house.workos.totp(setup.secret) })
    expect((await adapter.mfa!.listFactors()).map(({ id }) => id)).toEqual([setup.id])

    const next = standInBrowser(workosAdapter(doubleOfSdk11()), house.workos.now).adapter
    const attempt = await next.signIn.create(credentials(person))
    expect(attempt.status).toBe('needs_second_factor')
    const done = await next.signIn.attemptSecondFactor(attempt, { factorId: setup.id, code: house.workos.totp(setup.secret, 1) })
    expect(await next.signIn.finish(done)).toMatchObject({ currentLevel: 'aal2' })
    await next.mfa!.unenroll({ factorId: setup.id })
    expect(await next.mfa!.listFactors()).toEqual([])
    expect(house.workos.refusals).toEqual([])
  })

  it('lead to a provider and back, to a second factor', async () => {
    const options = { firstFactors: ['oauth_google', 'enterprise_sso'] } as const
    const { adapter } = standInBrowser(workosAdapter(doubleOfSdk11(), options), house.workos.now)
    const person = house.person({ totp: true })
    house.workos.addOrganization({ domain: 'example.com' })
    const redirectUrl = 'https://app.example/'
    for (const params of [
      { strategy: 'oauth_google', redirectUrl },
      { strategy: 'enterprise_sso', identifier: person.email, redirectUrl },
    ] as const) {
      const away = await adapter.signIn.create(params)
      if (away.status !== 'needs_redirect') throw new Error(`It is at ${away.status}.`)
      const url = await house.workos.visit(away.redirectUrl, person.email)
      const { attempt } = await adapter.signIn.resume({ url })
      expect(attempt).toMatchObject({ id: away.id, status: 'needs_second_factor', identifier: person.email })
    }
    expect(house.workos.refusals).toEqual([])
  })

  it('HA-08 is not taken as it comes: by default it sends what was not answered up to three times more', () => {
    for (const options of [{}, { maxRetries: 3 }]) {
      expect(() => workosAdapter(doubleOfSdk11(options))).toThrow(new RangeError('SDK 11 needs maxRetries: 0.'))
    }
  })
})
