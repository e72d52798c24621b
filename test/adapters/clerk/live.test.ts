// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { openClerk } from '../../servers/clerkBrowser.js'
import { adapterOf, refused } from './house.js'

const { CLERK_PUBLISHABLE_KEY: key, CLERK_TEST_IDENTIFIER: identifier, CLERK_TEST_PASSWORD: password } = process.env

/**
 * Against a real instance that has Clerk's native API switched on. With `CLERK_TEST_IDENTIFIER` and `CLERK_TEST_PASSWORD`, of somebody without a
 * second factor, that person is signed in and out.
 */
describe.skipIf(!key)('a real Clerk instance', () => {
  const open = async () => adapterOf(await openClerk(key ?? ''))

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

  it.skipIf(!identifier || !password)('signs a person in and out', async () => {
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
  })
})
