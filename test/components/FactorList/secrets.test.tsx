import { act, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { MemoryBackend } from '../../../src/adapters/memory/index.js'
import '../../../src/components/AddFactor.js'
import '../../../src/components/LaterSteps.js'
import { factorQueryOf, sessionQueryOf } from '../../../src/hooks/sessionQuery.js'
import { en } from '../../../src/locales/en.js'
import { findSecret } from '../../../src/testing/findSecret.js'
import { ada, appCode, createBackend, renderFactors, startSession, withDialogs } from '../../support/renderFactors.js'

const heading = (name: string) => screen.findByRole('heading', { name })
const password = 'S3ntinel-password ☂ 7f1c'

beforeEach(() => {
  localStorage.clear()
  withDialogs()
})
afterEach(() => vi.restoreAllMocks())

/** Everything that this page, its storage, its console and its app could tell, and what must not be in it. */
function watchAll(backend: MemoryBackend) {
  const secrets = new Map<string, string>()
  const told: unknown[] = []
  for (const way of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, way).mockImplementation((...said: unknown[]) => void told.push(said))
  vi.stubGlobal('reportError', (thrown: unknown) => told.push(thrown))
  for (const way of ['pushState', 'replaceState'] as const) {
    const real = history[way].bind(history)
    vi.spyOn(history, way).mockImplementation((...given) => {
      told.push(given)
      real(...given)
    })
  }
  return {
    told,
    keep: (what: string, ...found: string[]) => found.forEach((one) => secrets.set(one, what)),
    /** `shown`: secrets that the screen is there to show. */
    look(step: string, shown: readonly string[] = []) {
      const hidden = new Map([...secrets].filter(([one]) => !shown.includes(one)))
      const fields = [...document.querySelectorAll('input')].map(({ value }) => value)
      expect(findSecret([document.documentElement.outerHTML, fields], hidden, step)).toBeUndefined()
      const elsewhere = {
        address: location.href,
        history: history.state as unknown,
        storage: [{ ...localStorage }, { ...sessionStorage }],
        cookies: document.cookie,
        session: sessionQueryOf(backend.adapter).get(),
        factors: factorQueryOf(backend.adapter).get(),
        calls: backend.calls,
        told,
      }
      expect(findSecret(elsewhere, secrets, step)).toBeUndefined()
    },
  }
}

const shownCodes = () => screen.getAllByRole('listitem').map(({ textContent }) => textContent)

it('TE-17 BC-09 HA-11 no secret of an enrolment, of backup codes or of a removal is anywhere but on the screen that shows it', async () => {
  const backend = createBackend({ managePassword: true, users: [{ ...ada, password }] })
  await startSession(backend, { ...ada, password })
  const watch = watchAll(backend)
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
