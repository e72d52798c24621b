import { page, userEvent } from 'vitest/browser'
import { expect, it } from 'vitest'
import { render } from 'vitest-browser-react'
import { SignIn } from '../../../src/components/SignIn.js'
import { AuthProvider } from '../../../src/hooks/context.js'
import '../../../src/styles.css'
import { withClipboard } from '../../support/withClipboard.js'
import { attempt, scriptedAdapter, sentinels, session } from '../../support/scriptedAdapter.js'

async function opened(firstFactorsPerUser = false) {
  const fake = scriptedAdapter({
    capabilities: { firstFactorsPerUser },
    answers: { 'session.get': () => null, 'signIn.resume': () => ({ attempt: null }) },
  })
  await render(
    <AuthProvider adapter={fake.adapter}>
      <SignIn />
    </AuthProvider>,
  )
  return fake
}

const identifier = page.getByRole('textbox', { name: 'Email address' })
const password = page.getByLabelText('Password', { exact: true })
const element = (locator: typeof password) => locator.element() as HTMLInputElement

it('SI-08 the toggle keeps the caret where it was', async () => {
  await opened()
  await password.fill('secret words')
  element(password).focus()
  element(password).setSelectionRange(3, 7)
  for (const name of ['Show password', 'Hide password']) {
    await page.getByRole('button', { name }).click()
    expect(document.activeElement).toBe(element(password))
    expect([element(password).selectionStart, element(password).selectionEnd]).toEqual([3, 7])
  }
})

it('SI-06 text from the clipboard goes into every field', async () => {
  const fake = await opened()
  const source = document.body.appendChild(Object.assign(document.createElement('input'), { value: 'ada@example.com' }))
  await withClipboard(async () => {
    source.select()
    await userEvent.copy()
    await identifier.click()
    await userEvent.paste()
  })
  await expect.element(identifier).toHaveValue('ada@example.com')

  source.value = sentinels.password
  await withClipboard(async () => {
    source.select()
    await userEvent.copy()
    await password.click()
    await userEvent.paste()
  })
  source.remove()
  await userEvent.keyboard('{Enter}')
  const create = await fake.next('signIn.create')
  expect(create.params).toEqual({ identifier: 'ada@example.com', password: sentinels.password })
})

it('SI-05 the kept identifier is hidden by CSS alone, and no stop of the Tab key', async () => {
  const fake = await opened(true)
  await identifier.fill('ada@example.com')
  await userEvent.keyboard('{Enter}')
  await (await fake.next('signIn.create')).resolve(attempt())
  await expect.element(password).toBeVisible()
  const kept = document.querySelector<HTMLInputElement>('input[autocomplete=username]') as HTMLInputElement
  const style = getComputedStyle(kept)
  const box = kept.getBoundingClientRect()
  expect(kept.type).toBe('text')
  expect(kept.value).toBe('ada@example.com')
  // Password managers pass over what is not rendered.
  expect(style.display).not.toBe('none')
  expect(style.visibility).toBe('visible')
  expect(box.width).toBeLessThanOrEqual(1)
  expect(box.height).toBeLessThanOrEqual(1)
  expect(document.activeElement).toBe(element(password))
  await userEvent.tab({ shift: true })
  expect(document.activeElement).not.toBe(kept)
})

it('SI-31 in a whole sign-in the focus never falls to the page', async () => {
  const fake = await opened()
  await identifier.fill('ada@example.com')
  await password.fill('secret')
  let fell = 0
  const look = () => {
    if (document.activeElement === document.body) fell++
  }
  const observer = new MutationObserver(() => setTimeout(look, 50))
  observer.observe(document.body, { childList: true, subtree: true })
  await userEvent.keyboard('{Enter}')
  await (await fake.next('signIn.create')).resolve(attempt({ status: 'needs_second_factor' }))
  await userEvent.fill(page.getByRole('textbox', { name: 'Code' }), '123456')
  await (await fake.next('signIn.attemptSecondFactor')).resolve(attempt({ status: 'complete' }))
  await (await fake.next('signIn.finish')).resolve(session())
  await expect.element(page.getByRole('heading', { name: 'You are signed in' })).toHaveFocus()
  await new Promise((resolve) => setTimeout(resolve, 100))
  observer.disconnect()
  expect(fell).toBe(0)
})
