import type { Page } from '@playwright/test'
import { alert, button, card, codeField, expect, nora, open, test } from '../demo.js'

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
const byItself = ['GET /api/auth/latchkey/state', 'GET /api/auth/passkey/generate-authenticate-options']

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

const ways: Record<string, { path: string; by: 'email' | 'phone'; link?: string; wrong: 'code' | 'password' | 'nothing' }> = {
  password: { path: '/', by: 'email', wrong: 'password' },
  'password, by phone': { path: '/?by=phone', by: 'phone', wrong: 'password' },
  email_code: { path: '/', by: 'email', link: 'Email me a code instead', wrong: 'code' },
  email_link: { path: '/', by: 'email', link: 'Email me a link instead', wrong: 'nothing' },
  phone_code: { path: '/?by=phone', by: 'phone', link: 'Text me a code instead', wrong: 'code' },
  reset_password_email_code: { path: '/', by: 'email', link: 'Forgot your password?', wrong: 'code' },
  reset_password_phone_code: { path: '/?by=phone', by: 'phone', link: 'Reset your password by text message', wrong: 'code' },
}

for (const [name, { path, by, link, wrong }] of Object.entries(ways)) {
  test(`SI-12 SI-13 ${name}: who is known and who is not see the same, and as many requests are made`, async ({
    page,
    server,
  }) => {
    const requests = askedBy(page)
    const seenBy: Seen[][] = []
    for (const person of [somebody, nobody]) {
      // Neither the first one's limit nor its wait is the second one's.
      await server.advance(120_000)
      await Promise.all([page.waitForResponse('**/api/auth/latchkey/state'), open(page, path)])
      const before = requests().length
      const seen: Seen[] = []
      const step = async () => void seen.push(await look(page, person, requests().slice(before)))
      await card(page).locator('input[name="username"]').fill(person[by])
      if (link) {
        await button(page, link).click()
        await expect(card(page)).toHaveAttribute('data-step', 'first-factor')
        await expect(card(page)).toContainText('If the account exists')
        if (wrong === 'code') await expect(codeField(page)).toBeFocused()
      } else {
        await card(page).locator('input[name="password"]').fill('not-the-password')
        await button(page, 'Sign in').click()
        await expect(alert(page)).not.toBeEmpty()
      }
      await step()
      if (wrong === 'code') {
        await codeField(page).fill('000000')
        await expect(alert(page)).not.toBeEmpty()
        await step()
      }
      seenBy.push(seen)
      await page.evaluate(() => localStorage.clear())
    }
    expect(seenBy[1]).toEqual(seenBy[0])
    await expect.poll(server.mailCount).toBe(link ? 1 : 0)
  })
}
