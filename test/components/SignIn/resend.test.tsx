import { act, cleanup, fireEvent, screen } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { createMemoryBackend } from '../../../src/adapters/memory/createMemoryBackend.js'
import { AuthError } from '../../../src/core/AuthError.js'
import { fakeTime } from '../../support/fakeTime.js'
import { alertText, button, identifierField, renderSignIn } from '../../support/renderSignIn.js'
import { asked, field, resend, sent, timer } from '../../support/sentCode.js'

const day = 86_400_000
it('OT-18 the wait begins with the first send and takes what the backend says', async () => {
  const { time } = await sent({ resendInMs: 45_000 })
  expect(timer()).toBe('New code in 45 seconds')
  expect(resend()).toBeNull()
  await time.pass(44_000)
  expect(resend()).toBeNull()
  await time.pass(1_000)
  expect(timer()).toBeNull()
  expect(resend()).toBeVisible()
})

it.each([
  [10 * day, 'New code in 60 minutes'],
  [Number.NaN, null],
  [-5_000, null],
])('OT-18 an absurd wait of %d ms is cut', async (resendInMs, shown) => {
  await sent({ resendInMs })
  expect(timer()).toBe(shown)
  if (!shown) expect(resend()).toBeVisible()
})

it('OT-18 a send that failed starts no wait and is told; the next press sends', async () => {
  const { fake, time, prepare } = await asked()
  await act(() => prepare.reject(new AuthError('send_failed')))
  await time.pass(1)
  expect(alertText()).toBe('The code could not be sent. Try again, or use another way.')
  expect(timer()).toBeNull()
  fireEvent.click(button('Send code'))
  await time.settle()
  expect(fake.count('signIn.prepareFirstFactor')).toBe(2)
})

it('OT-18 a send that was throttled waits as long as the backend says', async () => {
  const { fake, time, prepare } = await asked()
  await act(() => prepare.reject(new AuthError('rate_limited', 'x', { retryInMs: 20_000 })))
  await time.pass(0)
  expect(alertText()).toMatch(/Try again in 20 seconds\./)
  expect(timer()).toBe('New code in 20 seconds')
  expect(screen.queryByRole('button', { name: /Send/ })).toBeNull()
  await time.pass(20_000)
  fireEvent.click(button('Send code'))
  await time.settle()
  expect(fake.count('signIn.prepareFirstFactor')).toBe(2)
})

it('OT-18 the wait survives a reload: the code that is out can be entered, no other is sent', async () => {
  const time = fakeTime()
  const { adapter, calls } = createMemoryBackend({
    users: [{ id: 'u1', email: 'ada@example.com', password: 'correct horse battery' }],
  })
  const sends = () => calls.filter(({ verb }) => verb === 'signIn.prepareFirstFactor').length
  renderSignIn({ adapter })
  await time.settle()
  fireEvent.change(identifierField(), { target: { value: 'ada@example.com' } })
  fireEvent.click(button('Email me a code instead'))
  await time.pass(1)
  await time.pass(5_000)
  expect(timer()).toBe('New code in 25 seconds')
  cleanup()

  renderSignIn({ adapter })
  // What was begun before is looked for after the first frame.
  await time.pass(20)
  await time.pass(1)
  expect(field()).toBeVisible()
  expect(timer()).toBe('New code in 25 seconds')
  expect(sends()).toBe(1)
  await time.pass(25_000)
  fireEvent.click(button('Send a new code'))
  await time.pass(1)
  expect(sends()).toBe(2)
})

it('OT-18 the wait holds in another tab that could send just now', async () => {
  const { fake, time } = await sent({ resendInMs: 10_000 })
  await time.pass(10_000)
  expect(resend()).toBeVisible()
  const key = Object.keys(localStorage)[0] as string
  expect(localStorage.getItem(key)).toMatch(/^\d+\+10000$/)
  localStorage.setItem(key, `${Date.now()}+10000`)
  fireEvent.click(button('Send a new code'))
  await time.settle()
  expect(fake.count('signIn.prepareFirstFactor')).toBe(1)
  expect(timer()).toBe('New code in 10 seconds')
})

it('OT-18 nothing but times is stored', async () => {
  await sent({ resendInMs: 45_000 })
  expect(Object.entries({ ...localStorage })).toEqual([
    ['latchkey:resend:scripted:email_code:1', expect.stringMatching(/^\d+\+45000$/)],
  ])
  expect(sessionStorage).toHaveLength(0)
})

describe.each([day, -day, -3_000])('OT-17 when the device clock moves by %d ms', (jump) => {
  it('OT-17 the wait stays as it was', async () => {
    const { time } = await sent({ resendInMs: 45_000 })
    time.setWallClock(jump)
    await time.pass(5_000)
    expect(timer()).toBe('New code in 40 seconds')
    await time.pass(40_000)
    expect(resend()).toBeVisible()
  })

  it('OT-17 a code expires when it did', async () => {
    const { time } = await sent({ expiresInMs: 60_000 })
    time.setWallClock(jump)
    await time.pass(59_000)
    expect(alertText()).toBe('')
    await time.pass(1_000)
    expect(alertText()).toBe('This code has expired. Send a new one.')
  })
})

it.each(['visibilitychange', 'pageshow'])('OT-17 the wait is counted anew on %s, when timers have slept', async (event) => {
  const { time } = await sent({ resendInMs: 45_000 })
  // The page sleeps: the clock goes on, its timers do not.
  time.setWallClock(20_000)
  const now = performance.now()
  vi.spyOn(performance, 'now').mockReturnValue(now + 20_000)
  act(() => void (event === 'pageshow' ? window : document).dispatchEvent(new Event(event)))
  expect(timer()).toBe('New code in 25 seconds')
  await time.settle()
})

it('OT-16 an expired code keeps what was typed and offers a new one in place', async () => {
  const { fake, time } = await sent({ expiresInMs: 60_000, resendInMs: 30_000 })
  fireEvent.change(field(), { target: { value: '123' } })
  const card = document.querySelector('[data-slot=card]')
  const calls = fake.calls.length
  await time.pass(60_000)
  expect(alertText()).toBe('This code has expired. Send a new one.')
  expect(field()).toHaveValue('123')
  expect(document.querySelector('[data-slot=card]')).toBe(card)
  expect(fake.calls).toHaveLength(calls)
  expect(resend()).toBeVisible()
})

it('OT-15 the seconds are seen and not heard; the start, the last ten and the end are', async () => {
  const { time } = await sent({ resendInMs: 30_000 })
  expect(screen.getByRole('timer')).toHaveAttribute('aria-live', 'off')
  const heard: string[] = []
  const log = () => {
    for (const region of [...screen.getAllByRole('status'), ...screen.getAllByRole('alert')]) {
      const text = region.textContent ?? ''
      if (text && heard.at(-1) !== text) heard.push(text)
    }
  }
  log()
  for (let second = 0; second < 32; second++) {
    await time.pass(1_000)
    log()
  }
  expect(heard).toEqual(['New code in 30 seconds', 'New code in 10 seconds', 'You can send a new code now.'])
}, 20_000)
