import { button, card, expect, hearAlerts, isSignedIn, nora, open, test } from '../demo.js'
import { registerNora, touches, virtualKey } from '../virtualKey.js'

test('SI-24 oauth: effects that run twice exchange one code, and a reload none', async ({ page, server }) => {
  await open(page)
  await button(page, 'Continue with Acme').click()
  await expect(page.getByRole('heading', { name: 'Sign in to Acme ID' })).toBeVisible()
  await page.getByLabel('Email address').fill(nora.email)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await isSignedIn(page, nora, 'aal1')
  await page.reload()
  await isSignedIn(page, nora, 'aal1')
  await expect(card(page)).toHaveAttribute('data-step', 'complete')
  await expect(page).toHaveURL(`http://localhost:${server.port}/`)
  expect(await server.count('POST /sign-in/social')).toBe(1)
  expect(await server.count('GET /callback/acme')).toBe(1)
})

test('PK-05 PK-18 passkey: an offer that stands in the field gives way to the button: one of the two signs in, once', async ({
  page,
  server,
}) => {
  const key = await virtualKey(page)
  await registerNora(page)
  await touches(key, false)
  const states: string[] = []
  await page.exposeFunction('tellCeremony', (state: string) => states.push(state))
  await page.addInitScript(() => {
    const tell = Reflect.get(window, 'tellCeremony') as (state: string) => void
    const get = navigator.credentials.get.bind(navigator.credentials)
    navigator.credentials.get = (given) => {
      const name = given?.mediation === 'conditional' ? 'offer' : 'dialog'
      tell(`${name} begun`)
      const asked = get(given)
      asked.then(
        () => tell(`${name} answered`),
        (thrown: unknown) => tell(`${name} ${(thrown as Error).name}`),
      )
      return asked
    }
  })
  await open(page)
  const said = await hearAlerts(page)
  await expect.poll(() => states).toContain('offer begun')
  // The device does not look again at what it was asked before.
  await touches(key, true)
  states.length = 0
  await button(page, 'Use a passkey').click()
  await isSignedIn(page, nora, 'aal2')
  expect(states).toEqual(['dialog begun', 'offer AbortError', 'dialog answered'])
  expect(said).toEqual([])
  expect(await server.count('POST /passkey/verify-authentication')).toBe(1)
})
