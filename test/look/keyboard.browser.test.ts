import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { grace } from '../../stories/support/users.js'
import { show, stories, withPlainPage } from './screens.js'
import { fromTheTop, nameOf } from './tabThrough.js'

withPlainPage()

async function pressUntil(name: string) {
  for (let presses = 0; presses < 40; presses++) {
    if (nameOf(document.activeElement) === name) return
    await userEvent.tab()
  }
  throw new Error(`No tab stop is called "${name}".`)
}

const heading = (name: string) => expect.element(page.getByRole('heading', { name })).toBeVisible()

describe('a whole sign-in without a mouse', () => {
  it('TH-07 password, another way, a backup code, signing out', async () => {
    await show(stories.signIn.Start)
    fromTheTop()
    await pressUntil('Email address')
    await userEvent.keyboard(grace.email)
    await userEvent.tab()
    await userEvent.keyboard(grace.password)
    await userEvent.keyboard('{Enter}')
    await heading('Enter the code from your app')
    await expect.element(page.getByLabelText('Code', { exact: true })).toHaveFocus()
    await pressUntil('Try another way')
    await userEvent.keyboard('{Enter}')
    await heading('Confirm it is you')
    await pressUntil('Backup code ')
    await userEvent.keyboard(' ')
    await heading('Use a backup code')
    await expect.element(page.getByLabelText('Backup code', { exact: true })).toHaveFocus()
    await userEvent.keyboard(grace.backupCodes[1])
    await userEvent.keyboard('{Enter}')
    await heading('You are signed in')
    await expect.element(page.getByRole('heading')).toHaveFocus()
    await pressUntil('Sign out')
    await userEvent.keyboard('{Enter}')
    await heading('Sign in')
  })

  it('TH-07 the password is shown and hidden, and submitted from its field', async () => {
    await show(stories.signIn.Prefilled)
    await pressUntil('Show password')
    await userEvent.keyboard(' ')
    await expect.element(page.getByLabelText('Password', { exact: true })).toHaveAttribute('type', 'text')
    await expect.element(page.getByRole('button', { name: 'Hide password' })).toHaveFocus()
    await userEvent.tab({ shift: true })
    await userEvent.keyboard('wrong')
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByRole('alert')).toHaveTextContent('That sign-in did not work.')
    await expect.element(page.getByLabelText('Password', { exact: true })).toHaveFocus()
  })

  it('TH-07 an enrolment with the key, and storing the backup codes', async () => {
    await show(stories.enroll.Scan)
    await pressUntil('Cannot scan it? Use a key instead')
    await userEvent.keyboard('{Enter}')
    await pressUntil('Copy key')
    await expect.element(page.getByText('Setup key')).toBeVisible()
    await userEvent.keyboard('{Enter}')
    await pressUntil('Open in an app on this device')
    await show(stories.enroll.Codes)
    await expect.element(page.getByRole('heading')).toHaveFocus()
    await pressUntil('Copy codes')
    await pressUntil('Download')
    await pressUntil('Print')
    await userEvent.tab()
    await userEvent.keyboard(' ')
    await expect.element(page.getByRole('checkbox')).toBeChecked()
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    await heading('Your authenticator app is on')
  })
})
