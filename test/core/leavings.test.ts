// @vitest-environment node
import { expect, it } from 'vitest'
import { AuthError } from '../../src/core/AuthError.js'
import { attempt, sentinels, session } from '../support/scriptedAdapter.js'
import { testEngine } from '../support/testEngine.js'

const ada = { identifier: 'ada@example.com', password: sentinels.password }

async function atSecond() {
  const page = testEngine({ answers: { 'session.get': () => session({ id: 'session_2', currentLevel: 'aal2' }) } })
  void page.signIn.create(ada)
  await (await page.fake.next('signIn.create')).resolve(attempt({ status: 'needs_second_factor' }))
  return page
}

it('HA-16 a session that is lost on the way leads back to the start, with the reason and what was typed', async () => {
  const { signIn, fake, events } = await atSecond()
  const submitting = signIn.submit({ code: sentinels.code })
  await (await fake.next('signIn.attemptSecondFactor')).reject(new AuthError('session_lost'))
  // Whatever is asked after it is told the same.
  for (const { reject } of fake.calls.filter(({ verb }) => verb === 'signIn.reload')) await reject(new AuthError('session_lost'))
  await submitting
  expect(signIn.get()).toMatchObject({
    step: 'start',
    identifier: ada.identifier,
    pending: null,
    problem: { code: 'session_lost' },
  })
  expect(events.at(-1)).toMatchObject({ type: 'error', code: 'session_lost' })
  const next = signIn.create(ada)
  await (await fake.next('signIn.create')).resolve(attempt({ id: 'attempt_2', status: 'needs_second_factor' }))
  await next
  expect(signIn.get()).toMatchObject({ step: 'second-factor', attempt: { id: 'attempt_2' } })
})

it('HA-19 a finished sign-in keeps nothing of its attempt, and the session is read anew', async () => {
  const { signIn, fake, engine } = await atSecond()
  const before = fake.count('session.get')
  const submitting = signIn.submit({ code: sentinels.code })
  await (await fake.next('signIn.attemptSecondFactor')).resolve(attempt({ status: 'complete' }))
  await (await fake.next('signIn.finish')).resolve(session({ id: 'session_2', currentLevel: 'aal2' }))
  await submitting
  expect(signIn.get()).toMatchObject({ step: 'complete', session: { id: 'session_2' } })
  expect(JSON.stringify(signIn.get())).not.toMatch(/attempt_1|totp:1|challenge/)
  const calls = fake.calls.length
  await signIn.submit({ code: sentinels.code })
  await signIn.send()
  await signIn.reload()
  expect(fake.calls).toHaveLength(calls)
  const { session: read } = await engine.sessions.read({ fresh: true })
  expect(read?.id).toBe('session_2')
  expect(fake.count('session.get')).toBe(before + 1)
})
