import type { Page } from '@playwright/test'
import { alert, button, card, codeField, expect, field, isSignedIn, mia, open, signIn, test, theo, type Server } from './demo.js'

/** What the person sees, where they are, and what is still typed. */
async function start(page: Page, { says, focus, identifier }: { says: string | RegExp; focus: string; identifier: string }) {
  await expect(card(page)).toHaveAttribute('data-step', 'start')
  await expect(alert(page)).toHaveText(says)
  await expect(field(page, focus)).toBeFocused()
  await expect(field(page, 'Email address')).toHaveValue(identifier)
  await expect(field(page, 'Password')).toHaveValue('')
}

async function toSecondFactor(page: Page, person: typeof theo | typeof mia) {
  await open(page)
  await signIn(page, person)
  await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
  await expect(codeField(page)).toBeFocused()
}

/** A code that is surely not the right one. */
async function wrongCode(server: Server): Promise<string> {
  const near = await Promise.all([-1, 0, 1].map((steps) => server.totp(theo.totpSecret, steps)))
  return ['000000', '111111', '222222', '333333'].find((code) => !near.includes(code)) ?? ''
}

const selectedText = (page: Page) =>
  codeField(page).evaluate((input: HTMLInputElement) => input.value.slice(input.selectionStart ?? 0, input.selectionEnd ?? 0))

test('SI-12 SI-15 a wrong password and an unknown address read the same: identifier kept, password cleared, focus there', async ({
  page,
}) => {
  await open(page)
  for (const email of [theo.email, 'nobody@example.com']) {
    await signIn(page, { email, password: 'not-the-password' })
    await start(page, {
      says: 'That sign-in did not work. Check your details and try again.',
      focus: 'Password',
      identifier: email,
    })
    await expect(field(page, 'Password')).toHaveAttribute('aria-invalid', 'true')
  }
})

test('OT-13 OT-14 a wrong code is told, stays in the field and is selected; it is not sent again', async ({ page, server }) => {
  await toSecondFactor(page, theo)
  const code = await wrongCode(server)
  await codeField(page).fill(code)
  await expect(alert(page)).toHaveText('That code is not right. Check it and try again.')
  await expect(codeField(page)).toBeFocused()
  await expect(codeField(page)).toHaveValue(code)
  await expect.poll(() => selectedText(page)).toBe(code)
  await expect(codeField(page)).toHaveAttribute('aria-invalid', 'true')
  expect(await server.count('POST /two-factor/verify-totp')).toBe(1)
  const right = await server.totp(theo.totpSecret)
  await page.keyboard.type(right.slice(0, 3))
  await expect(alert(page)).toBeEmpty()
  await page.keyboard.type(right.slice(3))
  await isSignedIn(page, theo, 'aal2')
})

test('OT-28 a code that was used is told apart from a wrong one', async ({ page, server }) => {
  const code = await server.totp(theo.totpSecret)
  await toSecondFactor(page, theo)
  await codeField(page).fill(code)
  await isSignedIn(page, theo, 'aal2')
  await button(page, 'Sign out').click()
  await signIn(page, theo)
  await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
  await codeField(page).fill(code)
  await expect(alert(page)).toHaveText('That code was already used. Wait for the next one.')
  await expect(codeField(page)).toBeFocused()
})

test('OT-14 OT-16 an expired mailed code is told, kept, and a new one offered in place', async ({ page, server }) => {
  await toSecondFactor(page, mia)
  const code = await server.mailed(mia.email)
  await server.advance(4 * 60_000)
  await codeField(page).fill(code)
  await expect(alert(page)).toHaveText('That code has expired. Send a new one.')
  await expect(codeField(page)).toBeFocused()
  await expect(codeField(page)).toHaveValue(code)
  await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
})

test('OT-14 an expired challenge leads back to the start, identifier kept', async ({ page, server }) => {
  await toSecondFactor(page, theo)
  await server.advance(20 * 60_000)
  await codeField(page).fill(await server.totp(theo.totpSecret))
  await start(page, {
    says: 'We could not confirm this sign-in, or it took too long. Please sign in again.',
    focus: 'Password',
    identifier: theo.email,
  })
})

test('OT-14 too many wrong codes end the try, with the clock moved so that no limit on requests is met', async ({
  page,
  server,
}) => {
  await toSecondFactor(page, theo)
  const code = await wrongCode(server)
  for (let tries = 1; tries <= 5; tries += 1) {
    await codeField(page).fill(code)
    // The same code is not sent by itself again.
    if (tries > 1) await button(page, 'Verify').click()
    await expect.poll(() => server.count('POST /two-factor/verify-totp')).toBe(tries)
    await expect(alert(page)).toHaveText('That code is not right. Check it and try again.')
    await server.advance(11_000)
    await codeField(page).press('Backspace')
    await expect(alert(page)).toBeEmpty()
  }
  await codeField(page).fill(await server.totp(theo.totpSecret))
  await start(page, { says: 'Too many tries. Please sign in again.', focus: 'Password', identifier: theo.email })
})

test('SI-19 OT-14 ten wrong codes lock the account: the right one is refused with the server’s wait, kept, and good after it @once', async ({
  page,
  server,
}) => {
  const code = await wrongCode(server)
  await toSecondFactor(page, theo)
  for (let tries = 1; tries <= 10; tries += 1) {
    await codeField(page).fill(code)
    // The same code is not sent by itself again.
    if (tries % 5 !== 1) await button(page, 'Verify').click()
    await expect.poll(() => server.count('POST /two-factor/verify-totp')).toBe(tries)
    await expect(alert(page)).toHaveText('That code is not right. Check it and try again.')
    await server.advance(11_000)
    if (tries % 5 !== 0) continue
    // One try takes no more, so the next one goes on.
    await button(page, 'Back to sign-in').click()
    await signIn(page, theo)
    await expect(codeField(page)).toBeFocused()
  }
  const right = await server.totp(theo.totpSecret)
  await codeField(page).fill(right)
  const paused = 'Too many failed tries. Signing in is paused for a while. Try again in'
  await expect(alert(page)).toHaveText(`${paused} 15 minutes.`)
  await expect(codeField(page)).toBeFocused()
  await expect(codeField(page)).toHaveValue(right)
  await server.advance(5 * 60_000)
  await button(page, 'Verify').click()
  await expect(alert(page)).toHaveText(`${paused} 10 minutes.`)
  await server.advance(10 * 60_000)
  await button(page, 'Back to sign-in').click()
  await signIn(page, theo)
  await codeField(page).fill(await server.totp(theo.totpSecret))
  await isSignedIn(page, theo, 'aal2')
})

test('SI-19 OT-14 a limit on requests is told with its wait, and what was typed can be sent after it', async ({
  page,
  server,
}) => {
  await open(page)
  for (let tries = 1; tries <= 3; tries += 1) {
    await signIn(page, { email: theo.email, password: `wrong ${tries}` })
    await expect.poll(() => server.count('POST /sign-in/email')).toBe(tries)
    await expect(alert(page)).toHaveText('That sign-in did not work. Check your details and try again.')
  }
  await signIn(page, theo)
  await start(page, {
    says: /^Too many requests\. Wait a moment, then try again\. Try again in ([1-9]|10) seconds?\.$/,
    focus: 'Password',
    identifier: theo.email,
  })
  expect(await server.count('POST /sign-in/email')).toBe(4)
  await server.advance(11_000)
  await signIn(page, theo)
  await expect(card(page)).toHaveAttribute('data-step', 'second-factor')
})
