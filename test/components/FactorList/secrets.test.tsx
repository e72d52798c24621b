import { act, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import '../../../src/components/AddFactor.js'
import '../../../src/components/LaterSteps.js'
import { en } from '../../../src/locales/en.js'
import { everyWay } from '../../support/everyWay.js'
import { realCeremony, stubBrowser } from '../../support/keyCeremony.js'
import {
  ada,
  appCode,
  createBackend,
  grace,
  renderFactors,
  startSession,
  totpSecret,
  withDialogs,
} from '../../support/renderFactors.js'
import { watchSecrets } from '../../support/watchSecrets.js'

const heading = (name: string) => screen.findByRole('heading', { name })
const password = 'S3ntinel-password ☂ 7f1c'

beforeEach(() => {
  localStorage.clear()
  withDialogs()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const shownCodes = () => screen.getAllByRole('listitem').map(({ textContent }) => textContent)

it('TE-17 BC-09 HA-11 no secret of an enrolment, of backup codes or of a removal is anywhere but on the screen that shows it', async () => {
  const backend = createBackend({ managePassword: true, users: [{ ...ada, password }] })
  await startSession(backend, { ...ada, password })
  const watch = watchSecrets(backend.adapter, { calls: backend.calls })
  watch.keep('the password', password)
  const page = renderFactors(backend.adapter, { acknowledge: 'type', issuer: 'Acme' })
  watch.told.push(page.events)
  const typePassword = async () => {
    await page.user.click(await screen.findByLabelText(en.enroll.password))
    await page.user.paste(password)
  }
  watch.look('the list')

  // A wrong password first: what was typed is gone with its refusal.
  await page.press(en.factors.addTotp)
  await heading(en.enroll.title)
  await page.user.type(screen.getByLabelText(en.enroll.password), 'S3ntinel wrong one')
  watch.keep('the wrong password', 'S3ntinel wrong one')
  await page.press(en.enroll.start)
  await waitFor(() => expect(screen.getByRole('alert')).not.toBeEmptyDOMElement())
  watch.look('a wrong password')

  await typePassword()
  await page.press(en.enroll.start)
  await heading(en.enroll.scanTitle)
  const link = screen.getByRole('link', { name: en.enroll.openApp })
  const uri = link.getAttribute('href') ?? ''
  const secret = new URL(uri).searchParams.get('secret') ?? ''
  expect(secret).toMatch(/^[A-Z2-7]{32}$/)
  watch.keep('the setup key', secret)
  watch.look('the key', [secret])
  backend.failNext('mfa.verify', 'network')
  const code = appCode(backend, secret)
  watch.keep('a code of the app', code)
  await page.user.type(screen.getByLabelText(en.enroll.codeLabel), code)
  await waitFor(() => expect(screen.getByRole('alert')).not.toBeEmptyDOMElement())
  watch.look('a lost verify', [secret, code])
  const next = appCode(backend, secret)
  watch.keep('the next code of the app', next)
  await page.user.clear(screen.getByLabelText(en.enroll.codeLabel))
  await page.user.type(screen.getByLabelText(en.enroll.codeLabel), next)
  await heading(en.backupCodes.title)
  const codes = shownCodes()
  expect(codes).toHaveLength(10)
  watch.keep('a backup code', ...codes)
  watch.look('the backup codes', codes)
  await page.user.type(screen.getByLabelText(en.backupCodes.typeBack), 'none of them')
  await page.press(en.backupCodes.done)
  await page.user.clear(screen.getByLabelText(en.backupCodes.typeBack))
  await page.user.type(screen.getByLabelText(en.backupCodes.typeBack), codes[0] ?? '')
  await page.press(en.backupCodes.done)
  await screen.findByText(en.factors.wasAdded, { exact: false })
  watch.look('the app is on')

  await page.press(en.factors.addPhone)
  await heading(en.phoneEnroll.title)
  await page.user.type(screen.getByLabelText(en.phoneEnroll.label), '+15550100')
  await typePassword()
  await page.press(en.phoneEnroll.submit)
  await heading(en.phoneEnroll.codeTitle)
  const sent = backend.outbox.latest()?.code ?? ''
  watch.keep('a code to a phone', sent)
  watch.look('a code was sent')
  await page.user.type(screen.getByLabelText(en.code.label), sent)
  await screen.findByText(en.factors.wasAdded, { exact: false })
  watch.look('the phone is on')

  backend.failNext('mfa.backupCodes.generate', 'network', { afterCommit: true })
  await page.press(en.factors.makeCodes)
  await typePassword()
  await page.press(en.factors.make)
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent(en.factors.codesLost))
  watch.look('lost codes')
  await typePassword()
  await page.press(en.factors.make)
  await heading(en.backupCodes.title)
  const fresh = shownCodes()
  watch.keep('a new backup code', ...fresh)
  watch.look('new codes', fresh)
  act(() => void dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })))
  watch.look('the page went away')
  act(() => void dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
  await page.press(en.factors.cancel)
  await heading(en.factors.title)

  await page.press(new RegExp(`^${en.factors.remove}\\s*${en.choose.totp}$`))
  await screen.findByRole('dialog')
  await typePassword()
  await page.press(en.removal.remove)
  await screen.findByText(en.factors.removed)
  watch.look('a removal')
  page.unmount()
  watch.look('the end')
  expect(page.events.map(({ type }) => type)).toEqual(expect.arrayContaining(['error', 'enrolled', 'removed']))
}, 60_000)

it('TE-17 BC-09 HA-11 nor is one of a passkey, of a renaming, or of new codes that a step-up comes before', async () => {
  const person = { ...grace, password }
  const backend = createBackend({ ...everyWay, managePassword: true, users: [person] })
  await startSession(backend, person, { totp: appCode(backend), trust: true })
  backend.clock.advance(30_000)
  const watch = watchSecrets(backend.adapter, { calls: backend.calls })
  watch.keep('the password', password)
  watch.keep('the setup key', totpSecret)
  watch.keep('a backup code of before', ...grace.backupCodes)
  const page = renderFactors(backend.adapter)
  watch.told.push(page.events)
  const typePassword = async () => {
    await page.user.click(await screen.findByLabelText(en.enroll.password))
    await page.user.paste(password)
  }
  const codeOfApp = () => {
    const code = appCode(backend)
    watch.keep('a code of the app', code)
    return code
  }

  // New codes: the session has not shown its second factor.
  await page.press(en.factors.makeCodes)
  await typePassword()
  await page.press(en.factors.make)
  await heading(en.code.totpTitle)
  watch.look('the challenge')
  const wrong = 'S3NT1N'
  watch.keep('what was typed for a code', wrong)
  const field = await screen.findByLabelText(en.code.label)
  await page.user.type(field, wrong)
  watch.look('half a code', [wrong])
  await page.user.clear(field)
  await page.user.type(field, codeOfApp())
  await heading(en.backupCodes.title)
  const codes = shownCodes()
  watch.keep('a new backup code', ...codes)
  watch.look('new codes', codes)
  await page.user.click(screen.getByRole('checkbox'))
  await page.press(en.backupCodes.done)
  await heading(en.factors.title)
  watch.look('stored')

  // A passkey, first one that the browser refuses.
  const ceremony = realCeremony()
  stubBrowser(() => Promise.reject(new DOMException(`no ${password}`, 'NotAllowedError')))
  await page.press(en.factors.addWebauthn)
  await heading(en.passkeyEnroll.title)
  await typePassword()
  await page.press(en.passkeyEnroll.start)
  await heading(en.passkeyEnroll.createTitle)
  watch.look('the options')
  await page.press(en.passkeyEnroll.create)
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent(en.passkeyEnroll.cancelled))
  watch.look('a refused ceremony')
  stubBrowser(ceremony)
  await page.press(en.passkeyEnroll.create)
  await screen.findByText(en.factors.wasAdded, { exact: false })
  watch.look('the passkey is on')

  await page.press(new RegExp(`^${en.factors.rename}\\s*${en.choose.totp}$`))
  await heading(en.factors.renameTitle)
  watch.look('the name')
  backend.failNext('mfa.rename', 'network')
  await page.user.clear(screen.getByLabelText(en.factors.nameLabel))
  await page.user.type(screen.getByLabelText(en.factors.nameLabel), 'Old phone{Enter}')
  await waitFor(() => expect(screen.getByRole('alert')).not.toBeEmptyDOMElement())
  watch.look('a lost name')
  await page.press(en.factors.save)
  await screen.findByText(en.factors.renamed)
  watch.look('renamed')
  page.unmount()
  watch.look('the end')
}, 60_000)
