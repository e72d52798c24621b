// @vitest-environment node
import { expect, it, vi } from 'vitest'
import { AuthError } from '../../src/core/AuthError.js'
import { createEnrollRunner } from '../../src/core/enrollRunner.js'
import type { Factor } from '../../src/core/enrollment.js'
import { enrollment, factor, verified, type ScriptedOptions } from '../support/scriptedAdapter.js'
import { testEngine } from '../support/testEngine.js'

const lost = new AuthError('network', undefined, { outcome: 'unknown' })
const left = (id: string, friendlyName?: string): Factor =>
  factor({ id, status: 'unverified', ...(friendlyName && { friendlyName }) })

function enrolling(options: ScriptedOptions = {}) {
  const page = testEngine(options)
  const onEnrolled = vi.fn()
  const runner = createEnrollRunner({ ...page.engine, onEnrolled })
  const refuse = async (code: 'factor_limit' | 'factor_name_taken' | 'unavailable') =>
    (await page.fake.next('mfa.enroll')).reject(new AuthError(code))
  return { ...page, runner, onEnrolled, refuse, made: () => page.fake.calls.map(({ verb }) => verb) }
}

it('TE-14 at the limit, what nobody finished is cleared away, what is verified is not, and it is tried once more', async () => {
  const { runner, fake, refuse, made } = enrolling()
  void runner.start({ issuer: 'Acme' })
  await refuse('factor_limit')
  const list = await fake.next('mfa.listFactors')
  expect(list.fresh).toBe(true)
  await list.resolve([left('a'), factor({ id: 'mine' }), left('b')])
  for (const id of ['a', 'b']) {
    const abandon = await fake.next('mfa.abandon')
    expect(abandon.params).toEqual({ enrollmentId: id })
    // Whether it worked is seen by the next try.
    await abandon.reject(lost)
  }
  const again = await fake.next('mfa.enroll')
  expect(again.params).toEqual({ type: 'totp', issuer: 'Acme' })
  await again.resolve(enrollment())
  expect(runner.get()).toMatchObject({ step: 'verify', id: enrollment().id })
  expect(made()).toEqual(['mfa.enroll', 'mfa.listFactors', 'mfa.abandon', 'mfa.abandon', 'mfa.enroll'])
})

it('TE-14 refused again, it is said and not tried a third time', async () => {
  const { runner, fake, refuse } = enrolling({
    answers: { 'mfa.listFactors': () => [left('a')], 'mfa.abandon': () => undefined },
  })
  const started = runner.start({})
  await refuse('factor_limit')
  await refuse('factor_limit')
  await started
  expect(fake.count('mfa.enroll')).toBe(2)
  expect(runner.get()).toMatchObject({ step: 'intro', pending: null, problem: { code: 'factor_limit' } })
})

it.each([
  ['nothing is left over', () => [factor({ id: 'mine' })], {}],
  ['the list is lost', () => Promise.reject(lost), {}],
  ['the backend cannot abandon', () => [left('a')], { absent: ['mfa.abandon'] }],
] as const)('TE-14 where %s, the limit is said at once', async (_, listFactors, options) => {
  const { runner, fake, refuse } = enrolling({ ...options, answers: { 'mfa.listFactors': listFactors } })
  const started = runner.start({})
  await refuse('factor_limit')
  await started
  expect(fake.count('mfa.enroll')).toBe(1)
  expect(fake.count('mfa.abandon')).toBe(0)
  expect(runner.get()).toMatchObject({ step: 'intro', problem: { code: 'factor_limit' } })
})

it('TE-14 a name that only an unfinished enrolment holds is freed, and no other of them is touched', async () => {
  const { runner, fake, refuse } = enrolling({ answers: { 'mfa.abandon': () => undefined } })
  void runner.start({ friendlyName: 'Phone' })
  await refuse('factor_name_taken')
  await (await fake.next('mfa.listFactors')).resolve([left('a', 'Phone'), left('b', 'Watch'), left('c')])
  await (await fake.next('mfa.enroll')).resolve(enrollment())
  expect(fake.calls.filter(({ verb }) => verb === 'mfa.abandon').map(({ params }) => params)).toEqual([{ enrollmentId: 'a' }])
  expect(runner.get().step).toBe('verify')
})

it('TE-14 a name that a factor holds is said to be taken', async () => {
  const { runner, fake, refuse } = enrolling()
  const started = runner.start({ friendlyName: 'Phone' })
  await refuse('factor_name_taken')
  await (await fake.next('mfa.listFactors')).resolve([factor({ id: 'mine', friendlyName: 'Phone' })])
  await started
  expect(runner.get()).toMatchObject({ step: 'intro', problem: { code: 'factor_name_taken' } })
  expect(fake.count('mfa.abandon')).toBe(0)
})

it('TE-14 no other refusal clears anything away', async () => {
  const { runner, refuse, made } = enrolling()
  const started = runner.start({})
  await refuse('unavailable')
  await started
  expect(made()).toEqual(['mfa.enroll'])
})

it('TE-20 that other sessions were ended is known until the end, through the backup codes too', async () => {
  for (const backupCodes of [undefined, verified().backupCodes]) {
    const { runner, fake } = enrolling()
    void runner.start({})
    await (await fake.next('mfa.enroll')).resolve(enrollment())
    void runner.verify('123456')
    await (
      await fake.next('mfa.verify')
    ).resolve({ factor: factor(), otherSessions: 'ended', ...(backupCodes && { backupCodes }) })
    if (backupCodes) runner.acknowledge()
    expect(runner.get()).toMatchObject({ step: 'enrolled', otherSessions: 'ended' })
  }
})

it('TE-20 codes that are made after it is on end where it was on, and it is told once', async () => {
  const { runner, fake, onEnrolled, engine } = enrolling()
  void runner.start({})
  await (await fake.next('mfa.enroll')).resolve(enrollment())
  void runner.verify('123456')
  await (await fake.next('mfa.verify')).resolve({ factor: factor() })
  await engine.lane.idle()
  expect(onEnrolled).toHaveBeenCalledTimes(1)
  void runner.generate({})
  await (await fake.next('mfa.backupCodes.generate')).resolve(['a-b'])
  runner.acknowledge()
  await engine.lane.idle()
  expect(runner.get()).toMatchObject({ step: 'enrolled', stored: true })
  expect(onEnrolled).toHaveBeenCalledTimes(1)
})
