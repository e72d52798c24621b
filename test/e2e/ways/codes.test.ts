import type { Page } from '@playwright/test'
import { alert, beginBy, button, card, codeField, expect, field, isSignedIn, nora, open, signIn, test, theo } from '../demo.js'

const byMail = { path: '/', to: nora.email }
const byPhone = { path: '/?by=phone', to: nora.phone }

interface Way {
  readonly path: string
  readonly to: string
  readonly link: string
  /** To a new password. */
  readonly resets: boolean
}

/** Codes that are sent to begin with. */
const ways = {
  email_code: { ...byMail, link: 'Email me a code instead', resets: false },
  phone_code: { ...byPhone, link: 'Text me a code instead', resets: false },
  reset_password_email_code: { ...byMail, link: 'Forgot your password?', resets: true },
  reset_password_phone_code: { ...byPhone, link: 'Reset your password by text message', resets: true },
} satisfies Record<string, Way>

const wrongFor = (code: string) => (code === '000000' ? '111111' : '000000')

async function toCode(page: Page, { path, link, to }: Way) {
  await open(page, path)
  await beginBy(page, link, to)
  await expect(card(page)).toHaveAttribute('data-step', 'first-factor')
  await expect(codeField(page)).toBeFocused()
}

for (const [strategy, way] of Object.entries(ways)) {
  test(`OT-14 ${strategy}: a wrong code is told and kept, the delivered one leads on`, async ({ page, server, seen }) => {
    await toCode(page, way)
    const code = await server.mailed(way.to)
    expect(code).toMatch(/^\d{6}$/)
    seen.secret(code)
    const wrong = wrongFor(code)
    await codeField(page).fill(wrong)
    await expect(alert(page)).toHaveText('That code is not right. Check it and try again.')
    await expect(codeField(page)).toHaveValue(wrong)
    await expect(codeField(page)).toBeFocused()
    await codeField(page).fill(code)
    if (way.resets) {
      await expect(card(page)).toHaveAttribute('data-step', 'new-password')
      const password = 'a-longer-orchard-99'
      seen.secret(password)
      await field(page, 'New password').fill(password)
      await button(page, 'Set password').click()
    }
    await isSignedIn(page, nora, 'aal1')
    expect(await server.mailCount()).toBe(1)
  })

  test(`OT-14 OT-16 ${strategy}: an expired code is told, and kept`, async ({ page, server }) => {
    await toCode(page, way)
    const code = await server.mailed(way.to)
    await server.advance(11 * 60_000)
    await codeField(page).fill(code)
    await expect(alert(page)).toHaveText('That code has expired. Send a new one.')
    await expect(codeField(page)).toHaveValue(code)
    await expect(card(page)).toHaveAttribute('data-step', 'first-factor')
    expect(await server.mailCount()).toBe(1)
  })

  test(`OT-14 ${strategy}: too many wrong codes end the try`, async ({ page, server }) => {
    await toCode(page, way)
    const code = await server.mailed(way.to)
    for (let tries = 1; tries <= 3; tries += 1) {
      await codeField(page).fill(wrongFor(code))
      // The same code is not sent by itself again.
      if (tries > 1) await button(page, 'Verify').click()
      await expect(alert(page)).toHaveText('That code is not right. Check it and try again.')
      // Past the limit on requests, and before the code's end.
      await server.advance(61_000)
      await codeField(page).press('Backspace')
      await expect(alert(page)).toBeEmpty()
    }
    await codeField(page).fill(code)
    await expect(card(page)).toHaveAttribute('data-step', 'start')
    await expect(alert(page)).toHaveText('Too many tries. Please sign in again.')
    await expect(card(page).locator('input[name="username"]')).toHaveValue(way.to)
  })
}

for (const [name, { path, link, to }] of Object.entries({
  email_code: { ...ways.email_code, to: theo.email },
  phone_code: { ...ways.phone_code, to: theo.phone },
})) {
  test(`${name}: the second factor follows, also over a reload`, async ({ page, server }) => {
    await toCode(page, { path, link, to, resets: false })
    await codeField(page).fill(await server.mailed(to))
    await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
    await page.reload()
    await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
    await codeField(page).fill(await server.totp(theo.totpSecret))
    await isSignedIn(page, theo, 'aal2')
  })
}

test('a password is good with the number as well', async ({ page }) => {
  await open(page, '/?by=phone')
  await page.getByRole('button', { name: 'Fill in Nora' }).click()
  await page.keyboard.press('Enter')
  await isSignedIn(page, nora, 'aal1')
})

test('after a reset the old password is refused and the new one is good', async ({ page, server }) => {
  const password = 'a-longer-orchard-99'
  await toCode(page, ways.reset_password_email_code)
  await codeField(page).fill(await server.mailed(nora.email))
  await field(page, 'New password').fill(password)
  await button(page, 'Set password').click()
  await isSignedIn(page, nora, 'aal1')
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click()
  await signIn(page, nora)
  await expect(alert(page)).toHaveText('That sign-in did not work. Check your details and try again.')
  await signIn(page, { email: nora.email, password })
  await isSignedIn(page, nora, 'aal1')
})
