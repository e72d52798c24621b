import { screen, waitFor } from '@testing-library/react'
import { TOTP } from 'otpauth'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createMemoryBackend } from '../../../src/adapters/memory/index.js'
import type { AuthEvent } from '../../../src/core/events.js'
import { en } from '../../../src/locales/en.js'
import { everyWay } from '../../support/everyWay.js'
import { button, codeField, identifierField, passwordField, renderSignIn } from '../../support/renderSignIn.js'
import { watchSecrets } from '../../support/watchSecrets.js'

const password = 'S3ntinel-password ☂ 7f1c'
const totpSecret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
const backupCodes = ['k7mq-2wxp', 'v3hn-8drt']
const ada = { id: 'ada', email: 'ada@example.com', password, totp: { secret: totpSecret }, backupCodes }

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  history.replaceState(null, '', '/')
})

/** A sign-in of somebody with an app and backup codes, watched from the first screen on. */
function watched() {
  const backend = createMemoryBackend({ ...everyWay, identifiers: ['email'], users: [ada], manualTime: Date.UTC(2026, 4, 11, 9) })
  const watch = watchSecrets(backend.adapter, { calls: backend.calls })
  const events: AuthEvent[] = []
  const onComplete = vi.fn()
  watch.told.push(events, onComplete.mock.calls)
  watch.keep('the password', password)
  watch.keep('the setup key', totpSecret)
  watch.keep('a backup code', ...backupCodes)
  const page = renderSignIn({ adapter: backend.adapter, onEvent: (event) => events.push(event), onComplete })
  const heading = (name: string) => screen.findByRole('heading', { name })
  const alert = () => waitFor(() => expect(screen.getByRole('alert')).not.toBeEmptyDOMElement())
  /** Types a secret, which is looked for from now on. */
  async function enter(what: string, field: HTMLElement, secret: string) {
    watch.keep(what, secret)
    await page.user.clear(field)
    await page.user.click(field)
    await page.user.paste(secret)
  }
  async function withPassword(given: string, what: string) {
    await page.user.clear(identifierField())
    await page.user.type(identifierField(), ada.email)
    await enter(what, passwordField(), given)
    await page.user.click(button(en.start.submit))
  }
  const mailed = () => backend.outbox.latest(ada.email)?.code ?? ''
  const appCode = () => new TOTP({ secret: totpSecret }).generate({ timestamp: backend.clock.now() })
  async function done() {
    await heading(en.complete.title)
    watch.look('signed in')
    await waitFor(() => expect(onComplete).toHaveBeenCalledOnce())
    page.unmount()
    watch.look('the end')
    expect(events.length).toBeGreaterThan(0)
  }
  return { ...page, backend, watch, heading, alert, enter, withPassword, mailed, appCode, done }
}

it('HA-11 no secret of a sign-in by password and app is anywhere but in its field: refused, lost, passed', async () => {
  const page = watched()
  const { watch, backend } = page
  watch.look('the first screen')
  await page.withPassword('S3ntinel wrong one', 'a wrong password')
  await page.alert()
  watch.look('a wrong password')
  backend.failNext('signIn.create', 'network')
  await page.withPassword(password, 'the password')
  await page.alert()
  watch.look('a lost answer')
  await page.withPassword(password, 'the password')
  await page.heading(en.code.totpTitle)
  watch.look('the second factor')
  const code = page.appCode()
  backend.failNext('signIn.attemptSecondFactor', 'network')
  await page.enter('a code of the app', await codeField(), code)
  await page.alert()
  watch.look('a lost code', [code])
  await page.user.click(button(en.code.submit))
  await page.done()
})

it('HA-11 nor of one by a code that was mailed, and a backup code', async () => {
  const page = watched()
  const { watch, user } = page
  await user.type(identifierField(), ada.email)
  await user.click(button(en.start.ways.email_code))
  await codeField()
  watch.keep('a mailed code', page.mailed())
  watch.look('the code was sent')
  await page.enter(
    'a wrong code',
    await codeField(),
    page.mailed().replace(/.$/, (last) => String((Number(last) + 1) % 10)),
  )
  await page.alert()
  watch.look('a wrong code', [(await codeField()).value])
  await page.enter('a mailed code', await codeField(), page.mailed())
  await page.heading(en.code.totpTitle)
  watch.look('the second factor')
  await user.click(button(en.common.otherWay))
  await user.click(await screen.findByRole('button', { name: en.choose.backupCode }))
  await page.heading(en.backupCode.title)
  const field = screen.getByLabelText(en.backupCode.label)
  await page.enter('none of the backup codes', field, 's3nt-inel')
  await user.click(button(en.backupCode.submit))
  await page.alert()
  watch.look('a wrong backup code', ['s3nt-inel'])
  await page.enter('a backup code', screen.getByLabelText(en.backupCode.label), backupCodes[0] ?? '')
  await user.click(button(en.backupCode.submit))
  await page.done()
})

it('HA-11 nor of a password that is reset: its code, the one refused, the new one', async () => {
  const page = watched()
  const { watch, user } = page
  await user.type(identifierField(), ada.email)
  await user.click(button(en.start.ways.reset_password_email_code))
  await codeField()
  watch.keep('the reset’s code', page.mailed())
  watch.look('the code was sent')
  await user.click(await codeField())
  await user.paste(page.mailed())
  const field = await screen.findByLabelText(en.newPassword.label)
  watch.look('a new password is asked for')
  await page.enter('a password that is too short', field, 'S3ntin')
  await user.click(button(en.newPassword.submit))
  await page.alert()
  watch.look('a password was refused', [screen.getByLabelText<HTMLInputElement>(en.newPassword.label).value])
  const fresh = 'S3ntinel brand new one ☂'
  await page.enter('the new password', screen.getByLabelText(en.newPassword.label), fresh)
  await user.click(button(en.newPassword.submit))
  await page.heading(en.code.totpTitle)
  watch.look('the second factor')
  await page.enter('a code of the app', await codeField(), page.appCode())
  await page.done()
})
