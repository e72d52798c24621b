import { act, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'
import { createMemoryBackend } from '../../src/adapters/memory/index.js'
import { PasskeyEnroll } from '../../src/components/PasskeyEnroll.js'
import { AuthProvider } from '../../src/hooks/context.js'
import { en } from '../../src/locales/en.js'
import { everyWay } from '../support/everyWay.js'
import { realCeremony, stubBrowser, toBytes } from '../support/keyCeremony.js'
import { scriptedAdapter } from '../support/scriptedAdapter.js'

const texts = en.passkeyEnroll
const press = (user: ReturnType<typeof userEvent.setup>, name: string) => user.click(screen.getByRole('button', { name }))

afterEach(() => vi.unstubAllGlobals())

const options = {
  challenge: 'AAAA',
  rp: { id: 'localhost', name: 'Acme' },
  user: { id: 'AAAA', name: 'a', displayName: 'a' },
  pubKeyCredParams: [],
}
const pending = { status: 'pending', id: 'enrollment_1', type: 'webauthn', publicKey: options } as const

function renderScripted() {
  const fake = scriptedAdapter({ answers: { 'mfa.enroll': () => pending, 'mfa.abandon': () => undefined } })
  const user = userEvent.setup()
  const view = render(
    <AuthProvider adapter={fake.adapter}>
      <PasskeyEnroll />
    </AuthProvider>,
  )
  return { ...view, fake, user }
}

it('PK-06 TE-11 asks for options on the first act and runs the ceremony in the second, once for two clicks', async () => {
  let finish: (made: unknown) => void = () => {}
  const { fake, user } = renderScripted()
  const create = stubBrowser(() => new Promise((resolve) => (finish = resolve)))
  expect(fake.count('mfa.enroll')).toBe(0)
  await press(user, texts.start)
  const button = await screen.findByRole('button', { name: texts.create })
  expect(create).not.toHaveBeenCalled()
  await vi.dynamicImportSettled()
  act(() => {
    button.click()
    // Within the click: what the browser asks for is still granted.
    expect(create).toHaveBeenCalledTimes(1)
    button.click()
  })
  expect(create).toHaveBeenCalledTimes(1)
  expect(fake.count('mfa.verify')).toBe(0)
  await act(async () => finish(null))
})

it.each([
  ['InvalidStateError', texts.exists],
  ['ConstraintError', texts.impossible],
  ['NotSupportedError', texts.impossible],
  ['NotAllowedError', texts.cancelled],
  ['SecurityError', en.errors.unknown],
])('PK-08 %s reads "%s", and the ceremony can be begun anew', async (name, text) => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const { fake, user } = renderScripted()
  const create = stubBrowser(() => Promise.reject(new DOMException('', name)))
  await press(user, texts.start)
  await screen.findByRole('button', { name: texts.create })
  await press(user, texts.create)
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent(text))
  expect(warn).toHaveBeenCalledTimes(name === 'SecurityError' ? 1 : 0)
  expect(fake.count('mfa.verify')).toBe(0)
  await press(user, texts.create)
  await waitFor(() => expect(create).toHaveBeenCalledTimes(2))
  warn.mockRestore()
})

it('TE-12 left in the middle of the ceremony, what was begun is abandoned, and a credential that still comes goes nowhere', async () => {
  let finish: (made: unknown) => void = () => {}
  const { fake, user, unmount } = renderScripted()
  stubBrowser(() => new Promise((resolve) => (finish = resolve)))
  fake.answer('mfa.listFactors', () => [])
  await press(user, texts.start)
  await screen.findByRole('button', { name: texts.create })
  await press(user, texts.create)
  unmount()
  const response = { clientDataJSON: toBytes('AAAA'), attestationObject: toBytes('AAAA') }
  finish({ id: 'x', rawId: toBytes('AAAA'), type: 'public-key', response, getClientExtensionResults: () => ({}) })
  await waitFor(() => expect(fake.count('mfa.abandon')).toBe(1))
  expect(fake.count('mfa.verify')).toBe(0)
})

it('TE-10 a real ceremony makes a passkey that the backend takes, and only then it is on', async () => {
  const backend = createMemoryBackend({
    ...everyWay,
    users: [{ id: 'ada', email: 'ada@example.com', password: 'correct horse' }],
  })
  const { signIn, mfa } = backend.adapter
  const attempt = await signIn.create({ identifier: 'ada@example.com', password: 'correct horse' })
  await signIn.finish({ id: attempt.id })
  const onEnrolled = vi.fn()
  const user = userEvent.setup()
  render(
    <AuthProvider adapter={backend.adapter}>
      <PasskeyEnroll friendlyName="Laptop" onEnrolled={onEnrolled} />
    </AuthProvider>,
  )
  stubBrowser(realCeremony())
  await press(user, texts.start)
  await screen.findByRole('button', { name: texts.create })
  expect(onEnrolled).not.toHaveBeenCalled()
  await press(user, texts.create)
  await screen.findByRole('heading', { name: en.backupCodes.title })
  await user.click(screen.getByRole('checkbox'))
  await press(user, en.backupCodes.done)
  await screen.findByRole('heading', { name: texts.doneTitle })
  await waitFor(() => expect(onEnrolled).toHaveBeenCalledTimes(1))
  expect(await mfa?.listFactors()).toMatchObject([{ strategy: 'passkey', status: 'verified', friendlyName: 'Laptop' }])
})
