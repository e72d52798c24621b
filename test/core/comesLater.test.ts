// @vitest-environment node
import { expect, it } from 'vitest'
import type { MfaApi } from '../../src/core/adapter.js'
import type { AuthError } from '../../src/core/AuthError.js'
import { comesLater } from '../../src/core/comesLater.js'
import { mfaLater } from '../../src/core/mfaLater.js'

/** Code that can be fetched or not, and how often it was asked for. */
function chunk() {
  const asked = { count: 0, isThere: true }
  const fetch = async () => {
    asked.count++
    if (!asked.isThere)
      throw new TypeError('Failed to fetch dynamically imported module: https://app.example/assets/later-a1b2.js')
    return { twice: async (given: number) => given * 2, hello: async () => 'hello' }
  }
  return { asked, verb: comesLater(fetch) }
}

const refused = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: AuthError) => error,
  )

it('fetches nothing before a verb is called, and then once for all verbs', async () => {
  const { asked, verb } = chunk()
  const [twice, hello] = [verb('twice'), verb('hello')]
  expect(asked.count).toBe(0)
  expect(await Promise.all([twice(2), twice(3), hello()])).toEqual([4, 6, 'hello'])
  expect(await hello()).toBe('hello')
  expect(asked.count).toBe(1)
})

it('HA-09 rejects a verb whose code cannot be fetched as `network`, and fetches again at the next call', async () => {
  const { asked, verb } = chunk()
  const hello = verb('hello')
  asked.isThere = false
  const error = await refused(hello())
  expect(error).toMatchObject({ name: 'AuthError', code: 'network', outcome: 'unknown', cause: 'TypeError' })
  asked.isThere = true
  expect(await hello()).toBe('hello')
})

it('passes on what a verb itself rejects with', async () => {
  const thrown = new Error('of the verb')
  const verb = comesLater(async () => ({ fail: () => Promise.reject(thrown) }))
  await expect(verb('fail')()).rejects.toBe(thrown)
})

it('has those members of `mfa` that the adapter says it has', async () => {
  const mfa: MfaApi = {
    listFactors: async () => [],
    enroll: () => expect.unreachable(),
    challenge: () => expect.unreachable(),
    verify: () => expect.unreachable(),
    unenroll: async () => {},
    rename: async ({ factorId, friendlyName }) => ({
      id: factorId,
      friendlyName,
      strategy: 'totp',
      status: 'verified',
      removable: true,
    }),
    backupCodes: { status: async () => ({ remaining: 3 }), generate: async ({ password = '' }) => [password] },
  }
  const bare = mfaLater(async () => mfa)
  expect(bare).not.toHaveProperty('rename')
  expect(bare).not.toHaveProperty('backupCodes')
  expect(await bare.listFactors()).toEqual([])

  const whole = mfaLater(async () => mfa, ['rename', 'backupCodes'])
  expect(await whole.rename?.({ factorId: 'totp', friendlyName: 'phone' })).toMatchObject({ friendlyName: 'phone' })
  expect(await whole.backupCodes?.status?.()).toEqual({ remaining: 3 })
  expect(await whole.backupCodes?.generate({ password: 'p' })).toEqual(['p'])
})
