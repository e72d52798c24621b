import * as server from '@simplewebauthn/server'
import { page } from 'vitest/browser'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { createMemoryBackend, type MemoryOptions, type SeedPasskey, type SeedUser } from '../../../src/adapters/memory/index.js'
import { SignIn } from '../../../src/components/SignIn.js'
import { AuthError } from '../../../src/core/AuthError.js'
import { AuthProvider } from '../../../src/hooks/context.js'
import { en } from '../../../src/locales/en.js'
import '../../../src/styles.css'
import { softAuthenticator } from '../../support/softAuthenticator.js'
import { virtualAuthenticator, type VirtualAuthenticator } from '../../support/virtualAuthenticator.js'

const rpId = location.hostname
const ada = { id: 'usr_ada', email: 'ada@example.com', password: 'correct horse battery staple' } as const
const options = {
  firstFactors: ['password', 'passkey'],
  secondFactors: ['passkey'],
  webAuthn: { server, rpId, origin: location.origin },
} as const satisfies MemoryOptions

let device: VirtualAuthenticator
beforeEach(async () => {
  device = await virtualAuthenticator()
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  await device.remove()
})

const untilAborted = ({ signal }: CredentialRequestOptions) =>
  new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)))

async function opened(
  more: Partial<MemoryOptions> = {},
  user: Partial<SeedUser> = {},
  picks = false,
  kept = (own: SeedPasskey) => [own],
) {
  const own = await device.seed(ada, rpId)
  const passkeys = kept(own)
  const backend = createMemoryBackend({ ...options, ...more, users: [{ ...ada, passkeys, ...user }] })
  const { signIn } = backend.adapter
  const asked = vi.fn<() => void>()
  const { passkeyOptions } = signIn
  if (passkeyOptions)
    signIn.passkeyOptions = (given) => {
      asked()
      return passkeyOptions(given)
    }
  const real = navigator.credentials.get.bind(navigator.credentials)
  const get = vi.spyOn(navigator.credentials, 'get')
  // The device answers an offer as soon as it is touched, so where a test is about the button, nobody picks anything in the field.
  if (!picks) get.mockImplementation((given) => (given?.mediation === 'conditional' ? untilAborted(given) : real(given)))
  const view = await render(
    <AuthProvider adapter={backend.adapter}>
      <SignIn />
    </AuthProvider>,
  )
  return { backend, asked, get, view, own }
}

const modals = (get: { mock: { calls: [CredentialRequestOptions?][] } }) =>
  get.mock.calls.filter(([given]) => given?.mediation !== 'conditional')
const offers = (get: { mock: { calls: [CredentialRequestOptions?][] } }) =>
  get.mock.calls.filter(([given]) => given?.mediation === 'conditional')
const signedIn = page.getByRole('heading', { name: en.complete.title })
const identifier = page.getByRole('textbox', { name: 'Email address' })
const passkeyButton = page.getByRole('button', { name: 'Use a passkey' })

async function passPassword() {
  await identifier.fill(ada.email)
  await page.getByLabelText('Password', { exact: true }).fill(ada.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

it('PK-09 PK-03 PK-02 nothing is asked on opening, and one offer stands in the field under StrictMode', async () => {
  const { get, asked } = await opened()
  await expect.poll(() => offers(get).length).toBe(1)
  expect(modals(get)).toHaveLength(0)
  expect(asked).toHaveBeenCalledTimes(1)
  expect(identifier.element().getAttribute('autocomplete')).toMatch(/ webauthn$/)
})

it('PK-18 PK-02 a passkey that is picked in the field signs in', async () => {
  const { get, asked } = await opened({}, {}, true)
  await expect.poll(() => offers(get).length).toBe(1)
  expect(offers(get)[0]?.[0]?.publicKey?.allowCredentials).toEqual([])
  await expect.element(signedIn).toBeVisible()
  expect(asked).toHaveBeenCalledTimes(1)
})

it('PK-06 PK-03 the button ends the offer and asks in the click, with what was fetched before', async () => {
  const { get, asked } = await opened()
  await expect.poll(() => offers(get).length).toBe(1)
  const element = passkeyButton.element() as HTMLButtonElement
  element.click()
  expect(modals(get)).toHaveLength(1)
  expect(offers(get)[0]?.[0]?.signal?.aborted).toBe(true)
  element.click()
  expect(modals(get)).toHaveLength(1)
  expect(asked).toHaveBeenCalledTimes(1)
  await expect.element(signedIn).toBeVisible()
})

it('PK-05 PK-07 what did not come about is nobody’s fault, and the next offer has a challenge of its own', async () => {
  const { get, asked } = await opened()
  await expect.poll(() => offers(get).length).toBe(1)
  await identifier.fill('ada@example.com')
  await device.forget()
  await passkeyButton.click()
  await expect.element(page.getByRole('alert')).toHaveTextContent(en.errors.cancelled)
  expect((identifier.element() as HTMLInputElement).value).toBe('ada@example.com')
  await expect.poll(() => offers(get).length).toBe(2)
  expect(asked).toHaveBeenCalledTimes(2)
  const [first, second] = offers(get).map(([given]) => new Uint8Array(given?.publicKey?.challenge as ArrayBuffer).join())
  expect(first).not.toBe(second)
  // Only what was refused is told of it.
  expect(document.querySelectorAll('[aria-invalid="true"]')).toHaveLength(0)
})

it('PK-04 an offer that stands longer than its challenge is renewed in time', async () => {
  await device.touched(false)
  const { get, asked } = await opened({ limits: { ceremonyMs: 1_500 } }, {}, true)
  await expect.poll(() => offers(get).length, { timeout: 5_000 }).toBeGreaterThanOrEqual(3)
  expect(asked.mock.calls.length).toBeGreaterThanOrEqual(3)
  expect(modals(get)).toHaveLength(0)
  await device.touched(true)
  await expect.element(signedIn).toBeVisible()
})

it('PK-03 the offer ends when a password is sent, and when the screen goes', async () => {
  const { get, view } = await opened()
  await expect.poll(() => offers(get).length).toBe(1)
  await identifier.fill('ada@example.com')
  await page.getByLabelText('Password', { exact: true }).fill('wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect.element(page.getByRole('alert')).toHaveTextContent(en.errors.invalid_credentials)
  await expect.poll(() => offers(get).length).toBe(2)
  expect(offers(get)[0]?.[0]?.signal?.aborted).toBe(true)
  await view.unmount()
  expect(offers(get)[1]?.[0]?.signal?.aborted).toBe(true)
})

it('PK-13 a key that is not known and one whose signature is bad are told alike', async () => {
  const told: string[] = []
  for (const known of [false, true]) {
    const stranger = await softAuthenticator({ origin: location.origin }).seed(ada, rpId)
    const { view, own } = await opened({}, {}, false, (own) => (known ? [{ ...stranger, id: own.id }] : []))
    await passkeyButton.click()
    await expect.element(page.getByRole('alert')).toHaveTextContent(en.errors.passkey_unknown)
    told.push(document.querySelector('[data-slot="card"]')?.outerHTML ?? '')
    expect(own.id).not.toBe('')
    await view.unmount()
    await device.forget()
    vi.restoreAllMocks()
  }
  expect(told[0]).toBe(told[1])
})

it.each([
  ['passkey', en.device.passkeyTitle],
  ['security_key', en.device.securityKeyTitle],
] as const)('PK-06 PK-09 as a second factor a %s is asked for in the click and not before', async (strategy, title) => {
  const { get, backend } = await opened({ firstFactors: ['password'], secondFactors: [strategy] }, {}, false, (own) => [
    { ...own, strategy },
  ])
  const prepared = vi.spyOn(backend.adapter.signIn, 'prepareSecondFactor')
  await passPassword()
  await expect.element(page.getByRole('heading', { name: title })).toHaveFocus()
  await expect.poll(() => prepared.mock.calls.length).toBe(1)
  expect(get).not.toHaveBeenCalled()
  const go = page.getByRole('button', { name: 'Continue' })
  ;(go.element() as HTMLButtonElement).click()
  await expect.element(signedIn).toBeVisible()
  expect(modals(get)).toHaveLength(1)
  expect(prepared).toHaveBeenCalledTimes(1)
})

it('PK-07 PK-06 after a refusal the next click has a fresh challenge ready', async () => {
  const { get, backend } = await opened({ firstFactors: ['password'] })
  const prepared = vi.spyOn(backend.adapter.signIn, 'prepareSecondFactor')
  vi.spyOn(backend.adapter.signIn, 'attemptSecondFactor').mockRejectedValueOnce(new AuthError('passkey_unknown'))
  await passPassword()
  await expect.poll(() => prepared.mock.calls.length).toBe(1)
  const go = page.getByRole('button', { name: 'Continue' })
  await go.click()
  await expect.element(page.getByRole('alert')).toHaveTextContent(en.errors.passkey_unknown)
  expect(prepared).toHaveBeenCalledTimes(2)
  ;(go.element() as HTMLButtonElement).click()
  expect(modals(get)).toHaveLength(2)
  await expect.element(signedIn).toBeVisible()
  expect(prepared).toHaveBeenCalledTimes(2)
})

it('PK-14 PK-01 a browser that may not ask says so, and offers the other ways', async () => {
  vi.stubGlobal('PublicKeyCredential', undefined)
  const { get } = await opened(
    { firstFactors: ['password'], secondFactors: ['passkey', 'email_code'] },
    { emailSecondFactor: true },
  )
  await passPassword()
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect.element(page.getByRole('alert')).toHaveTextContent(en.device.unsupported)
  await page.getByRole('button', { name: en.common.otherWay }).click()
  await expect.element(page.getByRole('button', { name: en.choose.emailCode })).toBeVisible()
  expect(get).not.toHaveBeenCalled()
})

it('PK-02 a browser that cannot offer passkeys in a field is not asked to, nor the backend for more than the button needs', async () => {
  vi.spyOn(PublicKeyCredential, 'isConditionalMediationAvailable').mockResolvedValue(false)
  const { get, asked } = await opened({ limits: { ceremonyMs: 600 } })
  await expect.poll(() => asked.mock.calls.length).toBe(1)
  await new Promise((done) => setTimeout(done, 1_000))
  expect(asked).toHaveBeenCalledTimes(1)
  expect(offers(get)).toHaveLength(0)
  await passkeyButton.click()
  await expect.element(signedIn).toBeVisible()
  expect(offers(get)).toHaveLength(0)
})

it.each([en.common.otherWay, en.common.back])('FC-06 PK-03 the browser’s dialog is closed by “%s”', async (leaves) => {
  const { get } = await opened(
    { firstFactors: ['password'], secondFactors: ['passkey', 'email_code'] },
    { emailSecondFactor: true },
  )
  get.mockImplementation((given) => untilAborted(given as CredentialRequestOptions))
  await passPassword()
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect.poll(() => modals(get).length).toBe(1)
  const signal = modals(get)[0]?.[0]?.signal
  expect(signal?.aborted).toBe(false)
  await page.getByRole('button', { name: leaves }).click()
  await expect.poll(() => signal?.aborted).toBe(true)
  await new Promise((done) => setTimeout(done, 100))
  expect(page.getByRole('alert').element().textContent).toBe('')
})

it('PK-06 a second factor’s challenge is fresh, however long the person takes', async () => {
  const { get, backend } = await opened({ firstFactors: ['password'], limits: { ceremonyMs: 1_500 } })
  const prepared = vi.spyOn(backend.adapter.signIn, 'prepareSecondFactor')
  await passPassword()
  await expect.poll(() => prepared.mock.calls.length, { timeout: 5_000 }).toBeGreaterThanOrEqual(3)
  const go = page.getByRole('button', { name: 'Continue' }).element() as HTMLButtonElement
  await expect.poll(() => go.getAttribute('aria-disabled')).toBeNull()
  go.click()
  // In the click: nothing had to be fetched for it.
  expect(modals(get)).toHaveLength(1)
  await expect.element(signedIn).toBeVisible()
})

it('a browser that is trusted with a key as with a code is not asked again', async () => {
  const { backend } = await opened({ firstFactors: ['password'], trustDevice: true })
  const attempted = vi.spyOn(backend.adapter.signIn, 'attemptSecondFactor')
  await passPassword()
  await page.getByRole('checkbox', { name: en.code.trustDevice }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect.element(signedIn).toBeVisible()
  expect(attempted.mock.calls[0]?.[1]).toMatchObject({ trustDevice: true })
  await page.getByRole('button', { name: en.common.signOut }).click()
  await passPassword()
  await expect.element(signedIn).toBeVisible()
  expect(attempted).toHaveBeenCalledTimes(1)
})
