import { spawnSync } from 'node:child_process'
import type { Page } from '@playwright/test'
import { TOTP } from 'otpauth'
import { openClerkFrontDoor } from '../../servers/clerkFrontDoor.js'
import { startClerkStandIn } from '../../servers/clerkStandIn.js'
import { anonKey, serviceKey, startGotrueStandIn } from '../../servers/gotrueStandIn.js'
import { startWorkOSStandIn } from '../../servers/workosStandIn.js'
import { button, card, codeField, expect, field, open, readQrCode, secretIn } from '../demo.js'
import type { WatchOptions } from '../watch.js'
import { picksNothing, virtualKey } from '../virtualKey.js'
import { test } from './hostedDemo.js'

const ada = { email: 'ada@example.com', password: 'correct horse battery' }

/** What answers: a stand-in of the vendor's server, spoken to by the vendor's real client. */
interface Backend {
  readonly env: Readonly<Record<string, string>>
  readonly watch?: WatchOptions
  now(): number
  /** Each code works once. */
  advance(ms: number): void
  /** What the stand-in was asked that nothing documents. */
  readonly undocumented: readonly unknown[]
  close(): Promise<void>
}

const backends: Record<string, () => Promise<Backend>> = {
  async Supabase() {
    const standIn = await startGotrueStandIn()
    await addAda(standIn.url)
    return {
      ...standIn,
      env: { SUPABASE_AUTH_URL: standIn.url, SUPABASE_ANON_KEY: anonKey },
      watch: { backends: [standIn.url] },
      undocumented: standIn.violations,
    }
  },
  async Clerk() {
    const standIn = await startClerkStandIn()
    const door = await openClerkFrontDoor(standIn.url)
    standIn.addUser(ada)
    return {
      ...standIn,
      env: { CLERK_PUBLISHABLE_KEY: `pk_live_${btoa('clerk.local.test$')}`, CLERK_PROXY_URL: door.url },
      // clerk-js tries a worker from a blob for its timer, and does without.
      watch: { backends: [door.url], theirs: /[Ww]orker|TrustedScriptURL/ },
      undocumented: standIn.violations,
      async close() {
        await door.close()
        await standIn.close()
      },
    }
  },
  async WorkOS() {
    const standIn = await startWorkOSStandIn()
    standIn.addUser(ada)
    return {
      ...standIn,
      env: {
        WORKOS_API_KEY: standIn.apiKey,
        WORKOS_CLIENT_ID: standIn.options.clientId,
        WORKOS_API_URL: `http://127.0.0.1:${standIn.options.port}`,
      },
      now: standIn.now,
      undocumented: standIn.refusals,
    }
  },
}

for (const [name, start] of Object.entries(backends)) {
  test(`the screens as they stand, on ${name}: enrolment, sign-in with both factors, gate`, async ({ page, demoOn }) => {
    const backend = await start()
    const { origin, seen } = await demoOn(backend.env, backend.watch)
    seen.secret(ada.password)
    await open(page, origin)
    await expect(page.locator('aside')).toContainText(`Your own ${name}`)

    await enter(page, { ...ada, password: 'not the password' })
    await expect(card(page).getByRole('alert')).toHaveText('That sign-in did not work. Check your details and try again.')
    await field(page, 'Password').fill(ada.password)
    await page.keyboard.press('Enter')
    await expect(page.locator('.badge')).toHaveText(`${ada.email} aal1`)
    await page.getByRole('link', { name: 'Vault' }).click()
    await expect(page.locator('main')).toContainText('open to accounts with two-step sign-in')

    const secret = await enrol(page, backend)
    seen.secret(secret)
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await expect(page.locator('.badge')).toHaveCount(0)

    await page.getByRole('link', { name: 'Vault' }).click()
    await enter(page, ada)
    await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
    const right = codeOf(backend, secret)
    await codeField(page).fill(right === '000000' ? '000001' : '000000')
    await expect(card(page).getByRole('alert')).toContainText('That code is not right.')
    await codeField(page).fill(right)
    await expect(page.locator('.vault')).toContainText('You passed two factors.')
    await expect(page.locator('.badge')).toHaveText(`${ada.email} aal2`)

    await page.reload()
    await expect(page.locator('.vault')).toContainText('You passed two factors.')
    await page.getByRole('link', { name: 'Money' }).click()
    await expect(page.locator('.balance')).toHaveText('€1,284.50')

    await page.getByRole('link', { name: 'Account' }).click()
    // By the name that the backend gave it.
    await card(page)
      .getByRole('button', { name: /^Remove / })
      .click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await expect(card(page)).toContainText('You have no second step yet.')
    await expect(page.locator('.badge')).toHaveText(`${ada.email} aal1`)
    expect(backend.undocumented).toEqual([])
    await backend.close()
  })
}

test('PK-15 PK-18 a passkey on Supabase: the account page adds, names and removes it, and it signs in', async ({
  page,
  demoOn,
}) => {
  const standIn = await startGotrueStandIn()
  await addAda(standIn.url)
  const { origin, seen } = await demoOn(
    { SUPABASE_AUTH_URL: standIn.url, SUPABASE_ANON_KEY: anonKey },
    { backends: [standIn.url] },
  )
  standIn.settings.origins.push(origin)
  seen.secret(ada.password)
  await virtualKey(page)
  await picksNothing(page)
  await open(page, origin)
  await enter(page, ada)
  await expect(page.locator('.badge')).toHaveText(`${ada.email} aal1`)

  await page.getByRole('link', { name: 'Account' }).click()
  await button(page, 'Add a passkey or security key').click()
  await button(page, 'Continue').click()
  await button(page, 'Create').click()
  await expect(card(page)).toContainText('It was added.')
  await button(page, 'Rename Passkey').click()
  await field(page, 'Name').fill('Blue key')
  await button(page, 'Save').click()
  await expect(card(page)).toContainText('The name was changed.')
  const passkey = page.locator('[data-slot="factor"][data-strategy="passkey"]')
  await expect(passkey).toContainText('Blue key')

  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await button(page, 'Use a passkey').click()
  await expect(page.locator('.badge')).toHaveText(`${ada.email} aal1`)

  await page.getByRole('link', { name: 'Account' }).click()
  await button(page, 'Remove Blue key').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(passkey).toHaveCount(0)
  expect(standIn.users[0]?.passkeys).toEqual([])
  expect(standIn.violations).toEqual([])
  await standIn.close()
})

test('the screens as they stand, on WorkOS: by a provider’s button and by company, there and back, and a no that is told', async ({
  page,
  demoOn,
}) => {
  const standIn = await startWorkOSStandIn()
  standIn.addUser(ada)
  standIn.addOrganization({ domain: 'example.com' })
  const provider = `http://127.0.0.1:${standIn.options.port}`
  const { origin } = await demoOn(
    {
      WORKOS_API_KEY: standIn.apiKey,
      WORKOS_CLIENT_ID: standIn.options.clientId,
      WORKOS_API_URL: provider,
      WORKOS_FIRST_FACTORS: 'password,oauth_google,enterprise_sso',
    },
    { visits: [provider] },
  )
  await open(page, origin)
  await button(page, 'Continue with Google').click()
  await expect(page.getByRole('heading', { name: 'Sign in to GoogleOAuth' })).toBeVisible()
  await page.getByRole('button', { name: 'Deny' }).click()
  await expect(card(page).getByRole('alert')).toHaveText('The sign-in was not completed. Try again.')
  expect(page.url()).toBe(`${origin}/`)

  await button(page, 'Continue with Google').click()
  await page.getByLabel('Email address').fill(ada.email)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.locator('.badge')).toHaveText(`${ada.email} aal1`)
  expect(page.url()).toBe(`${origin}/`)
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click()
  await expect(page.locator('.badge')).toHaveCount(0)

  await field(page, 'Email address').fill(ada.email)
  await card(page)
    .getByRole('button', { name: /company/ })
    .click()
  await expect(page.getByRole('heading', { name: 'Sign in to Acme ID' })).toBeVisible()
  await page.getByLabel('Email address').fill(ada.email)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.locator('.badge')).toHaveText(`${ada.email} aal1`)
  expect(standIn.refusals).toEqual([])
  await standIn.close()
})

test('WorkOS without its client id: the demo refuses to start, in one line', () => {
  const { status, stderr } = spawnSync(process.execPath, ['demo/dist/server/main.js'], {
    env: { PATH: process.env.PATH, PORT: '0', WORKOS_API_KEY: 'sk_test_alone' },
    encoding: 'utf8',
    timeout: 20_000,
  })
  expect([status, stderr]).toEqual([1, 'WORKOS_API_KEY needs WORKOS_CLIENT_ID beside it: WorkOS signs nobody in without.\n'])
})

/** At the stand-in of Supabase. */
async function addAda(url: string) {
  const answer = await fetch(`${url}/admin/users`, {
    method: 'POST',
    headers: { apikey: serviceKey, authorization: `Bearer ${serviceKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...ada, email_confirm: true }),
  })
  expect(answer.ok).toBe(true)
}

/** By one screen or two, as the backend has it. */
async function enter(page: Page, { email, password }: typeof ada) {
  await field(page, 'Email address').fill(email)
  if (!(await field(page, 'Password').isVisible())) await page.keyboard.press('Enter')
  await field(page, 'Password').fill(password)
  await page.keyboard.press('Enter')
}

/** What an authenticator app shows now; time is moved on, so that no code comes twice. */
function codeOf(backend: Backend, secret: string): string {
  backend.advance(30_000)
  return new TOTP({ secret }).generate({ timestamp: backend.now() })
}

/** On the page for it, with the QR code read off the screen. Answers with the secret. */
async function enrol(page: Page, backend: Backend): Promise<string> {
  await page.getByRole('link', { name: 'Account' }).click()
  await button(page, 'Add an authenticator app').click()
  await button(page, 'Set up').click()
  const qr = page.locator('[data-slot="qr"]')
  await expect(qr).toBeVisible()
  const secret = secretIn((await readQrCode(qr)) ?? '')
  await codeField(page).fill(codeOf(backend, secret))
  await expect(card(page)).toHaveAttribute('data-step', /factors|backup-codes/)
  // Where the backend gives any.
  if ((await card(page).getAttribute('data-step')) === 'backup-codes') {
    await page.getByLabel('I have stored these codes').check()
    await button(page, 'Done').click()
  }
  await expect(page.locator('[data-slot="factor"][data-strategy="totp"]')).toBeVisible()
  return secret
}
