import { act, render, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { FactorList } from '../../src/components/FactorList.js'
import { AuthError } from '../../src/core/AuthError.js'
import { AuthProvider } from '../../src/hooks/context.js'
import { factor, scriptedAdapter, session, type ScriptedOptions } from '../support/scriptedAdapter.js'

const passkey = factor({ id: 'passkey:1', strategy: 'passkey' })
const accepted = { rpId: 'app.example', userHandle: 'YWRh', credentialIds: ['AAAA', 'BBBB'] }
const signal = vi.fn<(options: object) => Promise<void>>()

beforeEach(() => {
  signal.mockReset().mockResolvedValue()
  vi.stubGlobal('PublicKeyCredential', Object.assign(class {}, { signalAllAcceptedCredentials: signal }))
})
afterEach(() => vi.unstubAllGlobals())

function page(answers: ScriptedOptions['answers'] = {}) {
  const fake = scriptedAdapter({
    absent: ['mfa.backupCodes'],
    answers: {
      'session.get': () => session({ currentLevel: 'aal2' }),
      'mfa.listFactors': () => [passkey],
      'mfa.acceptedPasskeys': () => accepted,
      ...answers,
    },
  })
  const view = render(
    <AuthProvider adapter={fake.adapter}>
      <FactorList />
    </AuthProvider>,
  )
  return { ...view, fake }
}

/** Whatever is on its way has come. */
const settled = () => act(() => new Promise((done) => setTimeout(done, 100)))

it('PK-11 with the whole list of who is signed in, the browser is told once which passkeys are accepted', async () => {
  page()
  await waitFor(() => expect(signal).toHaveBeenCalledTimes(1))
  expect(signal).toHaveBeenCalledWith({ rpId: 'app.example', userId: 'YWRh', allAcceptedCredentialIds: ['AAAA', 'BBBB'] })
  await settled()
  expect(signal).toHaveBeenCalledTimes(1)
})

it('PK-11 a list that fails is none: nothing is told after it, though an older one was good', async () => {
  const { fake } = page()
  await waitFor(() => expect(signal).toHaveBeenCalledTimes(1))
  const asked = fake.count('mfa.acceptedPasskeys')
  fake.answer('mfa.listFactors', () => {
    throw new AuthError('unavailable', undefined, { outcome: 'unknown' })
  })
  await act(() => fake.sessionChanged())
  await waitFor(() => expect(fake.count('mfa.listFactors')).toBeGreaterThan(2), { timeout: 3_000 })
  await settled()
  expect(signal).toHaveBeenCalledTimes(1)
  expect(fake.count('mfa.acceptedPasskeys')).toBe(asked)
})

it.each([
  ['nobody is signed in', { 'session.get': (): null => null }],
  ['the session is pending', { 'session.get': () => ({ ...session(), pending: 'second_factor' as const }) }],
  ['the passkeys are refused', { 'mfa.acceptedPasskeys': () => Promise.reject(new AuthError('not_supported')) }],
  ['one of them is no id', { 'mfa.acceptedPasskeys': () => ({ ...accepted, credentialIds: ['AAAA', undefined as never] }) }],
  ['they are no list', { 'mfa.acceptedPasskeys': () => ({ ...accepted, credentialIds: undefined as never }) }],
  ['nobody says whose they are', { 'mfa.acceptedPasskeys': () => ({ ...accepted, userHandle: '' }) }],
] as const)('PK-11 nothing is told where %s', async (_, answers) => {
  const { fake } = page(answers)
  await waitFor(() => expect(fake.count('mfa.listFactors')).toBeGreaterThan(0))
  await settled()
  expect(signal).not.toHaveBeenCalled()
})

it('PK-11 nothing is told while a change is under way: a new passkey may not be in the list yet', async () => {
  const { fake } = page()
  fake.answer('mfa.acceptedPasskeys', null)
  const asked = await fake.next('mfa.acceptedPasskeys')
  await act(() => fake.sessionChanged())
  await act(() => asked.resolve(accepted))
  await settled()
  expect(signal).not.toHaveBeenCalled()
})

it('PK-11 what the browser says to it changes nothing', async () => {
  signal.mockRejectedValue(new DOMException('no', 'SecurityError'))
  const { getByText } = page()
  await waitFor(() => expect(signal).toHaveBeenCalledTimes(1))
  await settled()
  expect(getByText('Passkey', { selector: 'bdi' })).toBeInTheDocument()
})
