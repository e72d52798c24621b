// @vitest-environment node
import { expect, it, vi } from 'vitest'
import { AuthError } from '../../src/core/AuthError.js'
import { isLastFactor, readFactors } from '../../src/core/factorSource.js'
import { createFactorsRunner } from '../../src/core/factorsRunner.js'
import { factor, sentinels, session, type ScriptedOptions } from '../support/scriptedAdapter.js'
import { testEngine, timeoutMs } from '../support/testEngine.js'

const app = factor({ id: 'app' })
const phone = factor({ id: 'phone', strategy: 'phone_code' })
const lost = () => new AuthError('network', undefined, { outcome: 'unknown' })

function setup(options: ScriptedOptions = {}) {
  const all = testEngine(options)
  const onChanged = vi.fn()
  const runner = createFactorsRunner({ ...all.engine, onChanged })
  return { ...all, runner, onChanged }
}

it('TE-19 a removal is told to the backend once for two clicks, and the session’s level is read anew after it', async () => {
  const { runner, fake, engine, events, onChanged } = setup()
  const told = vi.fn()
  engine.sessions.subscribe(told)
  const both = [runner.remove(app, sentinels.password), runner.remove(app, sentinels.password)]
  const call = await fake.next('mfa.unenroll')
  expect(call.params).toEqual({ factorId: 'app', password: sentinels.password })
  expect(runner.get()).toMatchObject({ pending: 'remove', problem: null })
  await call.resolve()
  await Promise.all(both)
  expect(fake.count('mfa.unenroll')).toBe(1)
  expect(runner.get()).toMatchObject({ pending: null, done: 'removed' })
  expect(told).toHaveBeenCalledTimes(1)
  expect(onChanged).toHaveBeenCalledTimes(1)
  expect(events).toEqual([{ type: 'removed', strategy: 'totp' }])
})

it.each([
  ['gone', [phone], 'removed', undefined],
  ['still there', [app, phone], null, 'not_confirmed'],
] as const)('HA-07 a removal whose answer was lost is looked up: %s', async (_, factors, done, problem) => {
  const { runner, fake } = setup({ answers: { 'mfa.listFactors': () => factors } })
  const removed = runner.remove(app)
  await (await fake.next('mfa.unenroll')).reject(lost())
  await removed
  expect(fake.count('mfa.unenroll')).toBe(1)
  expect(runner.get().done).toBe(done)
  expect(runner.get().problem?.code).toBe(problem)
})

it('HA-07 a rename whose answer was lost is looked up, and not sent again', async () => {
  const { runner, fake } = setup({ answers: { 'mfa.listFactors': () => [factor({ id: 'app', friendlyName: 'New' })] } })
  const renamed = runner.rename('app', 'New')
  await (await fake.next('mfa.rename')).reject(lost())
  await renamed
  expect(runner.get()).toMatchObject({ done: 'renamed', problem: null })
  expect(fake.count('mfa.rename')).toBe(1)
})

it.each([
  ['it is', true, 'made_default', undefined],
  ['it is not', false, null, 'not_confirmed'],
] as const)('HA-07 a default factor whose answer was lost is looked up: %s', async (_, isDefault, done, problem) => {
  const { runner, fake, onChanged } = setup({ answers: { 'mfa.listFactors': () => [app, factor({ id: 'phone', isDefault })] } })
  const made = runner.makeDefault('phone')
  const call = await fake.next('mfa.makeDefault')
  expect(call.params).toEqual({ factorId: 'phone' })
  await call.reject(lost())
  await made
  expect(fake.count('mfa.makeDefault')).toBe(1)
  expect(runner.get().done).toBe(done)
  expect(runner.get().problem?.code).toBe(problem)
  expect(onChanged).toHaveBeenCalledTimes(1)
})

it('a removal that is refused is said, and lists nothing', async () => {
  const { runner, fake } = setup()
  const removed = runner.remove(app)
  await (await fake.next('mfa.unenroll')).reject(new AuthError('step_up_required'))
  await removed
  expect(runner.get()).toMatchObject({ done: null, problem: { code: 'step_up_required' } })
  expect(fake.count('mfa.listFactors')).toBe(0)
})

it('BC-08 while new codes are asked for, and when they are refused or lost, no old ones are shown', async () => {
  const { runner, fake } = setup()
  const first = runner.generate()
  await (await fake.next('mfa.backupCodes.generate')).resolve(sentinels.backupCodes)
  await first
  expect(runner.get().codes).toEqual(sentinels.backupCodes)
  const again = runner.generate()
  expect((await fake.next('mfa.backupCodes.generate').then(async (call) => (await call.reject(lost()), call))).params).toEqual({})
  await again
  expect(runner.get()).toMatchObject({ codes: null, codesLost: true, problem: { code: 'network' } })
})

it('BC-01 codes that were on screen when the page was left do not come again, nor do those that were on their way', async () => {
  const { runner, fake } = setup()
  const made = runner.generate()
  const call = await fake.next('mfa.backupCodes.generate')
  runner.leave()
  await call.resolve(sentinels.backupCodes)
  await made
  expect(runner.get()).toMatchObject({ codes: null, codesLost: true })
  const again = runner.generate()
  await (await fake.next('mfa.backupCodes.generate')).resolve(sentinels.backupCodes)
  await again
  runner.leave()
  expect(runner.get()).toMatchObject({ codes: null, codesLost: true })
})

it('BC-01 no read of the session settles before new codes are acknowledged', async () => {
  const { runner, fake, engine } = setup({ answers: { 'session.get': () => session() } })
  const made = runner.generate()
  await (await fake.next('mfa.backupCodes.generate')).resolve(sentinels.backupCodes)
  await made
  const read = vi.fn()
  const reading = engine.sessions.read().then(read)
  await new Promise((resolve) => setTimeout(resolve))
  expect(read).not.toHaveBeenCalled()
  runner.acknowledge()
  await reading
  expect(read).toHaveBeenCalledTimes(1)
})

it('TE-19 only a verified factor that is no backup code counts as another', () => {
  expect(isLastFactor([app], 'app')).toBe(true)
  expect(isLastFactor([app, phone], 'app')).toBe(false)
  expect(isLastFactor([app, { ...phone, status: 'unverified' }, factor({ id: 'codes', strategy: 'backup_code' })], 'app')).toBe(
    true,
  )
  expect(isLastFactor([{ ...app, status: 'unverified' }], 'app')).toBe(false)
})

it('TE-19 a passkey counts as another only where it is a second factor, and is not the last one where it is none', () => {
  const passkey = factor({ id: 'key', strategy: 'passkey' })
  expect(isLastFactor([app, passkey], 'app', ['totp', 'passkey'])).toBe(false)
  expect(isLastFactor([app, passkey], 'app', ['totp'])).toBe(true)
  expect(isLastFactor([passkey], 'key', ['totp', 'passkey'])).toBe(true)
  expect(isLastFactor([passkey], 'key', ['totp'])).toBe(false)
})

it('a list that is none, or never comes, is a failure and not an empty list', async () => {
  const { engine, fake, clock } = setup({ absent: ['mfa.backupCodes'], answers: { 'mfa.listFactors': () => ({}) as never } })
  await expect(readFactors(fake.adapter, engine.clock, timeoutMs)).rejects.toMatchObject({ code: 'unavailable' })
  fake.answer('mfa.listFactors', null)
  const reading = readFactors(fake.adapter, engine.clock, timeoutMs)
  const call = await fake.next('mfa.listFactors')
  void clock.advance(timeoutMs)
  await expect(reading).rejects.toMatchObject({ code: 'network', outcome: 'unknown' })
  expect(call.signal?.aborted).toBe(true)
})
