import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { grace } from '../../stories/support/users.js'
import { controls, screens, show, stories, withPlainPage } from './screens.js'

withPlainPage()

const nameOf = (one: Element | null) =>
  one instanceof HTMLInputElement
    ? (one.labels?.[0]?.textContent ?? one.name)
    : (one?.getAttribute('aria-label') ?? one?.textContent ?? '')

/** Presses Tab from the top of the page until the focus has left it; answers with the stops. */
async function tabThrough(): Promise<HTMLElement[]> {
  const stops: HTMLElement[] = []
  fromTheTop()
  for (let presses = 0; presses < 40; presses++) {
    await userEvent.tab()
    const stop = document.activeElement
    if (!(stop instanceof HTMLElement) || stop === document.body || stops.includes(stop)) break
    stops.push(stop)
  }
  return stops
}

/** The next Tab goes to the first stop of the page. */
function fromTheTop() {
  const top = document.createElement('button')
  document.body.prepend(top)
  top.focus()
  top.remove()
}

async function pressUntil(name: string) {
  for (let presses = 0; presses < 40; presses++) {
    if (nameOf(document.activeElement) === name) return
    await userEvent.tab()
  }
  throw new Error(`No tab stop is called "${name}".`)
}

const heading = (name: string) => expect.element(page.getByRole('heading', { name })).toBeVisible()

describe('tab stops', () => {
  it.each(Object.entries(screens))(
    'TH-03 TH-07 the screen "%s" is tabbed through in the order of its look, and left again; every stop shows its focus, in sight and on top',
    async (_, screen) => {
      await show(screen)
      const stops = await tabThrough()
      expect(stops.map(nameOf)).toEqual(controls().map(nameOf))
      const tops = stops.map((one) => one.getBoundingClientRect().bottom)
      expect(tops).toEqual([...tops].sort((a, b) => a - b))
      expect([...document.querySelectorAll('[tabindex]')].map((one) => one.getAttribute('tabindex'))).not.toContain('1')

      await page.viewport(320, 256)
      for (const stop of await tabThrough()) {
        stop.focus()
        await userEvent.keyboard('{Shift}')
        const shown = stop.dataset.slot === 'otp-input' ? document.querySelector('[data-slot=otp-cell][data-active]') : stop
        const { outlineStyle, outlineWidth } = getComputedStyle(shown as Element)
        expect(`${nameOf(stop)}: ${outlineStyle} ${outlineWidth}`).toBe(`${nameOf(stop)}: solid 2px`)
        stop.scrollIntoView({ block: 'nearest' })
        const box = stop.getBoundingClientRect()
        expect(box.top, nameOf(stop)).toBeGreaterThan(-1)
        expect(box.bottom, nameOf(stop)).toBeLessThan(innerHeight + 1)
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
        expect(stop.contains(top) || top?.closest('label')?.contains(stop), nameOf(stop)).toBe(true)
      }
    },
  )
})

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
