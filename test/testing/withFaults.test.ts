// @vitest-environment node
import { expect, it } from 'vitest'
import { createMemoryBackend } from '../../src/adapters/memory/index.js'
import type { AuthAdapter } from '../../src/core/adapter.js'
import { AuthError } from '../../src/core/AuthError.js'
import { withFaults, type FaultRule } from '../../src/testing/index.js'
import { refusal } from '../adapters/memory/house.js'

const ada = { id: 'ada', email: 'ada@example.com', password: 'pw-0123456' }
const credentials = { identifier: ada.email, password: ada.password }

function faulty(...script: FaultRule[]) {
  const backend = createMemoryBackend({ users: [ada] })
  return { backend, ...withFaults(backend.adapter, script) }
}

const isSettled = (call: Promise<unknown>, ms = 30) =>
  Promise.race([
    call.then(
      () => true,
      () => true,
    ),
    new Promise<boolean>((resolve) => setTimeout(resolve, ms, false)),
  ])

it('lets everything else through, and what is absent stays absent', async () => {
  const { signIn, session, capabilities, stepUp, mfa } = faulty({ verb: 'signIn.reload', fault: 'never' })
  expect(await signIn.finish(await signIn.create(credentials))).toMatchObject({ user: { id: 'ada' } })
  expect(await session.get()).not.toBeNull()
  expect(capabilities.identifiers).toEqual(['email'])
  expect(stepUp?.levels).toContain('second_factor')
  expect(stepUp?.detect?.(new AuthError('step_up_required'))).toEqual({ level: 'second_factor' })
  expect(await mfa?.backupCodes?.status?.()).toEqual({ total: 0, remaining: 0 })
  expect(signIn.passkeyOptions).toBeUndefined()
  expect('resetPassword' in signIn).toBe(false)
})

it('takes an adapter that is made of classes', async () => {
  const backend = createMemoryBackend({ users: [ada] })
  class Session {
    readonly #own = backend.adapter.session
    get() {
      return this.#own.get()
    }
    signOut() {
      return this.#own.signOut()
    }
    subscribe(changed: () => void) {
      return this.#own.subscribe(changed)
    }
  }
  class Mine implements AuthAdapter {
    readonly name = 'mine'
    readonly signIn = backend.adapter.signIn
    readonly session = new Session()
    get capabilities() {
      return backend.adapter.capabilities
    }
  }
  const adapter = withFaults(new Mine(), [{ verb: 'session.get', fault: 'fail', error: 'unavailable' }])
  expect(adapter.capabilities).toBe(backend.adapter.capabilities)
  expect(await refusal(adapter.session.get())).toMatchObject({ code: 'unavailable', outcome: 'unknown' })
  expect(await adapter.session.get()).toBeNull()
  let told = 0
  adapter.session.subscribe(() => (told += 1))
  await adapter.signIn.create(credentials)
  await Promise.resolve()
  expect(told).toBe(1)
})

it('slow: the call arrives late', async () => {
  const { backend, signIn } = faulty({ verb: 'signIn.create', fault: 'slow', ms: 60 })
  const call = signIn.create(credentials)
  expect(await isSettled(call)).toBe(false)
  expect(backend.calls).toEqual([])
  expect((await call).status).toBe('complete')
})

it('HA-07 never: the call is carried out and does not settle, aborted or not', async () => {
  const { backend, signIn } = faulty({ verb: 'signIn.create', fault: 'never' })
  const aborting = new AbortController()
  const call = signIn.create(credentials, { signal: aborting.signal })
  expect(await isSettled(call)).toBe(false)
  aborting.abort()
  expect(await isSettled(call)).toBe(false)
  expect(await backend.adapter.session.get()).not.toBeNull()
})

it('HA-05 drop-after-commit: it has happened, and nobody was told', async () => {
  const { signIn, session } = faulty({ verb: 'signIn.create', fault: 'drop-after-commit' })
  expect(await refusal(signIn.create(credentials))).toMatchObject({ code: 'network', outcome: 'unknown' })
  expect(await session.get()).not.toBeNull()
})

it('drop-after-commit loses a refusal too', async () => {
  const { signIn } = faulty({ verb: 'signIn.create', fault: 'drop-after-commit' })
  const call = signIn.create({ ...credentials, password: 'wrong-0123' })
  expect(await refusal(call)).toMatchObject({ code: 'network', outcome: 'unknown' })
})

it('HA-04 reorder: the answer comes after the next one', async () => {
  const { signIn } = faulty({ verb: 'signIn.create', fault: 'reorder' })
  const order: string[] = []
  const one = signIn.create({ identifier: 'one@example.com' }).then(() => order.push('one'))
  expect(await isSettled(one)).toBe(false)
  const two = signIn.create({ identifier: 'two@example.com' }).then(() => order.push('two'))
  await Promise.all([one, two])
  expect(order).toEqual(['two', 'one'])
})

it('reorder waits for a refusal as well, and hands its own on', async () => {
  const { signIn } = faulty({ verb: 'signIn.create', fault: 'reorder' })
  const order: string[] = []
  const wrong = (password: string) => refusal(signIn.create({ ...credentials, password })).then(() => order.push(password))
  await Promise.all([wrong('wrong-one'), wrong('wrong-two')])
  expect(order).toEqual(['wrong-two', 'wrong-one'])
})

it('fail: the call never arrives; codes that say nothing of it have the outcome unknown', async () => {
  const { backend, signIn } = faulty(
    { verb: 'signIn.create', fault: 'fail', error: 'network' },
    { verb: 'signIn.create', fault: 'fail', error: 'locked' },
    { verb: 'signIn.create', fault: 'fail', error: new AuthError('blocked', 'As given.') },
  )
  expect(await refusal(signIn.create(credentials))).toMatchObject({ code: 'network', outcome: 'unknown' })
  expect(await refusal(signIn.create(credentials))).toMatchObject({ code: 'locked', outcome: 'refused' })
  expect(await refusal(signIn.create(credentials))).toMatchObject({ code: 'blocked', message: 'As given.' })
  expect(backend.calls).toEqual([])
})

it('429: refused as too early, with the wait', async () => {
  const { signIn } = faulty({ verb: 'signIn.create', fault: '429', retryInMs: 30_000 }, { verb: 'signIn.create', fault: '429' })
  expect(await refusal(signIn.create(credentials))).toMatchObject({ code: 'rate_limited', outcome: 'refused', retryInMs: 30_000 })
  expect((await refusal(signIn.create(credentials))).retryInMs).toBeUndefined()
})

it('counts: so many calls go well, so many do not, and then all do', async () => {
  const { session } = faulty({ verb: '*', fault: 'fail', error: 'network', after: 1, times: 2 })
  const answers = []
  for (let calls = 0; calls < 4; calls++) answers.push(await session.get().catch((error: AuthError) => error.code))
  expect(answers).toEqual([null, 'network', 'network', null])
})
