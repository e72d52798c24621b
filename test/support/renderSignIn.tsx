// Later steps are fetched on demand; here they are at hand, so that no test waits for them.
import '../../src/components/LaterSteps.js'
import '../../src/hooks/pageEngine.js'
import { act, configure, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode } from 'react'
import { afterEach } from 'vitest'
import { SignIn, type SignInProps } from '../../src/components/SignIn.js'
import type { AuthAdapter } from '../../src/core/adapter.js'
import { AuthProvider, type AuthProviderProps } from '../../src/hooks/context.js'
import { attempt, sentinels, verification } from './contractBuilders.js'
import { scriptedAdapter, type ScriptedAdapter, type ScriptedOptions } from './scriptedAdapter.js'

// A busy machine is no failure.
configure({ asyncUtilTimeout: 5_000 })
// Resend waits outlive a page.
afterEach(() => localStorage.clear())

export interface SignInSetup extends SignInProps, Pick<AuthProviderProps, 'messages' | 'onEvent' | 'timeoutMs'> {
  readonly script?: ScriptedOptions
  /** Instead of a scripted one; then `fake` records nothing. */
  readonly adapter?: AuthAdapter
}

/** Nobody is signed in and no attempt is open; every other call waits for the test. */
export function signedOut(script: ScriptedOptions = {}): ScriptedAdapter {
  const answers = { 'session.get': () => null, 'signIn.resume': () => ({ attempt: null }), ...script.answers }
  return scriptedAdapter({ ...script, answers })
}

/** A provider with a `SignIn` in it, and whoever types. */
export function renderSignIn({ script, adapter, messages, onEvent, timeoutMs, ...props }: SignInSetup = {}) {
  const fake = signedOut(script)
  const provider = { adapter: adapter ?? fake.adapter, ...defined({ messages, onEvent, timeoutMs }) }
  const page = (more?: SignInProps, key?: string) => (
    <AuthProvider {...provider}>
      <SignIn key={key} {...props} {...more} />
    </AuthProvider>
  )
  const view = render(page())
  return { ...view, fake, user: userEvent.setup(), page }
}

type Rendered = Pick<ReturnType<typeof renderSignIn>, 'fake' | 'user'>

export const identifierField = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Email address' })
export const passwordField = () => screen.getByLabelText<HTMLInputElement>('Password')
export const codeField = () => screen.findByRole<HTMLInputElement>('textbox', { name: 'Code' })
export const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('button', { name })
export const alertText = () => screen.getByRole('alert').textContent

/** Fills the first screen and submits it; the `create` call is then the test's to settle. */
export async function submitPassword({ fake, user }: Rendered, password: string = sentinels.password) {
  await user.clear(identifierField())
  await user.type(identifierField(), 'ada@example.com')
  await user.click(passwordField())
  await user.paste(password)
  await user.click(button('Sign in'))
  return fake.next('signIn.create')
}

/** Signs in as far as the second factor. The only factor beside backup codes opens by itself. */
export async function reachSecondFactor(page: Rendered, overrides: Parameters<typeof attempt>[0] = {}) {
  const create = await submitPassword(page)
  await act(() => create.resolve(attempt({ status: 'needs_second_factor', ...overrides })))
}

/** As far as a code sent by e-mail; the send is answered. */
export async function reachEmailCode(page: Rendered, said: Parameters<typeof verification>[0] = {}) {
  await page.user.type(identifierField(), 'ada@example.com')
  await page.user.click(button('Email me a code instead'))
  const create = await page.fake.next('signIn.create')
  await act(() => create.resolve(attempt()))
  const prepare = await page.fake.next('signIn.prepareFirstFactor')
  await act(() => prepare.resolve(attempt({ firstFactorVerification: verification(said) })))
  return codeField()
}

/** Lets whatever is under way come to rest. */
export const rest = (ms = 0) => act(() => new Promise((resolve) => setTimeout(resolve, ms)))

/** A page in StrictMode outside of testing-library, for server rendering. */
export const strict = (page: React.ReactNode) => <StrictMode>{page}</StrictMode>

function defined<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never
}
