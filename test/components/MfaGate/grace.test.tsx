import { act, screen, waitFor } from '@testing-library/react'
import { beforeAll, expect, it } from 'vitest'
import type { Grace } from '../../../src/core/assurance.js'
import type { Session } from '../../../src/core/session.js'
import { fakeTime } from '../../support/fakeTime.js'
import { answering, marker, renderGate } from '../../support/renderGate.js'
import { session } from '../../support/scriptedAdapter.js'

const minute = 60_000
const day = 24 * 60 * minute
const now = '2026-05-11T12:00:00Z'
const tomorrow: Grace = { until: '2026-05-12T12:00:00Z', now }
const bare = (more: Partial<Session> = {}) => session({ nextLevel: 'aal1', ...more })
const step = () => document.querySelector('[data-slot="card"]')?.getAttribute('data-step')
const isOpen = () => document.body.textContent.includes(marker)
const click = (name: string) => act(async () => screen.getByRole('button', { name }).click())

beforeAll(async () => {
  await Promise.all([import('../../../src/components/LaterSteps.js'), import('../../../src/components/EnrollInGate.js')])
})

it('until a day people may put their enrolment off, and are told which', async () => {
  const page = renderGate({ grace: tomorrow, script: answering(bare()) })
  await waitFor(() => expect(step()).toBe('grace'))
  expect(screen.getByRole('heading')).toHaveTextContent('A second step is needed')
  expect(document.body).toHaveTextContent('From May 12, 2026 on, this part asks for it.')
  expect(page.renders).not.toHaveBeenCalled()
  await click('Not now')
  expect(isOpen()).toBe(true)
})

it('who puts it off has put it off for every gate, and for nobody else', async () => {
  const page = renderGate({ grace: tomorrow, script: answering(bare()) })
  page.show(3)
  await waitFor(() => expect(step()).toBe('grace'))
  await click('Not now')
  expect(screen.getAllByText(marker)).toHaveLength(3)
  page.fake.answer('session.get', () => bare({ user: { id: 'grace', label: 'Grace' } }))
  await act(() => page.fake.sessionChanged())
  await waitFor(() => expect(step()).toBe('grace'))
  expect(isOpen()).toBe(false)
})

it('the enrolment is one press away, and left again it is not lost', async () => {
  renderGate({ grace: tomorrow, script: answering(bare()) })
  await waitFor(() => expect(step()).toBe('grace'))
  await click('Set up')
  expect(step()).toBe('intro')
  await click('Cancel')
  expect(step()).toBe('grace')
})

it('a page’s own enrolment is kept behind the same choice', async () => {
  renderGate({ grace: tomorrow, enroll: <p>mine: enrol</p>, script: answering(bare()) })
  await waitFor(() => expect(step()).toBe('grace'))
  await click('Set up')
  expect(screen.getByText('mine: enrol')).toBeInTheDocument()
})

it('MG-10 after it the enrolment is required, by the server’s clock and not by the device’s', async () => {
  const time = fakeTime()
  const page = renderGate({ grace: tomorrow, script: answering(bare()) })
  await time.settle()
  await click('Not now')
  for (const ms of [2 * day, -2 * day]) {
    time.setWallClock(ms)
    await time.pass(minute)
    expect(isOpen()).toBe(true)
  }
  await time.pass(day - 3 * minute)
  expect(isOpen()).toBe(true)
  await time.pass(minute)
  expect(isOpen()).toBe(false)
  expect(step()).toBe('intro')
  expect(screen.queryByRole('button', { name: 'Not now' })).toBeNull()
  // Drawn anew with the same two instants it has not begun anew.
  page.rerender(page.of(['another']))
  await time.settle()
  expect(step()).toBe('intro')
})

it.each<[string, Session | null, string]>([
  ['a second factor that was not shown', session(), 'step_up'],
  ['a level that is not told', session({ currentLevel: null, nextLevel: null }), 'unknown'],
  ['nobody', null, 'start'],
  ['a pending session', session({ nextLevel: 'aal1', pending: 'enrollment' }), 'start'],
])('MG-03 excuses no %s', async (_who, given, expected) => {
  const page = renderGate({ grace: tomorrow, script: answering(given) })
  await waitFor(() => expect(step()).toBe(expected))
  expect(screen.queryByRole('button', { name: 'Not now' })).toBeNull()
  expect(page.renders).not.toHaveBeenCalled()
})

it('MG-03 who has put the enrolment off, and has a second factor since, has to show it', async () => {
  const page = renderGate({ grace: tomorrow, script: answering(bare()) })
  await waitFor(() => expect(step()).toBe('grace'))
  await click('Not now')
  page.fake.answer('session.get', () => session())
  await act(() => page.fake.sessionChanged())
  await waitFor(() => expect(step()).toBe('step_up'))
  expect(isOpen()).toBe(false)
})

it.each([
  [{ until: 'next week', now }],
  [{ until: '2026-05-12T12:00:00Z', now: '' }],
  [{ until: '2026-05-11T11:00:00Z', now }],
  [{ until: '2026-05-12T12:00:00Z' } as Grace],
  [null as unknown as Grace],
])('MG-03 a period of grace that is none excuses nobody: %j', async (grace) => {
  renderGate({ grace, script: answering(bare()) })
  await waitFor(() => expect(step()).toBe('intro'))
  expect(screen.queryByRole('button', { name: 'Not now' })).toBeNull()
})
