import { act, screen, waitFor } from '@testing-library/react'
import { useEffect } from 'react'
import { beforeAll, expect, it, vi } from 'vitest'
import type { ActiveSession, Session } from '../../../src/core/session.js'
import { AuthError } from '../../../src/core/AuthError.js'
import { answering, marker, renderGate } from '../../support/renderGate.js'
import { appCode, press } from '../../support/renderEnroll.js'
import { attempt, enrollment, sentinels, session, verified } from '../../support/scriptedAdapter.js'

const raised = (more: Partial<Session> = {}) => session({ currentLevel: 'aal2', nextLevel: 'aal2', ...more }) as ActiveSession
const quiet = 'This part opens once you have confirmed it is you.'
const steps = () => [...document.querySelectorAll('[data-slot="card"]')].map((card) => card.getAttribute('data-step'))
const reads = ({ fake }: ReturnType<typeof renderGate>) => fake.count('session.get')
/** Ten gates, whose session the test tells. */
async function ten(given: Session | null, props: Parameters<typeof renderGate>[0] = {}) {
  const page = renderGate({ ...props, script: answering(given) })
  page.show(10)
  await waitFor(() => expect(steps()).not.toContain('loading'))
  return page
}
const others = (step: string) => [step, ...Array<string>(9).fill('waiting')]

beforeAll(async () => {
  await Promise.all([
    import('../../../src/components/SignInStep.js'),
    import('../../../src/components/LaterSteps.js'),
    import('../../../src/components/EnrollInGate.js'),
  ])
})

it.each([
  ['step_up', session()],
  ['start', null],
  ['intro', session({ nextLevel: 'aal1' })],
] as const)('MG-15 ten gates ask the backend once, and one of them asks the person: %s', async (step, given) => {
  const page = await ten(given)
  await waitFor(() => expect(steps()).toEqual(others(step)))
  expect(screen.getAllByText(quiet)).toHaveLength(9)
  expect(reads(page)).toBe(1)
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})

it('MG-15 after a step-up ten gates ask once, and all of them open', async () => {
  const page = await ten(session())
  await press(page, 'Confirm')
  await act(async () =>
    (await page.fake.next('stepUp.create')).resolve(attempt({ status: 'needs_second_factor', purpose: 'step_up' })),
  )
  await page.user.type(await screen.findByRole('textbox', { name: 'Code' }), sentinels.code)
  expect(steps()).toEqual(others('second-factor'))
  await act(async () =>
    (await page.fake.next('signIn.attemptSecondFactor')).resolve(attempt({ status: 'complete', purpose: 'step_up' })),
  )
  page.fake.answer('session.get', () => raised())
  await act(async () => (await page.fake.next('signIn.finish')).resolve(raised()))
  expect(await screen.findAllByText(marker)).toHaveLength(10)
  expect(reads(page)).toBe(2)
  expect(page.fake.count('stepUp.create')).toBe(1)
})

it('MG-15 after an enrolment ten gates ask once, and all of them open', async () => {
  const page = await ten(session({ nextLevel: 'aal1' }))
  await press(page, 'Set up')
  await act(async () => (await page.fake.next('mfa.enroll')).resolve(enrollment()))
  await page.user.type(appCode(), '123456')
  page.fake.answer('session.get', () => raised())
  await act(async () => (await page.fake.next('mfa.verify')).resolve(verified()))
  await page.user.click(screen.getByRole('checkbox'))
  await press(page, 'Done')
  expect(await screen.findAllByText(marker)).toHaveLength(10)
  expect(reads(page)).toBe(2)
})

it('MG-15 after a sign-out elsewhere ten gates ask once, and the sign-in that says otherwise starts anew once', async () => {
  const page = await ten(raised())
  expect(screen.getAllByText(marker)).toHaveLength(10)
  page.fake.answer('session.get', () => null)
  await act(() => page.fake.sessionChanged())
  await waitFor(() => expect(steps()).toEqual(others('start')))
  expect(reads(page)).toBe(2)
})

it('MG-15 when the gate that asks goes, the next one asks', async () => {
  const page = renderGate({ script: answering(session()) })
  const list = (gates: string[]) => page.rerender(page.of(gates))
  list(['a', 'b', 'c'])
  await waitFor(() => expect(steps()).toEqual(['step_up', 'waiting', 'waiting']))
  list(['b', 'c'])
  await waitFor(() => expect(steps()).toEqual(['step_up', 'waiting']))
  // A gate that comes later takes nothing away from the one that asks, wherever it stands.
  list(['d', 'b', 'c'])
  await waitFor(() => expect(steps()).toEqual(['waiting', 'step_up', 'waiting']))
  expect(reads(page)).toBe(1)
})

it('MG-15 a gate that waits draws what a page gives it, or nothing', async () => {
  const page = await ten(session(), { waiting: <i>later</i> })
  await waitFor(() => expect(screen.getAllByText('later')).toHaveLength(9))
  page.unmount()
  await ten(session(), { waiting: null })
  await waitFor(() => expect(steps()).toEqual(['step_up']))
})

it('MG-15 a failure is told once, with one way to try again, which asks once', async () => {
  const page = renderGate({ script: { answers: { 'session.get': () => Promise.reject(new AuthError('unavailable')) } } })
  page.show(3)
  await waitFor(() => expect(steps()).toEqual(['error', 'waiting', 'waiting']), { timeout: 5000 })
  expect(screen.getAllByRole('button')).toHaveLength(1)
  const before = reads(page)
  page.fake.answer('session.get', () => raised())
  await press(page, 'Try again')
  expect(await screen.findAllByText(marker)).toHaveLength(3)
  expect(reads(page)).toBe(before + 1)
})

it('MG-06 a page that leads away from the gate is told once for each time that the person is signed out', async () => {
  const visit = vi.fn()
  function Away() {
    useEffect(() => void visit(), [])
    return null
  }
  const page = await ten(null, { signedOut: <Away /> })
  await waitFor(() => expect(visit).toHaveBeenCalled())
  // StrictMode runs the effects of one mount twice.
  expect(visit).toHaveBeenCalledTimes(2)
  for (let n = 2; n < 5; n++) {
    await act(() => page.fake.sessionChanged())
    await waitFor(() => expect(reads(page)).toBe(n))
  }
  act(() => void window.dispatchEvent(new Event('visibilitychange')))
  await waitFor(() => expect(reads(page)).toBe(5))
  expect(visit).toHaveBeenCalledTimes(2)
})
