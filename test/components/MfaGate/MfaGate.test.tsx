import { act, render, screen, waitFor } from '@testing-library/react'
import { StrictMode, useEffect } from 'react'
import { renderToString } from 'react-dom/server'
import { beforeAll, expect, it, vi } from 'vitest'
import { createMemoryBackend } from '../../../src/adapters/memory/index.js'
import { MfaGate, type MfaGateProps } from '../../../src/components/MfaGate.js'
import { SignIn } from '../../../src/components/SignIn.js'
import { AuthError } from '../../../src/core/AuthError.js'
import type { ActiveSession, Level, Session } from '../../../src/core/session.js'
import { AuthProvider } from '../../../src/hooks/context.js'
import { useSignIn } from '../../../src/hooks/useSignIn.js'
import { flush } from '../../support/fakeClock.js'
import { fakeTime } from '../../support/fakeTime.js'
import { answering, marker, protectedPart, renderGate } from '../../support/renderGate.js'
import { press, appCode } from '../../support/renderEnroll.js'
import { attempt, enrollment, scriptedAdapter, sentinels, session, verified } from '../../support/scriptedAdapter.js'

const minute = 60_000
const lost = new AuthError('network', undefined, { outcome: 'unknown' })
const raised = (more: Partial<Session> = {}) => session({ currentLevel: 'aal2', nextLevel: 'aal2', ...more }) as ActiveSession
const step = () => document.querySelector('[data-slot="card"]')?.getAttribute('data-step')
const closed = ({ renders, effects }: { renders: unknown; effects: unknown }) => {
  expect(document.documentElement.outerHTML).not.toContain(marker)
  expect(renders).not.toHaveBeenCalled()
  expect(effects).not.toHaveBeenCalled()
}

// What gates fetch on demand is at hand, so that no test waits for it.
beforeAll(async () => {
  await Promise.all([
    import('../../../src/components/SignInStep.js'),
    import('../../../src/components/LaterSteps.js'),
    import('../../../src/components/EnrollInGate.js'),
  ])
})

it('MG-01 makes nothing of what it guards while it does not know, nor ever when it stays closed', async () => {
  const page = renderGate()
  closed(page)
  expect(step()).toBe('loading')
  await act(async () => (await page.fake.next('session.get')).resolve(session()))
  await waitFor(() => expect(step()).toBe('step_up'))
  closed(page)
})

it('MG-01 opens, and makes its children, on an explicit yes', async () => {
  const page = renderGate()
  await act(async () => (await page.fake.next('session.get')).resolve(raised()))
  expect(await screen.findByText(marker)).toBeInTheDocument()
  expect(page.effects).toHaveBeenCalled()
  expect(page.fake.calls.every(({ fresh }) => fresh)).toBe(true)
})

it('MG-01 a function is not called before, and then gets the session', async () => {
  const children = vi.fn((given: Session) => <p>{`${marker} of ${given.user.label}`}</p>)
  const page = renderGate({ children })
  await flush()
  expect(children).not.toHaveBeenCalled()
  await act(async () => (await page.fake.next('session.get')).resolve(raised()))
  expect(await screen.findByText(`${marker} of Ada`)).toBeInTheDocument()
  expect(children.mock.calls.every(([given]) => given.currentLevel === 'aal2')).toBe(true)
})

it('MG-01 a server’s HTML holds nothing protected, whatever the adapter would say', () => {
  const { Protected, renders } = protectedPart()
  const children: MfaGateProps['children'][] = [<Protected key="1" />, () => <Protected />, marker]
  for (const child of children) {
    const { adapter, calls } = scriptedAdapter(answering(raised()))
    const html = renderToString(
      <StrictMode>
        <AuthProvider adapter={adapter}>
          <MfaGate require="aal2">{child}</MfaGate>
        </AuthProvider>
      </StrictMode>,
    )
    expect(html).toContain('Checking your session')
    expect(html).not.toContain(marker)
    expect(calls).toEqual([])
  }
  expect(renders).not.toHaveBeenCalled()
})

it('MG-01 nothing protected is shown from an earlier look: a gate that opens anew asks first', async () => {
  const page = renderGate()
  await act(async () => (await page.fake.next('session.get')).resolve(raised()))
  await screen.findByText(marker)
  page.show(0)
  await act(() => new Promise((resolve) => setTimeout(resolve, 20)))
  page.renders.mockClear()
  page.effects.mockClear()
  page.show(1)
  closed(page)
  await act(async () => (await page.fake.next('session.get')).resolve(null))
  await waitFor(() => expect(step()).toBe('start'))
  closed(page)
})

it.each<[string, unknown, string]>([
  ['nothing at all', undefined, 'error'],
  ['an empty object', {}, 'error'],
  ['a text', 'aal2', 'error'],
  ['true', true, 'error'],
  ['a session without a user', { ...raised(), user: undefined }, 'error'],
  ['a level that it does not know', { ...raised(), currentLevel: 'aal4' }, 'error'],
  ['a level in other letters', { ...raised(), currentLevel: 'AAL2' }, 'error'],
  ['no current level', { ...raised(), currentLevel: undefined }, 'error'],
  ['no next level', { ...raised(), nextLevel: undefined }, 'error'],
  ['a level that is not told', { ...raised(), currentLevel: null }, 'unknown'],
  ['a reach that is not told', { ...session(), nextLevel: null }, 'unknown'],
  ['a session that is over', raised({ expiresInMs: 0 }), 'start'],
  ['a pending session', raised({ pending: 'second_factor' }), 'start'],
  ['a pending session of a kind not heard of', { ...raised(), pending: null }, 'start'],
])('MG-03 stays closed on %s', async (_what, answer, expected) => {
  const page = renderGate({ script: answering(answer) })
  await waitFor(() => expect(step()).toBe(expected), { timeout: 5000 })
  closed(page)
  if (expected === 'error' || expected === 'unknown')
    expect(screen.getByRole('button', { name: 'Try again' })).toBeInTheDocument()
})

it.each([
  ['rejects', () => Promise.reject(lost)],
  ['rejects with something else', () => Promise.reject(new TypeError('Failed to fetch'))],
  ['refuses', () => Promise.reject(new AuthError('rate_limited'))],
  [
    'throws',
    () => {
      throw new Error('sync')
    },
  ],
])('MG-03 stays closed when the adapter %s, says so, and opens when asked again with a good answer', async (_how, answer) => {
  const page = renderGate({ script: { answers: { 'session.get': answer } } })
  await waitFor(() => expect(step()).toBe('error'), { timeout: 5000 })
  closed(page)
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('Check your connection'))
  page.fake.answer('session.get', () => raised())
  await press(page, 'Try again')
  expect(await screen.findByText(marker)).toBeInTheDocument()
})

it('MG-03 stays closed while an answer never comes, and says so in the end', async () => {
  const time = fakeTime()
  const page = renderGate({ timeoutMs: 1000 })
  await time.pass(900)
  expect(step()).toBe('loading')
  await time.pass(10_000)
  expect(step()).toBe('error')
  closed(page)
})

it('MG-03 closes when a later look fails: what was true before is not taken for true now', async () => {
  const page = renderGate({ script: answering(raised()) })
  await screen.findByText(marker)
  page.fake.answer('session.get', () => Promise.reject(lost))
  await act(() => page.fake.sessionChanged())
  await waitFor(() => expect(step()).toBe('error'), { timeout: 5000 })
  expect(document.body).not.toHaveTextContent(marker)
})

it('MG-03 closes when the session or the second factor’s age runs out, before anyone has answered', async () => {
  for (const [facts, maxAgeMs] of [
    [{ expiresInMs: minute }, undefined],
    [{ secondFactorAgeMs: 0 }, minute],
  ] as const) {
    const time = fakeTime()
    const page = renderGate({ script: answering(raised(facts)), ...(maxAgeMs && { maxAgeMs }) })
    await time.pass(100)
    expect(screen.getByText(marker)).toBeInTheDocument()
    page.fake.answer('session.get', null)
    await time.pass(minute)
    expect(document.body).not.toHaveTextContent(marker)
    expect(page.fake.count('session.get')).toBeGreaterThan(1)
    vi.useRealTimers()
    page.unmount()
  }
})

it('MG-03 asks again before the session runs out, so that one that was prolonged stays open', async () => {
  const time = fakeTime()
  const page = renderGate({ script: answering(raised({ expiresInMs: minute })) })
  await time.pass(100)
  page.renders.mockClear()
  page.effects.mockClear()
  for (let n = 0; n < 5; n++) await time.pass(minute)
  expect(screen.getByText(marker)).toBeInTheDocument()
  expect(page.effects).not.toHaveBeenCalled()
  // The first look, and at most two for each of the five minutes: one before the end, one at it.
  expect(page.fake.count('session.get')).toBeLessThanOrEqual(11)
})

it('MG-09 a session of 30 days does not run out at once, for all that setTimeout counts in 31 bits', async () => {
  const time = fakeTime()
  const page = renderGate({ script: answering(raised({ expiresInMs: 30 * 24 * 60 * minute })) })
  await time.pass(100)
  await time.pass(minute)
  expect(screen.getByText(marker)).toBeInTheDocument()
  expect(page.fake.count('session.get')).toBe(1)
})

it('MG-07 another person finds nothing of the one before: the children begin anew', async () => {
  const page = renderGate({ children: <input aria-label="Note" />, script: answering(raised()) })
  await page.user.type(await screen.findByLabelText('Note'), 'a secret')
  page.fake.answer('session.get', () => raised({ user: { id: 'grace', label: 'Grace' } }))
  await act(() => page.fake.sessionChanged())
  await waitFor(() => expect(screen.getByLabelText('Note')).toHaveValue(''))
})

it.each([
  ['a sign-out', null],
  ['a lower level', session()],
])('MG-07 %s unmounts the children, in every gate', async (_what, answer) => {
  const page = renderGate({ script: answering(raised()) })
  page.show(3)
  expect(await screen.findAllByText(marker)).toHaveLength(3)
  page.fake.answer('session.get', () => answer)
  await act(() => page.fake.sessionChanged())
  await waitFor(() => expect(document.body).not.toHaveTextContent(marker))
})

const transition = (type: string, persisted: boolean) =>
  act(async () => void window.dispatchEvent(new PageTransitionEvent(type, { persisted })))

it('MG-08 a page that the browser keeps is kept closed, and asks when it is given back, once for all gates', async () => {
  const page = renderGate({ script: answering(raised()) })
  page.show(3)
  await screen.findAllByText(marker)
  page.fake.answer('session.get', null)
  await act(() => page.fake.sessionChanged())
  const before = await page.fake.next('session.get')
  await transition('pagehide', true)
  expect(document.body).not.toHaveTextContent(marker)
  // What was asked before it was put away does not speak for the time after.
  await act(() => before.resolve(raised()))
  expect(document.body).not.toHaveTextContent(marker)
  await transition('pageshow', true)
  const after = await page.fake.next('session.get')
  expect(page.fake.count('session.get')).toBe(3)
  await act(() => after.resolve(null))
  await waitFor(() => expect(step()).toBe('start'))
})

it('MG-08 a page that is shown for the first time does not ask twice', async () => {
  const page = renderGate({ script: answering(raised()) })
  await screen.findByText(marker)
  await transition('pageshow', false)
  expect(page.fake.count('session.get')).toBe(1)
})

it('MG-13 a look that changes nothing leaves the children, the focus and what was typed where they were', async () => {
  const effects = vi.fn()
  function Note() {
    useEffect(() => void effects(), [])
    return <input aria-label="Note" />
  }
  const page = renderGate({
    children: <Note />,
    script: { answers: { 'session.get': () => raised({ expiresInMs: 60 * minute }) } },
  })
  const note = await screen.findByLabelText('Note')
  await page.user.type(note, 'half a sente')
  effects.mockClear()
  for (let n = 0; n < 3; n++) {
    await act(() => page.fake.sessionChanged())
    await waitFor(() => expect(page.fake.count('session.get')).toBe(n + 2))
    await flush()
  }
  expect(screen.getByLabelText('Note')).toBe(note)
  expect(note).toHaveFocus()
  expect(note).toHaveValue('half a sente')
  expect(effects).not.toHaveBeenCalled()
})

it('MG-13 nor is an open challenge begun anew, and its half a code stays', async () => {
  const page = renderGate({ script: answering(session()) })
  const { field } = await challenged(page)
  await page.user.type(field, sentinels.code.slice(0, 3))
  await act(() => page.fake.sessionChanged())
  await waitFor(() => expect(page.fake.count('session.get')).toBeGreaterThan(1))
  await flush()
  expect(field).toBeInTheDocument()
  expect(field).toHaveValue(sentinels.code.slice(0, 3))
  expect(field).toHaveFocus()
  expect(page.fake.count('stepUp.create')).toBe(1)
})

it('MG-14 an older look that is answered later overrides no newer one', async () => {
  const page = renderGate()
  const older = await page.fake.next('session.get')
  await act(() => page.fake.sessionChanged())
  const newer = await page.fake.next('session.get')
  await act(() => newer.resolve(null))
  await waitFor(() => expect(step()).toBe('start'))
  await act(() => older.resolve(raised()))
  await flush()
  expect(step()).toBe('start')
  closed(page)
})

it.each<[Level, Level, Level, string]>([
  ['aal1', 'aal1', 'aal1', 'open'],
  ['aal1', 'aal2', 'aal2', 'open'],
  ['aal2', 'aal2', 'aal2', 'open'],
  ['aal2', 'aal3', 'aal3', 'open'],
  ['aal2', 'aal1', 'aal1', 'intro'],
  ['aal2', 'aal1', 'aal2', 'step_up'],
  ['aal2', 'aal1', 'aal3', 'step_up'],
  ['aal3', 'aal2', 'aal2', 'intro'],
  ['aal3', 'aal2', 'aal3', 'step_up'],
])('MG-04 requires %s: at %s, who could reach %s: %s', async (require, currentLevel, nextLevel, expected) => {
  renderGate({ require, script: answering(session({ currentLevel, nextLevel })) })
  await waitFor(() => expect(document.body.textContent?.includes(marker) ? 'open' : step()).toBe(expected))
})

it('MG-04 requires aal2 where nothing else is said, and opens for nobody where what is said is no level', async () => {
  const page = renderGate({ script: answering(session()) })
  await waitFor(() => expect(step()).toBe('step_up'))
  page.unmount()
  const odd = renderGate({ require: 'aal9' as Level, script: answering(raised()) })
  await waitFor(() => expect(step()).toBe('unknown'))
  closed(odd)
})

it('MG-05 four outcomes look like four: sign in, confirm, set up, and the page itself', async () => {
  const titles: (string | null | undefined)[] = []
  for (const given of [null, session(), session({ nextLevel: 'aal1' }), raised()]) {
    const page = renderGate({ script: answering(given) })
    await waitFor(() => expect(step()).not.toBe('loading'))
    titles.push(document.querySelector('h2')?.textContent ?? document.body.textContent)
    page.unmount()
  }
  expect(titles).toEqual(['Sign in', 'Confirm it is you', 'Set up an authenticator app', marker])
})

it('MG-05 takes what a page gives instead', async () => {
  const own = { signedOut: <p>mine: out</p>, enroll: <p>mine: enrol</p>, loading: <p>mine: wait</p> }
  for (const [given, text] of [
    [null, 'mine: out'],
    [session({ nextLevel: 'aal1' }), 'mine: enrol'],
  ] as const) {
    const page = renderGate({ ...own, script: answering(given) })
    expect(screen.getByText('mine: wait')).toBeInTheDocument()
    expect(await screen.findByText(text)).toBeInTheDocument()
    page.unmount()
  }
})

/** At the step-up's code field. */
async function challenged(page: ReturnType<typeof renderGate>) {
  await waitFor(() => expect(step()).toBe('step_up'))
  await press(page, 'Confirm')
  const create = await page.fake.next('stepUp.create')
  await act(() => create.resolve(attempt({ status: 'needs_second_factor', purpose: 'step_up' })))
  return { create, field: await screen.findByRole('textbox', { name: 'Code' }) }
}

it('MG-05 a step-up keeps the session: it is an attempt of its own, and giving it up signs nobody out', async () => {
  const page = renderGate({ script: answering(session()) })
  const { create } = await challenged(page)
  expect(create.params).toEqual({ level: 'second_factor' })
  await press(page, 'Cancel')
  await act(async () => (await page.fake.next('signIn.cancel')).resolve())
  await waitFor(() => expect(step()).toBe('step_up'))
  expect(page.fake.count('session.signOut')).toBe(0)
  expect(page.fake.count('signIn.create')).toBe(0)
  closed(page)
})

it('MG-05 a step-up that a backend does not offer is said, and keeps the gate closed', async () => {
  const page = renderGate({ script: { ...answering(session()), absent: ['stepUp'] } })
  await waitFor(() => expect(step()).toBe('step_up'))
  await press(page, 'Confirm')
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('This is not possible here'))
  closed(page)
})

it('MG-18 a step-up that was passed opens nothing: the session is read anew, and opens when it shows it', async () => {
  const page = renderGate({ script: answering(session()) })
  const { field } = await challenged(page)
  page.fake.answer('session.get', null)
  await page.user.type(field, sentinels.code)
  await act(async () =>
    (await page.fake.next('signIn.attemptSecondFactor')).resolve(attempt({ status: 'complete', purpose: 'step_up' })),
  )
  // `finish` says aal2; it is the session that counts.
  await act(async () => (await page.fake.next('signIn.finish')).resolve(raised()))
  const read = await page.fake.next('session.get')
  expect(read.fresh).toBe(true)
  closed(page)
  expect(step()).toBe('loading')
  await act(() => read.resolve(raised()))
  expect(await screen.findByText(marker)).toBeInTheDocument()
})

it('MG-18 an `ok` whose session still is aal1 keeps the gate closed, and says so', async () => {
  const page = renderGate({ script: answering(session()) })
  const { field } = await challenged(page)
  await page.user.type(field, sentinels.code)
  await act(async () =>
    (await page.fake.next('signIn.attemptSecondFactor')).resolve(attempt({ status: 'complete', purpose: 'step_up' })),
  )
  await act(async () => (await page.fake.next('signIn.finish')).resolve(raised()))
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent(/server still does not count it/))
  expect(step()).toBe('step_up')
  closed(page)
})

it('MG-18 a read that began before the step-up was over does not speak for it', async () => {
  const page = renderGate({ script: answering(session()) })
  const { field } = await challenged(page)
  page.fake.answer('session.get', null)
  await act(() => page.fake.sessionChanged())
  const before = await page.fake.next('session.get')
  await page.user.type(field, sentinels.code)
  await act(async () =>
    (await page.fake.next('signIn.attemptSecondFactor')).resolve(attempt({ status: 'complete', purpose: 'step_up' })),
  )
  await act(async () => (await page.fake.next('signIn.finish')).resolve(raised()))
  const after = await page.fake.next('session.get')
  await act(() => before.resolve(session()))
  closed(page)
  await act(() => after.resolve(raised()))
  expect(await screen.findByText(marker)).toBeInTheDocument()
})

it('a sign-in in the gate opens it, and one that ends elsewhere closes it again and starts anew', async () => {
  const page = renderGate({ script: { answers: { 'session.get': () => null, 'signIn.resume': () => ({ attempt: null }) } } })
  await waitFor(() => expect(step()).toBe('start'))
  await page.user.type(screen.getByRole('textbox', { name: 'Email address' }), 'ada@example.com')
  await page.user.type(screen.getByLabelText('Password'), 'x{Enter}')
  await act(async () => (await page.fake.next('signIn.create')).resolve(attempt({ status: 'complete' })))
  page.fake.answer('session.get', () => raised())
  await act(async () => (await page.fake.next('signIn.finish')).resolve(raised()))
  expect(await screen.findByText(marker)).toBeInTheDocument()
  page.fake.answer('session.get', () => null)
  await act(() => page.fake.sessionChanged())
  // Not "You are signed in", which the server denies.
  await waitFor(() => expect(step()).toBe('start'))
  expect(document.body).not.toHaveTextContent(marker)
  expect(page.fake.count('signIn.cancel')).toBe(0)
})

it('an enrolment in the gate opens it when its backup codes are stored, and not over them', async () => {
  const page = renderGate({ script: answering(session({ nextLevel: 'aal1' })), issuer: 'Acme' })
  await waitFor(() => expect(step()).toBe('intro'))
  await press(page, 'Set up')
  const enroll = await page.fake.next('mfa.enroll')
  expect(enroll.params).toMatchObject({ issuer: 'Acme' })
  await act(() => enroll.resolve(enrollment()))
  await page.user.type(appCode(), '123456')
  page.fake.answer('session.get', () => raised())
  await act(async () => (await page.fake.next('mfa.verify')).resolve(verified()))
  await act(() => page.fake.sessionChanged())
  act(() => void window.dispatchEvent(new Event('visibilitychange')))
  await flush()
  expect(step()).toBe('backup-codes')
  closed(page)
  await page.user.click(screen.getByRole('checkbox'))
  await press(page, 'Done')
  expect(await screen.findByText(marker)).toBeInTheDocument()
})

it('HA-02 many gates, mounted twice by StrictMode, ask once and listen once; gone, they listen no more', async () => {
  const page = renderGate()
  page.show(5)
  await act(async () => (await page.fake.next('session.get')).resolve(raised()))
  expect(await screen.findAllByText(marker)).toHaveLength(5)
  expect(page.fake.count('session.get')).toBe(1)
  expect(page.fake.listeners).toBe(1)
  page.fake.answer('session.get', () => session())
  await act(() => page.fake.sessionChanged())
  await waitFor(() => expect(document.body).not.toHaveTextContent(marker))
  expect(page.fake.count('session.get')).toBe(2)
  page.unmount()
  expect(page.fake.listeners).toBe(0)
})

it.each(['visibilitychange', 'online', 'focus'])(
  'HA-15 asks again, once for all gates, on %s, and closes on what it hears',
  async (event) => {
    const page = renderGate()
    page.show(3)
    await act(async () => (await page.fake.next('session.get')).resolve(raised()))
    expect(await screen.findAllByText(marker)).toHaveLength(3)
    page.fake.answer('session.get', () => session())
    if (event === 'online') act(() => void window.dispatchEvent(new Event('offline')))
    act(() => void window.dispatchEvent(new Event(event)))
    await waitFor(() => expect(document.body).not.toHaveTextContent(marker))
    expect(page.fake.count('session.get')).toBe(2)
  },
)

it('HA-15 a frame in the page that passes the focus to and fro asks once, and closes nothing', async () => {
  const page = renderGate()
  await act(async () => (await page.fake.next('session.get')).resolve(raised()))
  expect(await screen.findByText(marker)).toBeInTheDocument()
  page.fake.answer('session.get', () => raised())
  for (let times = 0; times < 25; times++) {
    act(() => void window.dispatchEvent(new Event('focus')))
    await flush()
  }
  expect(screen.getByText(marker)).toBeInTheDocument()
  expect(page.fake.count('session.get')).toBe(2)
})

it('HA-03 a gate that has gone is not drawn, warned of or told by a late answer', async () => {
  const error = vi.spyOn(console, 'error')
  const page = renderGate()
  const get = await page.fake.next('session.get')
  page.unmount()
  await act(() => get.resolve(raised()))
  expect(error).not.toHaveBeenCalled()
  expect(document.body).not.toHaveTextContent(marker)
  error.mockRestore()
})

it('HA-24 a sign-in elsewhere on the page is not told of a step-up at a gate', async () => {
  const onComplete = vi.fn()
  const fake = scriptedAdapter(answering(session()))
  const page = (at: 'login' | 'vault') => (
    <AuthProvider adapter={fake.adapter}>
      {at === 'login' ? <SignIn onComplete={onComplete} /> : <MfaGate>{marker}</MfaGate>}
    </AuthProvider>
  )
  const view = render(page('login'))
  await screen.findByText('You are signed in')
  view.rerender(page('vault'))
  await waitFor(() => expect(step()).toBe('step_up'))
  act(() => screen.getByRole('button', { name: 'Confirm' }).click())
  await act(async () => (await fake.next('stepUp.create')).resolve(attempt({ status: 'complete', purpose: 'step_up' })))
  fake.answer('session.get', () => raised())
  await act(async () => (await fake.next('signIn.finish')).resolve(raised()))
  expect(await screen.findByText(marker)).toBeInTheDocument()
  expect(onComplete).not.toHaveBeenCalled()
})

it('HA-17 props and verbs of a page open nothing', async () => {
  const fake = scriptedAdapter({ answers: { 'session.get': () => session() } })
  function Meddler() {
    const signIn = useSignIn()
    return (
      <button
        onClick={() => {
          signIn.proceed()
          void signIn.enrolled(attempt({ status: 'complete' }))
        }}
      >
        meddle
      </button>
    )
  }
  render(
    <AuthProvider adapter={fake.adapter}>
      <Meddler />
      <MfaGate {...({ outcome: 'allowed', session: raised(), step: 'complete' } as object)}>{marker}</MfaGate>
    </AuthProvider>,
  )
  await waitFor(() => expect(step()).toBe('step_up'))
  act(() => screen.getByRole('button', { name: 'meddle' }).click())
  await act(async () => (await fake.next('signIn.finish')).reject(new AuthError('attempt_lost')))
  await act(() => flush())
  expect(document.body).not.toHaveTextContent(marker)
})

it('MG-05 on a whole backend: enrolment where there is no second factor, and the sign-in after a sign-out', async () => {
  const { adapter } = createMemoryBackend({ users: [{ id: 'bob', email: 'bob@example.com', password: 'pw' }] })
  await adapter.signIn.finish(await adapter.signIn.create({ identifier: 'bob@example.com', password: 'pw' }))
  const view = render(
    <AuthProvider adapter={adapter}>
      <MfaGate>{marker}</MfaGate>
    </AuthProvider>,
  )
  await waitFor(() => expect(step()).toBe('intro'))
  await act(() => adapter.session.signOut())
  await waitFor(() => expect(step()).toBe('start'))
  view.unmount()
})
