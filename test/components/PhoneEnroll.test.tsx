import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it, vi } from 'vitest'
import { PhoneEnroll, type PhoneEnrollProps } from '../../src/components/PhoneEnroll.js'
import { AuthError } from '../../src/core/AuthError.js'
import type { AuthEvent } from '../../src/core/events.js'
import { AuthProvider } from '../../src/hooks/context.js'
import { en } from '../../src/locales/en.js'
import { factor, scriptedAdapter } from '../support/scriptedAdapter.js'

const texts = en.phoneEnroll
const pending = { status: 'pending', id: 'enrollment_1', type: 'phone', sent: true, resendInMs: 30_000, codeLength: 6 } as const
const phone = factor({ id: 'enrollment_1', strategy: 'phone_code' })

beforeEach(() => localStorage.clear())

function setup(props: PhoneEnrollProps = {}, options: Parameters<typeof scriptedAdapter>[0] = {}) {
  const fake = scriptedAdapter({ ...options, answers: { 'mfa.abandon': () => undefined } })
  const user = userEvent.setup()
  const events: AuthEvent[] = []
  const view = render(
    <AuthProvider adapter={fake.adapter} onEvent={(event) => events.push(event)}>
      <PhoneEnroll {...props} />
    </AuthProvider>,
  )
  return { ...view, fake, user, events, number: screen.getByLabelText<HTMLInputElement>(texts.label) }
}

const press = ({ user }: Pick<ReturnType<typeof setup>, 'user'>, name: string) => user.click(screen.getByRole('button', { name }))

async function reachCode(
  page: ReturnType<typeof setup>,
  answer: Parameters<Awaited<ReturnType<typeof page.fake.next<'mfa.enroll'>>>['resolve']>[0] = pending,
) {
  await page.user.type(page.number, '+1 (555) 010-0100')
  await press(page, texts.submit)
  const enroll = await page.fake.next('mfa.enroll')
  await act(() => enroll.resolve(answer))
  return enroll
}

it('TE-22 the number is a telephone field that browsers fill, with the risk said, and goes to the backend as typed', async () => {
  const page = setup()
  expect(page.number).toHaveAttribute('autocomplete', 'tel')
  expect(page.number).toHaveAttribute('dir', 'ltr')
  expect(document.body).toHaveTextContent(texts.risk)
  await press(page, texts.submit)
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent(texts.missing))
  expect(page.number).toHaveFocus()
  expect(page.fake.count('mfa.enroll')).toBe(0)
  const enroll = await reachCode(page)
  expect(enroll.params).toEqual({ type: 'phone', phone: '+1 (555) 010-0100' })
  expect(document.body).toHaveTextContent('We sent a code to +1 (555) 010-0100.')
})

it('TE-22 the number can be changed while it is being enrolled: it is kept, and what was begun is abandoned', async () => {
  const page = setup()
  await reachCode(page)
  await press(page, texts.change)
  expect(screen.getByLabelText(texts.label)).toHaveValue('+1 (555) 010-0100')
  await waitFor(() => expect(page.fake.count('mfa.abandon')).toBe(1))
})

it('TE-22 a number that a browser wrote without an event is the one that is sent, without the spaces around it', async () => {
  const page = setup()
  page.number.value = '  +1 555 010 0100 '
  await press(page, texts.submit)
  const enroll = await page.fake.next('mfa.enroll')
  expect(enroll.params).toEqual({ type: 'phone', phone: '+1 555 010 0100' })
  expect(page.number).toHaveValue('+1 555 010 0100')
})

it('TE-22 the password that a backend wants is asked for beside the number, sent as typed and not kept', async () => {
  const page = setup({}, { capabilities: { managePassword: true } })
  const password = screen.getByLabelText<HTMLInputElement>(en.enroll.password)
  await page.user.type(page.number, '555')
  await press(page, texts.submit)
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent(en.enroll.passwordMissing))
  expect(password).toHaveFocus()
  expect(page.fake.count('mfa.enroll')).toBe(0)
  await page.user.type(password, ' p w ')
  // Twice in one moment, while the form library still looks.
  fireEvent.submit(password.form as HTMLFormElement)
  fireEvent.submit(password.form as HTMLFormElement)
  const enroll = await page.fake.next('mfa.enroll')
  expect(enroll.params).toEqual({ type: 'phone', phone: '555', password: ' p w ' })
  await act(() => enroll.reject(new AuthError('invalid_credentials')))
  expect(page.fake.count('mfa.enroll')).toBe(1)
  await waitFor(() => expect(password).toHaveValue(''))
  expect(password).toHaveFocus()
  expect(password).toBeInvalid()
  expect(page.number).toHaveValue('555')
})

it('a code that the backend did not send by itself is sent within the same act, over the chosen channel', async () => {
  const page = setup({ channels: ['sms', 'whatsapp'] })
  await page.user.click(screen.getByRole('radio', { name: texts.whatsapp }))
  await reachCode(page, { ...pending, sent: false })
  const challenge = await page.fake.next('mfa.challenge')
  expect(challenge.params).toEqual({ enrollmentId: 'enrollment_1', channel: 'whatsapp' })
  await act(() => challenge.resolve(pending))
  expect(screen.getByLabelText(en.code.label)).toHaveFocus()
  expect(screen.getByRole('timer')).toHaveTextContent('New code in 30 seconds')
})

it('a send whose answer was lost may have sent: the field shows, and the wait runs', async () => {
  const page = setup()
  await reachCode(page, { ...pending, sent: false })
  const challenge = await page.fake.next('mfa.challenge')
  await act(() => challenge.reject(new AuthError('network', undefined, { outcome: 'unknown' })))
  expect(document.body).toHaveTextContent(en.code.maybeSent)
  expect(screen.getByRole('timer')).toBeInTheDocument()
})

it('TE-10 it is on only when the code was taken', async () => {
  const onEnrolled = vi.fn()
  const page = setup({ onEnrolled })
  await reachCode(page)
  await page.user.type(screen.getByLabelText(en.code.label), '111111')
  await act(async () =>
    (await page.fake.next('mfa.verify')).reject(new AuthError('code_incorrect', undefined, { field: 'code' })),
  )
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent(en.errors.code_incorrect))
  expect(onEnrolled).not.toHaveBeenCalled()
  await page.user.clear(screen.getByLabelText(en.code.label))
  await page.user.type(screen.getByLabelText(en.code.label), '123456')
  const verify = await page.fake.next('mfa.verify')
  expect(verify.params).toEqual({ enrollmentId: 'enrollment_1', code: '123456' })
  await act(() => verify.resolve({ factor: phone }))
  await screen.findByRole('heading', { name: texts.doneTitle })
  await waitFor(() => expect(onEnrolled).toHaveBeenCalledWith(phone, {}))
})

it('TE-13 left while a code is being checked: the factors are listed first, and one that is on stays', async () => {
  const page = setup()
  page.fake.answer('mfa.listFactors', () => [phone])
  await reachCode(page)
  await page.user.type(screen.getByLabelText(en.code.label), '123456')
  const verify = await page.fake.next('mfa.verify')
  page.unmount()
  await verify.resolve({ factor: phone })
  await waitFor(() => expect(page.fake.count('mfa.listFactors')).toBe(1))
  expect(page.fake.count('mfa.abandon')).toBe(0)
})

it('a code that is sent is told to the host: with the enrolment, again, and where its answer was lost', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  try {
    const page = setup()
    await reachCode(page)
    const sent = { type: 'sent', strategy: 'phone_code' }
    expect(page.events).toEqual([{ ...sent, confirmed: true }])
    await act(() => vi.advanceTimersByTimeAsync(31_000))
    await press(page, en.code.resend)
    await act(async () => (await page.fake.next('mfa.challenge')).resolve(pending))
    expect(page.events).toEqual([1, 2].map(() => ({ ...sent, confirmed: true })))
    await act(() => vi.advanceTimersByTimeAsync(31_000))
    await press(page, en.code.resend)
    const lost = new AuthError('network', undefined, { outcome: 'unknown' })
    await act(async () => (await page.fake.next('mfa.challenge')).reject(lost))
    expect(page.events.at(-1)).toEqual({ ...sent, confirmed: false })
  } finally {
    vi.useRealTimers()
  }
})
