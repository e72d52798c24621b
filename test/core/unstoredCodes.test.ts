// @vitest-environment node
import { expect, it, vi } from 'vitest'
import { createEnrollRunner } from '../../src/core/enrollRunner.js'
import { flush } from '../support/fakeClock.js'
import { enrollment, sentinels, session, verified } from '../support/scriptedAdapter.js'
import { testEngine } from '../support/testEngine.js'

async function withCodesOnScreen() {
  const page = testEngine({ answers: { 'mfa.enroll': () => enrollment(), 'mfa.verify': () => verified() } })
  const runner = createEnrollRunner({ ...page.engine, onEnrolled: vi.fn() })
  await runner.start({})
  const before = page.engine.sessions.read()
  await runner.verify(sentinels.code)
  expect(runner.get().step).toBe('backup-codes')
  return { ...page, runner, before }
}

it('BC-01 no read of the session settles before the backup codes are acknowledged, so a gate that opens cannot hide them', async () => {
  const { runner, fake, engine, before } = await withCodesOnScreen()
  const low = session({ currentLevel: 'aal1' })
  const raised = session({ currentLevel: 'aal2' })
  const read = vi.fn<(reading: { session: unknown }) => void>()
  void before.then(read)
  void engine.sessions.read({ fresh: true }).then(read)
  for (const call of fake.calls.filter(({ verb }) => verb === 'session.get')) await call.resolve(low)
  await flush()
  expect(read).not.toHaveBeenCalled()
  fake.answer('session.get', () => raised)
  runner.acknowledge()
  await flush()
  expect(read.mock.calls.map(([{ session }]) => session)).toEqual([raised, raised])
})

it('BC-01 leaving the codes lets reads go on', async () => {
  const { runner, fake, engine } = await withCodesOnScreen()
  fake.answer('session.get', () => session())
  const read = engine.sessions.read({ fresh: true })
  await runner.leave()
  await expect(read).resolves.toMatchObject({ session: session() })
})
