// @vitest-environment node
import { beforeAll, describe, expect, it } from 'vitest'
import { openClerk } from '../../servers/clerkBrowser.js'
import { patient, runContract } from '../../testing/runContract.js'
import { adapterOf, refused } from './house.js'
import { clerkLive, unasked } from './liveHarness.js'
import { realPlace } from './place.js'

const { CLERK_TEST_IDENTIFIER: identifier, CLERK_TEST_PASSWORD: password } = process.env

/**
 * Against a real instance that has Clerk's native API switched on. With `CLERK_TEST_IDENTIFIER` and `CLERK_TEST_PASSWORD`, of somebody without a
 * second factor, that person is signed in and out; by a code too, where the identifier is a test address.
 */
describe.skipIf(!realPlace)('a real Clerk instance (needs CLERK_PUBLISHABLE_KEY)', () => {
  const open = async () => adapterOf(await openClerk({ key: realPlace?.key ?? '', url: realPlace?.frontend ?? '' }))

  it('has no session for a new browser', async () => {
    const { session } = await open()
    expect(await session.get()).toBeNull()
    expect(await session.get({ fresh: true })).toBeNull()
  })

  it('refuses somebody who is unknown', async () => {
    const { signIn } = await open()
    const error = await refused(signIn.create({ identifier: 'nobody-has-this@example.com', password: 'not-a-password-1' }))
    expect(error).toMatchObject({ code: 'invalid_credentials', outcome: 'refused' })
  })

  it.skipIf(!identifier || !password)(
    'signs a person in and out (needs CLERK_TEST_IDENTIFIER and CLERK_TEST_PASSWORD)',
    async () => {
      const { signIn, session } = await open()
      const params = { identifier: identifier ?? '', password: password ?? '' }
      expect(await refused(signIn.create({ ...params, password: 'not-a-password-1' }))).toMatchObject({
        code: 'invalid_credentials',
      })
      const attempt = await signIn.create(params)
      expect(attempt.status).toBe('complete')
      const active = await signIn.finish(attempt)
      expect(active).toMatchObject({ currentLevel: 'aal1' })
      expect((await session.get())?.user.id).toBe(active.user.id)
      await session.signOut()
      expect(await session.get({ fresh: true })).toBeNull()
    },
  )

  it.skipIf(!identifier?.includes('+clerk_test'))(
    'signs a person in by a code (needs a CLERK_TEST_IDENTIFIER with +clerk_test in it)',
    async () => {
      const { signIn } = await open()
      const attempt = await signIn.create({ identifier: identifier ?? '' })
      const { id: factorId = '' } = attempt.supportedFirstFactors.find(({ strategy }) => strategy === 'email_code') ?? {}
      await signIn.prepareFirstFactor(attempt, { factorId })
      const done = await signIn.attemptFirstFactor(attempt, { factorId, code: '424242' })
      expect(done.status).toBe('complete')
      await signIn.finish(done)
    },
  )
})

const live = realPlace?.secretKey ? await clerkLive(realPlace) : undefined

if (live) {
  runContract(live.harness, patient)
  beforeAll(() => {
    for (const [what, why] of Object.entries(unasked)) console.info(`not asked of a real instance: ${what}: ${why}`)
    for (const what of live.off) console.info(`not asked, being switched off in this instance: ${what}`)
  })
}
// So that a run without a real instance shows what it did not do.
it.skipIf(!live)('the contract ran on the instance of CLERK_PUBLISHABLE_KEY and CLERK_SECRET_KEY', () => {
  expect(realPlace?.frontend).toMatch(/^https?:/)
})
it.skipIf(!live || live.off.length > 0)('and the instance has on what can be asked of a real one', () => {
  expect(live?.off).toEqual([])
})
