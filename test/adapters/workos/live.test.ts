// @vitest-environment node
import { WorkOS } from '@workos-inc/node'
import { TOTP } from 'otpauth'
import { describe, expect, it } from 'vitest'
import { workosAdapter } from '../../../src/adapters/workos/index.js'
import { memoryFactors, refused, standInBrowser } from './house.js'

const { WORKOS_API_KEY: apiKey = '', WORKOS_CLIENT_ID: clientId = '' } = process.env
const codeOf = (secret: string, steps = 0) => new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 })

/** Against WorkOS itself: needs an environment that allows passwords. It makes a user and takes it away again. */
describe.skipIf(!apiKey || !clientId)('WorkOS itself (needs WORKOS_API_KEY and WORKOS_CLIENT_ID)', () => {
  it('signs in, enrols a plain factor and asks for it', { timeout: 120_000 }, async () => {
    const sdk = new WorkOS(apiKey, { clientId })
    const email = `latchkey-${crypto.randomUUID()}@example.com`
    const password = `Pw-${crypto.randomUUID()}`
    const user = await sdk.userManagement.createUser({ email, password, emailVerified: true })
    const server = workosAdapter(sdk, { factors: memoryFactors() })
    try {
      const { adapter } = standInBrowser(server)
      const wrong = await refused(adapter.signIn.create({ identifier: email, password: 'not-it' }))
      expect(wrong).toMatchObject({ code: 'invalid_credentials', outcome: 'refused' })
      const attempt = await adapter.signIn.create({ identifier: email, password })
      expect(attempt.status).toBe('complete')
      expect(await adapter.signIn.finish(attempt)).toMatchObject({ user: { id: user.id }, currentLevel: 'aal1' })

      const setup = await adapter.mfa!.enroll({ type: 'totp', issuer: 'Latchkey' })
      if (setup.status !== 'pending' || setup.type !== 'totp') throw new Error('not pending')
      const enrollmentId = setup.id
      expect((await refused(adapter.mfa!.verify({ enrollmentId, code: '000000' }))).code).toBe('code_incorrect')
      await adapter.mfa!.verify({ enrollmentId, code: codeOf(setup.secret) })
      expect(await adapter.session.get()).toMatchObject({ currentLevel: 'aal2' })

      const next = standInBrowser(server).adapter
      const second = await next.signIn.create({ identifier: email, password })
      expect(second.status).toBe('needs_second_factor')
      const done = await next.signIn.attemptSecondFactor(second, { factorId: setup.id, code: codeOf(setup.secret, 1) })
      expect(await next.signIn.finish(done)).toMatchObject({ currentLevel: 'aal2' })
      await next.mfa!.unenroll({ factorId: setup.id })
      await next.session.signOut({ scope: 'all' })
      expect(await next.session.get()).toBeNull()
    } finally {
      await sdk.userManagement.deleteUser(user.id)
    }
  })
})
