import { act, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'
import '../../src/components/AddFactor.js'
import { PasskeyOffer, type PasskeyOfferProps } from '../../src/components/PasskeyOffer.js'
import { AuthError } from '../../src/core/AuthError.js'
import { AuthProvider } from '../../src/hooks/context.js'
import { en } from '../../src/locales/en.js'
import { factor, scriptedAdapter, session, type ScriptedOptions } from '../support/scriptedAdapter.js'

const texts = en.passkeyOffer
const passkey = factor({ id: 'passkey:1', strategy: 'passkey' })

afterEach(() => vi.unstubAllGlobals())

function page(options: ScriptedOptions = {}, able: boolean | undefined = true, props: PasskeyOfferProps = {}) {
  const isAvailable = able === undefined ? undefined : () => Promise.resolve(able)
  vi.stubGlobal('PublicKeyCredential', { isUserVerifyingPlatformAuthenticatorAvailable: isAvailable })
  const fake = scriptedAdapter({
    absent: ['mfa.backupCodes', 'mfa.acceptedPasskeys'],
    ...options,
    capabilities: { enroll: [{ type: 'webauthn', many: true }], ...options.capabilities },
    answers: { 'session.get': () => session({ currentLevel: 'aal2' }), 'mfa.listFactors': () => [factor()], ...options.answers },
  })
  const at = (shown: boolean) => (
    <AuthProvider adapter={fake.adapter}>
      <input aria-label="Of the page" />
      {shown && <PasskeyOffer {...props} />}
    </AuthProvider>
  )
  const view = render(at(true))
  return { fake, user: userEvent.setup(), show: (shown: boolean) => view.rerender(at(shown)) }
}

const settled = () => act(() => new Promise((done) => setTimeout(done, 100)))
const offer = () => screen.queryByRole('heading', { name: texts.title })

it('PK-17 after both factors who has none is offered a passkey, and keeps the focus where it is', async () => {
  page()
  const field = screen.getByLabelText('Of the page')
  field.focus()
  await screen.findByRole('heading', { name: texts.title })
  expect(field).toHaveFocus()
  expect(screen.queryByRole('dialog')).toBeNull()
})

const answers = (given: ScriptedOptions['answers']): ScriptedOptions => ({ answers: given })
it.each<[string, ScriptedOptions, boolean?]>([
  ['the session has shown one factor', answers({ 'session.get': () => session({ currentLevel: 'aal1', nextLevel: 'aal2' }) })],
  ['the level is not known', answers({ 'session.get': () => session({ currentLevel: null }) })],
  ['nobody is signed in', answers({ 'session.get': (): null => null })],
  ['there is one', answers({ 'mfa.listFactors': () => [factor(), passkey] })],
  ['the factors cannot be read', answers({ 'mfa.listFactors': () => Promise.reject(new AuthError('unavailable')) })],
  ['the backend enrols none', { capabilities: { enroll: [{ type: 'totp', many: true }] } }],
  ['this device keeps none', {}, false],
])('PK-17 nothing is drawn where %s', async (_, options, able = true) => {
  const { fake } = page(options, able)
  await waitFor(() => expect(fake.count('mfa.listFactors')).toBeGreaterThan(0))
  await settled()
  expect(offer()).toBeNull()
})

it('PK-17 who declines is not asked again on this page, and nothing of it is stored', async () => {
  localStorage.clear()
  const onDismiss = vi.fn()
  const { user, show } = page({}, true, { onDismiss })
  await user.click(await screen.findByRole('button', { name: texts.notNow }))
  expect(offer()).toBeNull()
  expect(onDismiss).toHaveBeenCalledTimes(1)
  // The button has gone, and the focus is not lost with it.
  expect(screen.getByText(texts.declined)).toHaveFocus()
  show(false)
  show(true)
  await settled()
  expect(offer()).toBeNull()
  expect([localStorage.length, sessionStorage.length]).toEqual([0, 0])
})

it('PK-17 who accepts goes through the enrolment of a passkey, and can still go back', async () => {
  const { user, fake } = page()
  await user.click(await screen.findByRole('button', { name: texts.add }))
  await screen.findByRole('heading', { name: en.passkeyEnroll.title })
  expect(fake.count('mfa.enroll')).toBe(0)
  await user.click(screen.getByRole('button', { name: en.enroll.cancel }))
  await screen.findByRole('heading', { name: texts.title })
})
