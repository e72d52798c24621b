import { act, render, screen } from '@testing-library/react'
import { useEffect, useState } from 'react'
import { beforeAll, expect, it, vi } from 'vitest'
import { createMemoryBackend } from '../../../src/adapters/memory/index.js'
import { MfaGate } from '../../../src/components/MfaGate.js'
import type { ActiveSession, Session } from '../../../src/core/session.js'
import { AuthProvider } from '../../../src/hooks/context.js'
import { fakeTime } from '../../support/fakeTime.js'
import { answering, marker, renderGate } from '../../support/renderGate.js'
import { attempt, scriptedAdapter, sentinels, session } from '../../support/scriptedAdapter.js'

const second = 1000
const minute = 60 * second
const day = 24 * 60 * minute
const raised = (more: Partial<Session> = {}) =>
  session({ currentLevel: 'aal2', nextLevel: 'aal2', secondFactorAgeMs: 0, ...more }) as ActiveSession
const step = () => document.querySelector('[data-slot="card"]')?.getAttribute('data-step')
const isOpen = () => document.body.textContent.includes(marker)
const warning = () => document.querySelector('[data-step="closing"]')
const sentence = () => warning()?.querySelector('[data-slot="hint"] [role="status"]')
const click = (name: string) => act(async () => screen.getByRole('button', { name }).click())

beforeAll(async () => {
  // jsdom has no modal dialogs; that they are modal is seen in a browser.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
  HTMLDialogElement.prototype.close = function () {
    this.open = false
  }
  await Promise.all([
    import('../../../src/components/SignInStep.js'),
    import('../../../src/components/LaterSteps.js'),
    import('../../../src/components/OverGate.js'),
  ])
})

it('MG-06 a session that says that it has changed whenever it is read ends in an error, not in a loop', async () => {
  const time = fakeTime()
  const page = renderGate({ script: answering(raised()) })
  page.fake.answer('session.get', () => {
    void page.fake.sessionChanged()
    return raised()
  })
  await act(() => page.fake.sessionChanged())
  await time.pass(5 * second)
  const reads = page.fake.count('session.get')
  expect(reads).toBeLessThan(30)
  expect(step()).toBe('error')
  await time.pass(5 * minute)
  expect(page.fake.count('session.get')).toBe(reads)
  // It is not for ever: a person may try again.
  page.fake.answer('session.get', () => raised())
  await click('Try again')
  await time.settle()
  expect(isOpen()).toBe(true)
})

it('MG-06 two pages that lead to each other, one of them behind a gate, come to rest at an error', async () => {
  const time = fakeTime()
  const fake = scriptedAdapter(answering(null))
  const visits: string[] = []
  function Away({ to, go }: { to: string; go: (to: string) => void }) {
    useEffect(() => {
      const timer = setTimeout(() => go(to), 5)
      return () => clearTimeout(timer)
    }, [to, go])
    return null
  }
  function Pages() {
    const [at, setAt] = useState('vault')
    const [go] = useState(() => (to: string) => {
      visits.push(to)
      setAt(to)
    })
    return at === 'vault' ? <MfaGate signedOut={<Away to="login" go={go} />}>{marker}</MfaGate> : <Away to="vault" go={go} />
  }
  render(
    <AuthProvider adapter={fake.adapter}>
      <Pages />
    </AuthProvider>,
  )
  for (let n = 0; n < 60; n++) await time.pass(50)
  const before = visits.length
  expect(before).toBeLessThan(50)
  await time.pass(minute)
  expect(visits.length).toBe(before)
  expect(step()).toBe('error')
  expect(isOpen()).toBe(false)
})

const ada = { id: 'ada', email: 'ada@example.com', password: 'pw', emailSecondFactor: true }

/** Somebody who has just shown their second factor, on a backend whose clock moves by hand. */
async function proved() {
  const backend = createMemoryBackend({ users: [ada], manualTime: Date.UTC(2026, 4, 11, 9) })
  const { signIn, session: api } = backend.adapter
  const begun = await signIn.create({ identifier: ada.email, password: 'pw' })
  const factorId = begun.supportedSecondFactors?.[0]?.id ?? ''
  await signIn.prepareSecondFactor(begun, { factorId })
  await signIn.attemptSecondFactor(begun, { factorId, code: backend.outbox.latest(ada.email)?.code ?? '' })
  await signIn.finish(begun)
  const get = vi.spyOn(api, 'get')
  return { backend, get }
}

it.each([
  ['ahead', day],
  ['behind', -day],
])(
  'MG-10 a device’s clock that is a day %s neither opens the gate, nor closes it, nor asks again and again',
  async (_how, ms) => {
    const time = fakeTime()
    for (const when of ['before', 'while'] as const) {
      const { backend, get } = await proved()
      if (when === 'before') time.setWallClock(ms)
      const view = render(
        <AuthProvider adapter={backend.adapter}>
          <MfaGate maxAgeMs={10 * minute}>{marker}</MfaGate>
        </AuthProvider>,
      )
      await time.settle()
      expect(isOpen()).toBe(true)
      if (when === 'while') time.setWallClock(ms)
      await time.pass(minute)
      backend.clock.advance(minute)
      act(() => void window.dispatchEvent(new Event('visibilitychange')))
      await time.settle()
      expect(isOpen()).toBe(true)
      expect(warning()).toBeNull()
      expect(get).toHaveBeenCalledTimes(2)

      // Its own time is over, and no clock brings it back.
      backend.clock.advance(10 * minute)
      await time.pass(10 * minute)
      expect(step()).toBe('step_up')
      get.mockClear()
      time.setWallClock(-ms)
      await time.pass(10 * minute)
      expect(step()).toBe('step_up')
      expect(get).not.toHaveBeenCalled()
      view.unmount()
    }
  },
)

it.each<[string, Partial<Session>, string]>([
  ['passed four minutes ago', { secondFactorAgeMs: 4 * minute }, 'open for one more minute'],
  ['passed six minutes ago', { secondFactorAgeMs: 6 * minute }, 'closed'],
  ['passed at a time that it does not tell', { secondFactorAgeMs: undefined }, 'closed'],
])('MG-11 a second factor that the server says was %s is good for five minutes: %s', async (_when, facts, expected) => {
  const time = fakeTime()
  const page = renderGate({ maxAgeMs: 5 * minute, warn: false, script: answering(raised(facts)) })
  await time.settle()
  expect(isOpen()).toBe(expected !== 'closed')
  page.fake.answer('session.get', () => raised({ ...facts, secondFactorAgeMs: 5 * minute + 1 }))
  await time.pass(minute + second)
  expect(isOpen()).toBe(false)
  expect(step()).toBe('step_up')
})

it('MG-11 where aal1 is required, the first factor’s age counts, and it is asked for again', async () => {
  const time = fakeTime()
  const page = renderGate({ require: 'aal1', maxAgeMs: 5 * minute, script: answering(session({ firstFactorAgeMs: 6 * minute })) })
  await time.settle()
  expect(step()).toBe('step_up')
  await click('Confirm')
  expect((await page.fake.next('stepUp.create')).params).toEqual({ level: 'first_factor' })
})

function Note({ ran }: { ran: () => void }) {
  useEffect(ran, [ran])
  return <input aria-label="Note" defaultValue="" />
}

/** An open gate whose time runs out by `maxAgeMs`, with a half-written note in it. */
async function opened(props: Parameters<typeof renderGate>[0] = {}) {
  const time = fakeTime()
  const ran = vi.fn()
  const page = renderGate({ maxAgeMs: 15 * minute, children: <Note ran={ran} />, script: answering(raised()), ...props })
  await time.settle()
  const note = screen.getByLabelText<HTMLInputElement>('Note')
  note.focus()
  note.value = 'half a sente'
  ran.mockClear()
  const began = performance.now()
  // As the server counts.
  page.fake.answer('session.get', () => raised({ secondFactorAgeMs: performance.now() - began }))
  const kept = () => {
    expect(screen.getByLabelText('Note')).toBe(note)
    expect(note).toHaveValue('half a sente')
    expect(ran).not.toHaveBeenCalled()
  }
  return { ...page, time, note, kept, ran }
}

it('MG-12 two minutes before its time is over the gate says so, politely, and takes no focus', async () => {
  const { time, note, kept } = await opened()
  await time.pass(13 * minute - second)
  expect(warning()).toBeNull()
  await time.pass(second)
  await time.pass(second)
  expect(warning()).toHaveTextContent('Still there?')
  expect(sentence()).toHaveTextContent('This part closes in 2 minutes, and what you have not saved is lost.')
  expect(note).toHaveFocus()
  kept()
  // A line that is read out does not count.
  await time.pass(minute)
  expect(sentence()).toHaveTextContent('2 minutes')
  await time.pass(minute)
  expect(screen.queryByLabelText('Note')).toBeNull()
  expect(warning()).toBeNull()
  expect(step()).toBe('step_up')
})

it.each([
  [minute, 30 * second],
  [30 * second, 20 * second],
])('MG-12 of %i ms the last %i are told, never less than twenty seconds', async (maxAgeMs, lead) => {
  const { time } = await opened({ maxAgeMs })
  await time.pass(maxAgeMs - lead - second)
  expect(warning()).toBeNull()
  await time.pass(second)
  expect(warning()).not.toBeNull()
})

it('MG-12 one press and a code keep it open; what was typed stands, and the person goes on where they were', async () => {
  const { time, fake, note, kept } = await opened()
  await time.pass(14 * minute)
  await click('Confirm and stay')
  screen.getByRole('button', { name: 'Confirm and stay' }).focus()
  const create = await fake.next('stepUp.create')
  await act(() => create.resolve(attempt({ status: 'needs_second_factor', purpose: 'step_up' })))
  await time.settle()
  expect(screen.getByRole('dialog')).toHaveAccessibleName('Confirm it is you')
  kept()
  const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Code' })
  await type(field, sentinels.code)
  await act(async () =>
    (await fake.next('signIn.attemptSecondFactor')).resolve(attempt({ status: 'complete', purpose: 'step_up' })),
  )
  fake.answer('session.get', () => raised())
  await act(async () => (await fake.next('signIn.finish')).resolve(raised()))
  await time.settle()
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(warning()).toBeNull()
  kept()
  await time.pass(12 * minute)
  kept()
  expect(warning()).toBeNull()
  expect(note).toBeInTheDocument()
})

it('MG-12 when the time is over meanwhile, the content goes and the challenge stays, half a code and all', async () => {
  const { time, fake } = await opened()
  await time.pass(14 * minute)
  await click('Confirm and stay')
  const create = await fake.next('stepUp.create')
  await act(() => create.resolve(attempt({ status: 'needs_second_factor', purpose: 'step_up' })))
  await time.settle()
  const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Code' })
  await type(field, sentinels.code.slice(0, 3))
  await time.pass(2 * minute)
  expect(screen.queryByLabelText('Note')).toBeNull()
  expect(screen.getByRole('textbox', { name: 'Code' })).toBe(field)
  expect(field).toHaveValue(sentinels.code.slice(0, 3))
  expect(screen.getAllByRole('textbox')).toHaveLength(1)
  // Given up, the gate itself asks.
  await click('Cancel')
  await act(async () => (await fake.next('signIn.cancel')).resolve())
  await time.settle()
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(step()).toBe('step_up')
})

it('MG-12 a step-up that cannot begin is said in the warning, and the content stays', async () => {
  const { time, fake, kept } = await opened()
  await time.pass(14 * minute)
  await click('Confirm and stay')
  await act(async () => (await fake.next('stepUp.create')).reject(new TypeError('Failed to fetch')))
  await time.pass(second)
  expect(screen.getByRole('alert')).not.toBeEmptyDOMElement()
  kept()
})

it('MG-12 is not said where it is turned off', async () => {
  const { time } = await opened({ warn: false })
  await time.pass(14 * minute)
  expect(warning()).toBeNull()
})

it('MG-12 is said by one gate of many, and without a button where a step-up is not to be had', async () => {
  const { time, show } = await opened({ script: { ...answering(raised()), absent: ['stepUp'] } })
  show(3)
  await time.pass(14 * minute)
  expect(document.querySelectorAll('[data-step="closing"]')).toHaveLength(1)
  expect(screen.queryByRole('button')).toBeNull()
})

/** Keys of a person, with the clocks standing still. */
async function type(field: HTMLInputElement, text: string) {
  await act(async () => {
    field.focus()
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set
    set?.call(field, text)
    field.dispatchEvent(new InputEvent('input', { bubbles: true, data: text }))
  })
}
