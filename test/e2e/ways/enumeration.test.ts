import type { Page } from '@playwright/test'
import { alert, beginBy, button, card, codeField, expect, ivy, nora, open, test } from '../demo.js'

const somebody = { email: nora.email, phone: nora.phone }
// As long as the others, so that a hint's length tells nothing either.
const nobody = { email: 'mona@example.com', phone: '+15550100009' }
type Person = typeof somebody | typeof nobody

/** What may not differ: the card's markup, where the focus goes by Tab, what is announced, and what was asked of the server. */
interface Seen {
  readonly markup: string
  readonly stops: readonly string[]
  readonly asked: readonly string[]
}

/** A page that waits for a link looks again and again, and the first screen offers passkeys before anybody is named. */
const byItself = [
  'GET /api/auth/latchkey/state',
  'GET /api/auth/passkey/generate-authenticate-options',
  'session.get',
  'signIn.reload',
  'signIn.resume',
  'signIn.passkeyOptions',
]

/** Requests of the page from now on. */
function askedBy(page: Page): () => readonly string[] {
  const asked: string[] = []
  page.on('request', (one) => asked.push(`${one.method()} ${new URL(one.url()).pathname}`))
  return () => asked.filter((one) => one.includes('/api/auth/') && !byItself.includes(one))
}

async function look(page: Page, person: Person, asked: readonly string[]): Promise<Seen> {
  const markup = await card(page).evaluate((element) => element.outerHTML)
  const focused = () => page.evaluate(() => document.activeElement?.outerHTML.replace(/ value="[^"]*"/, '') ?? '')
  const stops = [await focused()]
  for (let i = 0; i < 4; i += 1) {
    await page.keyboard.press('Tab')
    stops.push(await focused())
  }
  // What a person typed is theirs; what the wait has come to is time.
  const same = (text: string) =>
    text
      .replaceAll(person.email, 'WHO')
      .replaceAll(person.phone, 'WHO')
      .replace(/\d+ seconds?/g, 'N seconds')
  return { markup: same(markup), stops: stops.map(same), asked: asked.toSorted() }
}

/** Requests, or calls of the adapter where there is no server. */
type Count = () => Promise<readonly string[]>

interface Way {
  readonly path: string
  readonly by: 'email' | 'phone'
  readonly link?: string
  readonly wrong: 'code' | 'password' | 'nothing'
}

const ways = {
  password: { path: '/', by: 'email', wrong: 'password' },
  'password, by phone': { path: '/?by=phone', by: 'phone', wrong: 'password' },
  email_code: { path: '/', by: 'email', link: 'Email me a code instead', wrong: 'code' },
  email_link: { path: '/', by: 'email', link: 'Email me a link instead', wrong: 'nothing' },
  phone_code: { path: '/?by=phone', by: 'phone', link: 'Text me a code instead', wrong: 'code' },
  reset_password_email_code: { path: '/', by: 'email', link: 'Forgot your password?', wrong: 'code' },
  reset_password_phone_code: { path: '/?by=phone', by: 'phone', link: 'Reset your password by text message', wrong: 'code' },
  enterprise_sso: { path: '/', by: 'email', link: 'Use your company sign-in', wrong: 'nothing' },
} satisfies Record<string, Way>

/** From the first screen on, each step that somebody sees who cannot prove who they are. */
async function stepsOf(page: Page, person: Person, { by, link, wrong }: Way, count: Count): Promise<readonly Seen[]> {
  const before = (await count()).length
  const seen: Seen[] = []
  const step = async () => void seen.push(await look(page, person, (await count()).slice(before)))
  await card(page).locator('input[name="username"]').fill(person[by])
  if (!link) {
    await card(page).locator('input[name="password"]').fill('not-the-password')
    await button(page, 'Sign in').click()
    await expect(alert(page)).not.toBeEmpty()
  } else {
    await button(page, link).click()
    if (link.includes('company')) {
      await expect(alert(page)).toHaveText('No company sign-in is set up for this address.')
    } else {
      await expect(card(page)).toHaveAttribute('data-step', 'first-factor')
      await expect(card(page)).toContainText('If the account exists')
    }
    if (wrong === 'code') await expect(codeField(page)).toBeFocused()
  }
  await step()
  if (wrong === 'code') {
    await codeField(page).fill('000000')
    await expect(alert(page)).not.toBeEmpty()
    await step()
  }
  // Where another way leads to a session as well, and not to a new password.
  if (link?.endsWith('instead')) {
    await button(page, 'Try another way').click()
    await expect(card(page)).toHaveAttribute('data-step', 'choose-first')
    await step()
  }
  return seen
}

for (const [name, way] of Object.entries<Way>(ways)) {
  test(`SI-12 SI-13 ${name}: who is known and who is not see the same, and as many requests are made`, async ({
    page,
    server,
  }) => {
    const requests = askedBy(page)
    const seenBy: (readonly Seen[])[] = []
    for (const person of [somebody, nobody]) {
      // Neither the first one's limit nor its wait is the second one's.
      await server.advance(120_000)
      await Promise.all([page.waitForResponse('**/api/auth/latchkey/state'), open(page, way.path)])
      seenBy.push(await stepsOf(page, person, way, async () => requests()))
      await page.evaluate(() => localStorage.clear())
    }
    expect(seenBy[1]).toEqual(seenBy[0])
    await expect.poll(server.mailCount).toBe(way.link && name !== 'enterprise_sso' ? 1 : 0)
  })
}

test('SI-13 enterprise_sso: who is known to the company and who is not are led to it alike', async ({ page, server }) => {
  const requests = askedBy(page)
  const ledTo: unknown[] = []
  for (const email of [ivy.email, ivy.email.replace('ivy', 'ina')]) {
    await open(page)
    const before = requests().length
    await beginBy(page, 'Use your company sign-in', email)
    await expect(page.getByRole('heading', { name: 'Sign in to Initech ID' })).toBeVisible()
    const { origin, pathname } = new URL(page.url())
    // A visit to the provider has a number of its own.
    const shown = (await page.content()).replaceAll(pathname, 'VISIT')
    ledTo.push([origin, shown, requests().slice(before).toSorted()])
  }
  expect(ledTo[1]).toEqual(ledTo[0])
  expect(await server.count('POST /sign-in/sso')).toBe(2)
})

test('SI-12 SI-13 on a backend in memory: who is known and who is not see the same, by as many calls', async ({ page }) => {
  const calls: Count = async () =>
    Object.entries((await page.evaluate(() => window.latchkeyCalls)) ?? {}).flatMap(([name, count]) =>
      byItself.includes(name) ? [] : Array<string>(count).fill(name),
    )
  for (const name of ['password', 'phone_code', 'email_link', 'reset_password_email_code', 'enterprise_sso'] as const) {
    await test.step(name, async () => {
      const seenBy: (readonly Seen[])[] = []
      for (const person of [somebody, nobody]) {
        await open(page, '/?backend=memory&trace')
        await page.evaluate(() => localStorage.clear())
        // A number is not what people are known by there, so a text goes by their address.
        seenBy.push(await stepsOf(page, person, { ...ways[name], by: 'email' }, calls))
      }
      expect(seenBy[1]).toEqual(seenBy[0])
    })
  }
})
