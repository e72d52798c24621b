import { chromium, expect, test as base, type LaunchOptions, type Locator, type Page } from '@playwright/test'
import jsQR from 'jsqr'
import { TOTP } from 'otpauth'
import { PNG } from 'pngjs'
import { chromiumArgs, findChromium } from '../../scripts/chromium.mjs'
import { demoUsers, type DemoUser } from '../../demo/users.js'
import { watch, type Watch } from './watch.js'

export { expect }

/** The people of the demo, by what they have. */
export const { withoutMfa: nora, withTotp: theo, withEmailCode: mia, ofGlobex: sam, ofInitech: ivy } = demoUsers

/** The demo's server, from behind. */
export interface Server {
  readonly port: number
  /** Moves its clock forward. Milliseconds. */
  advance(ms: number): Promise<void>
  /** How often a request came in, as `POST /sign-in/email`. */
  count(request: string): Promise<number>
  /** The newest code or link that was delivered to an address or a number. */
  mailed(to: string): Promise<string>
  /** How many messages were delivered, by mail and by SMS. */
  mailCount(): Promise<number>
  /** What an authenticator app shows, by the server's clock. `steps`: that many periods later. */
  totp(secret: string, steps?: number): Promise<string>
}

interface Fixtures {
  server: Server
  seen: Watch
  /** Another browser, with flags or habits of its own, watched in the same way. */
  launch: (options: LaunchOptions) => Promise<Page>
}

export const test = base.extend<Fixtures>({
  server: [
    async ({ request, baseURL }, use) => {
      const lever = async (method: 'get' | 'post', path: string): Promise<unknown> => {
        const answer = await request[method](path)
        expect(answer.ok(), path).toBe(true)
        return answer.json()
      }
      const now = async () => Date.parse(((await lever('post', '/api/test/clock?advance=0')) as { now: string }).now)
      const mails = async () => ((await lever('get', '/api/outbox')) as { messages: { to: string; code: string }[] }).messages
      await lever('post', '/api/test/reset')
      await use({
        port: Number(new URL(baseURL ?? '').port),
        advance: async (ms) => void (await lever('post', `/api/test/clock?advance=${ms}`)),
        count: async (name) => ((await lever('get', '/api/test/requests')) as Record<string, number>)[name] ?? 0,
        mailed: async (to) => {
          const code = async () => (await mails()).find((mail) => mail.to === to)?.code ?? ''
          // The screen does not wait for the post, so that its time tells nothing of who is known.
          await expect.poll(code, `a message to ${to}`).not.toBe('')
          return code()
        },
        mailCount: async () => (await mails()).length,
        totp: async (secret, steps = 0) => new TOTP({ secret }).generate({ timestamp: (await now()) + steps * 30_000 }),
      })
    },
    { auto: true },
  ],

  seen: [
    async ({ context, baseURL, request }, use) => {
      const visits = (await (await request.get('/api/test/providers')).json()) as string[]
      const seen = await watch(context, baseURL ?? '', { visits })
      seen.secret(...Object.values(demoUsers).flatMap(secretsOf))
      await use(seen)
      await seen.check()
    },
    { auto: true },
  ],

  launch: async ({ baseURL }, use) => {
    const closing: (() => Promise<void>)[] = []
    await use(async ({ args = [], ...options }) => {
      const browser = await chromium.launch({ executablePath: findChromium(), args: [...chromiumArgs, ...args], ...options })
      closing.push(() => browser.close())
      const context = await browser.newContext({ baseURL })
      const seen = await watch(context, baseURL ?? '')
      seen.secret(...Object.values(demoUsers).flatMap(secretsOf))
      closing.unshift(() => seen.check())
      return context.newPage()
    })
    for (const close of closing) await close()
  },
})

const secretsOf = ({ password, totpSecret, backupCodes = [] }: DemoUser) => [
  ...(password ? [password] : []),
  ...(totpSecret ? [totpSecret] : []),
  ...backupCodes,
]

/** The kit's card in the middle of the page. */
export const card = (page: Page) => page.locator('main [data-slot="card"]')
export const alert = (page: Page) => card(page).getByRole('alert')
export const codeField = (page: Page) => card(page).locator('input[name="code"]')
export const field = (page: Page, label: string) => card(page).getByLabel(label, { exact: true })
export const button = (page: Page, name: string) => card(page).getByRole('button', { name, exact: true })

/** Until the page's script has taken over what the server drew. */
export async function open(page: Page, path = '/') {
  await page.goto(path)
  await expect(page.locator('html[dir]')).toBeAttached()
}

/** Begins by one of the links or buttons beside the form. */
export async function beginBy(page: Page, link: string, identifier?: string) {
  if (identifier !== undefined) await card(page).locator('input[name="username"]').fill(identifier)
  await button(page, link).click()
}

export async function signIn(page: Page, { email, password }: { email: string; password: string }) {
  await field(page, 'Email address').fill(email)
  await field(page, 'Password').fill(password)
  await button(page, 'Sign in').click()
}

/** Nora's second number, added before the page is opened. */
export async function addPhone(page: Page, server: Server, phoneNumber: string) {
  const origin = `http://localhost:${server.port}`
  const post = async (path: string, data: object) => {
    const answer = await page.request.post(`/api/auth/${path}`, { data, headers: { origin } })
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true)
  }
  const { email, password } = nora
  await post('sign-in/email', { email, password })
  await post('latchkey/enroll-phone', { phoneNumber, password })
  await post('latchkey/verify-phone', { code: await server.mailed(phoneNumber) })
  await page.context().clearCookies()
}

/** With the second factor. */
export async function signInWithTotp(page: Page, server: Server, secret: string = theo.totpSecret) {
  await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
  await codeField(page).fill(await server.totp(secret))
}

/** On the account page, to the QR code of somebody who has no app yet. Answers with it. */
export async function addTotp(page: Page): Promise<Locator> {
  await button(page, 'Add an authenticator app').click()
  return setUpTotp(page)
}

/** In the enrolment of an app, to the QR code. */
export async function setUpTotp(page: Page, { password } = nora as { password: string }): Promise<Locator> {
  await field(page, 'Your password').fill(password)
  await button(page, 'Set up').click()
  const qr = page.locator('[data-slot="qr"]')
  await expect(qr).toBeVisible()
  return qr
}

/** Answers with the codes, which are to be stored. */
export async function storeCodes(page: Page): Promise<readonly string[]> {
  const codes = page.locator('[data-slot="codes"] li')
  await expect(codes.first()).toBeVisible()
  const texts = await codes.allTextContents()
  await page.getByLabel('I have stored these codes').check()
  await button(page, 'Done').click()
  await expect(card(page)).not.toHaveAttribute('data-step', 'backup-codes')
  return texts
}

export const isSignedIn = (page: Page, { email, name }: DemoUser, level: string) =>
  expect(page.locator('.badge')).toHaveText(new RegExp(`(${email}|${name}) ${level}`))

/** What a browser tells a tab to which the person comes back; a headless one shows all of them at once. */
export const lookAt = (page: Page) =>
  page.evaluate(() => {
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
    dispatchEvent(new Event('focus'))
  })

/** All that the page says is wrong from now on. */
export async function hearAlerts(page: Page): Promise<readonly string[]> {
  const said: string[] = []
  await page.exposeFunction('heard', (text: string) => said.push(text))
  await page.evaluate(() => {
    const hear = () => {
      const text = document.querySelector('main [role="alert"]')?.textContent
      if (text) (window as unknown as { heard: (text: string) => void }).heard(text)
    }
    new MutationObserver(hear).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
  return said
}

/** Reads a QR code as a phone's camera would: off the screen. */
export async function readQrCode(picture: Locator): Promise<string | undefined> {
  const { data, width, height } = PNG.sync.read(await picture.screenshot())
  // Many apps read no light code on dark ground.
  return jsQR(new Uint8ClampedArray(data), width, height, { inversionAttempts: 'dontInvert' })?.data
}

export const secretIn = (uri: string) => new URL(uri).searchParams.get('secret') ?? ''
