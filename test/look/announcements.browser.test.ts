import { afterEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { en } from '../../src/locales/en.js'
import { grace, radia } from '../../stories/support/users.js'
import * as ears from './listen.js'
import { show, stories, withPlainPage } from './screens.js'

withPlainPage()

let hearing: ears.Heard | undefined
const listen = () => (hearing = ears.listen())
afterEach(() => hearing?.stop())

const alert = () => page.getByRole('alert')
const shown = (name: string) => expect.element(page.getByRole('heading', { name })).toBeVisible()

async function submit(email: string, password: string) {
  await userEvent.fill(page.getByLabelText(en.start.email), email)
  await userEvent.fill(page.getByLabelText(en.start.password, { exact: true }), password)
  await userEvent.keyboard('{Enter}')
}

async function enterCode(code: string) {
  await userEvent.fill(page.getByLabelText(en.code.label, { exact: true }), code)
}

/** Long enough for what is said late, the wait. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 450))

describe('what is said', () => {
  it('TH-06 a refused password: once, as an error', async () => {
    await show(stories.signIn.Start)
    const { heard, lost } = listen()
    await submit(grace.email, 'wrong')
    await expect.element(alert()).toHaveTextContent(en.errors.invalid_credentials)
    await settle()
    expect(heard).toEqual([`alert: ${en.errors.invalid_credentials}`])
    await submit(grace.email, 'wrong again')
    await settle()
    expect(heard).toEqual([`alert: ${en.errors.invalid_credentials}`, `alert: ${en.errors.invalid_credentials}`])
    expect(lost.join()).toBe('')
  })

  it('TH-06 a missing field, and again when it is still missing', async () => {
    await show(stories.signIn.Start)
    const { heard } = listen()
    await userEvent.click(page.getByRole('button', { name: en.start.submit }))
    await expect.element(alert()).toHaveTextContent(en.start.identifierMissing)
    await settle()
    expect(heard).toEqual([`alert: ${en.start.identifierMissing}`])
  })

  it('TH-06 a wait: once, politely', async () => {
    const { heard } = listen()
    await show(stories.signIn.TotpChecking)
    await settle()
    expect(heard).toEqual([`status: ${en.common.working}`])
  })

  it('TH-06 a wrong code: once each time, with the tries that are left; the hint of the clock from the second on', async () => {
    await show(stories.signIn.Totp)
    const { heard, lost } = listen()
    await enterCode('000000')
    await expect.element(alert()).toHaveTextContent('4 tries left.')
    await enterCode('000001')
    await expect.element(alert()).toHaveTextContent('3 tries left.')
    await enterCode('000002')
    await expect.element(alert()).toHaveTextContent('2 tries left.')
    await settle()
    const wrong = en.errors.code_incorrect
    expect(heard).toEqual([
      `alert: ${wrong} 4 tries left.`,
      `alert: ${wrong} 3 tries left.`,
      `status: ${en.code.clockHint}`,
      `alert: ${wrong} 2 tries left.`,
      `status: ${en.code.clockHint}`,
    ])
    expect(lost.join()).toBe('')
  })

  it('TH-06 a new code on its way: once', async () => {
    await show(stories.signIn.AfterCooldown)
    const { heard } = listen()
    await userEvent.click(page.getByRole('button', { name: en.code.resend }))
    await expect.element(page.getByText(en.code.resent)).toBeVisible()
    await settle()
    expect(heard).toEqual([`status: ${en.code.resent}`])
  })

  it('TH-06 a countdown is not said each second', async () => {
    await show(stories.signIn.SecondFactorByEmail)
    const { heard } = listen()
    await expect.element(page.getByRole('timer')).toHaveTextContent('27 seconds')
    expect(heard).toEqual([])
  })

  it('TH-06 a step that the person took is said by the focus, not by a region', async () => {
    await show(stories.signIn.Start)
    const { heard, lost } = listen()
    await submit(radia.email, radia.password)
    await shown(en.code.totpTitle)
    await userEvent.click(page.getByRole('button', { name: en.common.otherWay }))
    await shown(en.choose.secondTitle)
    await settle()
    expect(heard).toEqual([])
    expect(lost.join()).toBe('')
    await expect.element(page.getByRole('heading')).toHaveFocus()
  })

  it('TH-06 copied codes, and codes that are not acknowledged: once each', async () => {
    await show(stories.backupCodes.Default)
    const { heard } = listen()
    await show(stories.backupCodes.Copied)
    await userEvent.click(page.getByRole('button', { name: en.backupCodes.done }))
    await expect.element(alert()).toHaveTextContent(en.backupCodes.acknowledgeMissing)
    await settle()
    expect(heard).toEqual([`status: ${en.backupCodes.copied}`, `alert: ${en.backupCodes.acknowledgeMissing}`])
  })
})
