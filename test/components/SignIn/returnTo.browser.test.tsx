import { page } from 'vitest/browser'
import { afterEach, expect, it } from 'vitest'
import { render } from 'vitest-browser-react'
import { createMemoryBackend } from '../../../src/adapters/memory/index.js'
import { SignIn } from '../../../src/components/SignIn.js'
import { AuthProvider } from '../../../src/hooks/context.js'
import { en } from '../../../src/locales/en.js'

const ada = { id: 'ada', email: 'ada@example.com', password: 'correct horse battery' }

interface Leaving extends Event {
  readonly destination: { readonly url: string }
}
declare const navigation: EventTarget

let end = () => {}
afterEach(() => end())

/** Notes where the page is led, and stays. */
function watchLeaving() {
  const led: string[] = []
  const note = (event: Event) => {
    const { url } = (event as Leaving).destination
    led.push(url.startsWith(`${location.origin}/`) ? url.slice(location.origin.length) : url)
    event.preventDefault()
  }
  navigation.addEventListener('navigate', note)
  end = () => navigation.removeEventListener('navigate', note)
  return led
}

async function signIn(returnTo: string | null) {
  const led = watchLeaving()
  const { adapter } = createMemoryBackend({ users: [ada] })
  await render(
    <AuthProvider adapter={adapter} history={false}>
      <SignIn returnTo={returnTo} />
    </AuthProvider>,
  )
  await page.getByRole('textbox', { name: 'Email address' }).fill(ada.email)
  await page.getByLabelText('Password', { exact: true }).fill(ada.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect.element(page.getByRole('heading', { name: en.complete.title })).toBeVisible()
  return led
}

it.each([
  ['/account?tab=2#keys', '/account?tab=2#keys'],
  ['//evil.example/', '/'],
  ['/\\evil.example', '/'],
  ['https://evil.example/', '/'],
  ['javascript:document.title="evil"', '/'],
  ['/%5Cevil.example', '/'],
  [location.pathname, '/'],
])('SI-25 `SignIn` that is given %s leads to %s', async (given, to) => {
  const led = await signIn(given)
  // StrictMode runs effects twice.
  await expect.poll(() => [...new Set(led)]).toEqual([to])
  expect(document.title).not.toBe('evil')
})

it('SI-25 without an address `SignIn` leads nowhere', async () => {
  const led = await signIn(null)
  await new Promise((done) => setTimeout(done, 100))
  expect(led).toEqual([])
})
