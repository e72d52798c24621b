import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import type { MemoryBackend } from '../../../src/adapters/memory/index.js'
import '../../../src/components/AddFactor.js'
import { FactorList } from '../../../src/components/FactorList.js'
import '../../../src/components/LaterSteps.js'
import { MfaGate } from '../../../src/components/MfaGate.js'
import type { Factor } from '../../../src/core/enrollment.js'
import { AuthProvider } from '../../../src/hooks/context.js'
import { en } from '../../../src/locales/en.js'
import { ada, appCode, createBackend, grace, renderFactors, startSession, withDialogs } from '../../support/renderFactors.js'

const calls = (backend: MemoryBackend, verb: string) => backend.calls.filter((call) => call.verb === verb).length
const heading = (name: string) => screen.findByRole('heading', { name })
const app = (act: string) => new RegExp(`^${act}\\s*${en.choose.totp}$`)
const number = () => screen.getByLabelText<HTMLInputElement>(en.phoneEnroll.label)

beforeEach(() => localStorage.clear())

/** Someone with an app, whose session has not shown it. */
async function withoutProof() {
  const backend = createBackend()
  await startSession(backend, grace, { totp: appCode(backend), trust: true })
  return backend
}

it('TE-16 adding a factor where another has to be shown first: it is asked for, then what was begun goes on, once', async () => {
  const backend = await withoutProof()
  const page = renderFactors(backend.adapter)
  await page.press(en.factors.addPhone)
  await heading(en.phoneEnroll.title)
  await page.user.type(number(), '+1 (555) 010-0100')
  await page.press(en.phoneEnroll.submit)
  await heading(en.code.totpTitle)
  expect(calls(backend, 'mfa.enroll')).toBe(1)
  await page.user.type(screen.getByLabelText(en.code.label), appCode(backend))
  await heading(en.phoneEnroll.codeTitle)
  expect(document.body).toHaveTextContent('We sent a code to +1 (555) 010-0100.')
  expect(calls(backend, 'mfa.enroll')).toBe(2)
  await page.user.type(screen.getByLabelText(en.code.label), backend.outbox.latest()?.code ?? '')
  await screen.findByText(en.factors.wasAdded, { exact: false })
})

it('TE-16 who gives the step-up up is back where they were, and nothing was begun', async () => {
  const backend = await withoutProof()
  const page = renderFactors(backend.adapter)
  await page.press(en.factors.addPhone)
  await heading(en.phoneEnroll.title)
  await page.user.type(number(), '+15550100')
  await page.press(en.phoneEnroll.submit)
  await heading(en.code.totpTitle)
  await page.press(en.stepUp.cancel)
  await heading(en.phoneEnroll.title)
  expect(number()).toHaveValue('+15550100')
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent(en.errors.step_up_required))
  expect(calls(backend, 'mfa.enroll')).toBe(1)
})

it('TE-16 the same on removing: challenged, and removed with one more call', async () => {
  withDialogs()
  const backend = await withoutProof()
  const page = renderFactors(backend.adapter)
  await page.press(app(en.factors.remove))
  await page.press(en.removal.remove)
  await heading(en.code.totpTitle)
  expect(calls(backend, 'mfa.unenroll')).toBe(1)
  await page.user.type(screen.getByLabelText(en.code.label), appCode(backend))
  await screen.findByText(en.factors.removed)
  expect(calls(backend, 'mfa.unenroll')).toBe(2)
})

it('TE-20 when a factor is on, it is said, and another one or backup codes are offered; the app says what it likes', async () => {
  const backend = createBackend()
  await startSession(backend, ada)
  const page = renderFactors(backend.adapter, { notice: 'A message is on its way.' })
  await page.press(en.factors.addPhone)
  await heading(en.phoneEnroll.title)
  await page.user.type(number(), '+15550100')
  await page.press(en.phoneEnroll.submit)
  await heading(en.phoneEnroll.codeTitle)
  await page.user.type(screen.getByLabelText(en.code.label), backend.outbox.latest()?.code ?? '')
  await heading(en.backupCodes.title)
  await page.user.click(screen.getByRole('checkbox'))
  await page.press(en.backupCodes.done)
  const status = await screen.findByText(en.factors.wasAdded, { exact: false })
  await waitFor(() => expect(status).toHaveTextContent(en.enroll.offerAnother))
  expect(status).toHaveTextContent('A message is on its way.')
  expect(status).not.toHaveTextContent(en.enroll.othersEnded)
  expect(screen.getByRole('button', { name: en.factors.addTotp })).toBeVisible()
  expect(screen.getByRole('button', { name: en.factors.makeCodes })).toBeVisible()
})

it('TE-19 after a removal the level of the session is read anew', async () => {
  withDialogs()
  const backend = createBackend()
  await startSession(backend, grace, { totp: appCode(backend) })
  const page = renderFactors(backend.adapter)
  await page.press(app(en.factors.remove))
  const before = calls(backend, 'session.get')
  await page.press(en.removal.remove)
  await screen.findByText(en.factors.removed)
  await waitFor(() => expect(calls(backend, 'session.get')).toBeGreaterThan(before))
  expect(await backend.adapter.session.get()).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' })
})

it('BC-10 who signed in with a backup code is led to set up again what they have lost, and nothing was switched off', async () => {
  const backend = createBackend()
  await startSession(backend, grace, { backup_code: grace.backupCodes[0] })
  renderFactors(backend.adapter)
  expect(await screen.findByText(en.factors.recovered)).toBeVisible()
  expect(screen.getByRole('button', { name: app(en.factors.remove) })).toBeVisible()
  expect(await backend.adapter.session.get()).toMatchObject({ nextLevel: 'aal2' })
  const again = await backend.connect().signIn.create({ identifier: grace.email, password: grace.password })
  expect(again.status).toBe('needs_second_factor')
})

it.each(['visibilitychange', 'online', 'focus'])('the list is asked for again, once, on %s', async (event) => {
  const backend = createBackend()
  await startSession(backend, grace, { totp: appCode(backend) })
  const page = renderFactors(backend.adapter)
  await screen.findByRole('button', { name: en.factors.makeCodes })
  const before = calls(backend, 'mfa.listFactors')
  if (event === 'online') act(() => void window.dispatchEvent(new Event('offline')))
  await act(async () => void window.dispatchEvent(new Event(event)))
  await waitFor(() => expect(calls(backend, 'mfa.listFactors')).toBe(before + 1))
  page.unmount()
  window.dispatchEvent(new Event(event))
  await act(async () => {})
  expect(calls(backend, 'mfa.listFactors')).toBe(before + 1)
})

it('BC-10 nobody else is told so', async () => {
  const backend = createBackend()
  await startSession(backend, grace, { totp: appCode(backend) })
  renderFactors(backend.adapter)
  await screen.findByRole('button', { name: en.factors.makeCodes })
  await act(async () => {})
  expect(document.body).not.toHaveTextContent(en.factors.recovered)
})

it('BC-10 a backup code is taken on top of a first factor only', async () => {
  const backend = createBackend()
  const { signIn } = backend.adapter
  const attempt = await signIn.create({ identifier: grace.email })
  expect(attempt.supportedFirstFactors.map(({ strategy }) => strategy)).not.toContain('backup_code')
  for (const { id } of attempt.supportedFirstFactors)
    await expect(signIn.attemptFirstFactor({ id: attempt.id }, { factorId: id, code: grace.backupCodes[0] })).rejects.toThrow()
  await expect(
    signIn.attemptSecondFactor({ id: attempt.id }, { factorId: 'backup_code:1', code: grace.backupCodes[0] }),
  ).rejects.toThrow()
  expect(await signIn.reload({ id: attempt.id })).toMatchObject({ status: 'needs_first_factor' })
})

it('BC-01 BC-04 a regenerated set can be asked back for too, and its file names the site and the account', async () => {
  const backend = createBackend()
  await startSession(backend, grace, { totp: appCode(backend) })
  const page = renderFactors(backend.adapter, { acknowledge: 'type', issuer: 'Acme' })
  await page.press(en.factors.makeCodes)
  await page.press(en.factors.make)
  await heading(en.backupCodes.title)
  const files: Blob[] = []
  Object.assign(URL, { createObjectURL: (blob: Blob) => (files.push(blob), 'blob:x'), revokeObjectURL: () => {} })
  await page.press(en.backupCodes.download)
  const text = (await files[0]?.text()) ?? ''
  expect(text).toContain('Backup codes for Acme\nAccount: Grace Hopper\n')
  const [code = ''] = screen.getAllByRole('listitem').map(({ textContent }) => textContent)
  expect(text).toContain(code)
  await page.user.type(screen.getByLabelText(en.backupCodes.typeBack), `${code}{Enter}`)
  await heading(en.factors.title)
  expect(document.body.outerHTML).not.toContain(code)
})

it('PK-15 a factor of one’s own is named, with when it was added and last used', async () => {
  const backend = createBackend()
  await startSession(backend, grace, { totp: appCode(backend) })
  const page = renderFactors(backend.adapter)
  await page.press(app(en.factors.rename))
  await page.user.type(await screen.findByLabelText(en.factors.nameLabel), 'Work phone{Enter}')
  await screen.findByText(en.factors.renamed)
  const item = (await screen.findByText('Work phone', { selector: 'bdi' })).closest('li')
  expect(item).toHaveTextContent(/Added May 11, 2026/)
})

it('each change is offered for the factors that take it, and no other', async () => {
  const backend = createBackend()
  await startSession(backend, grace, { totp: appCode(backend) })
  const { mfa } = backend.adapter
  const list = (changes: Factor['changes']) => async () => ((await mfa?.listFactors()) ?? []).map((one) => ({ ...one, changes }))
  const offered = async (changes: Factor['changes'], without?: 'makeDefault') => {
    const { makeDefault: _, ...plain } = mfa ?? expect.unreachable()
    const kept = without ? plain : (mfa ?? expect.unreachable())
    renderFactors({ ...backend.adapter, mfa: { ...kept, listFactors: list(changes) } })
    await screen.findByRole('button', { name: app(en.factors.remove) })
    const names = [en.factors.rename, en.factors.makeDefault].filter((act) => screen.queryByRole('button', { name: app(act) }))
    cleanup()
    return names
  }
  const { rename, makeDefault } = en.factors
  expect(await offered(undefined)).toEqual([rename, makeDefault])
  expect(await offered(['rename'])).toEqual([rename])
  expect(await offered(['make_default'])).toEqual([makeDefault])
  expect(await offered([])).toEqual([])
  expect(await offered(undefined, 'makeDefault')).toEqual([rename])
})

it('a factor is made the default one: it is said, marked, and sign-in offers it first', async () => {
  const backend = createBackend()
  await startSession(backend, grace, { totp: appCode(backend) })
  const { mfa, signIn } = backend.adapter
  const enrollment = await mfa?.enroll({ type: 'phone', phone: '+15550100', friendlyName: 'Work' })
  const enrollmentId = (enrollment?.status === 'pending' && enrollment.id) || ''
  await mfa?.verify({ enrollmentId, code: backend.outbox.latest()?.code ?? '' })
  const page = renderFactors(backend.adapter)
  await page.press(/^Make default\s*Work$/)
  await screen.findByText(en.factors.madeDefault)
  const item = screen.getByText('Work', { selector: 'bdi' }).closest('li')
  await waitFor(() => expect(item).toHaveTextContent(en.factors.isDefault))
  expect(screen.queryByRole('button', { name: /^Make default\s*Work$/ })).toBeNull()
  expect(screen.getByRole('heading', { name: en.factors.title })).toHaveFocus()
  await backend.adapter.session.signOut()
  const attempt = await signIn.create({ identifier: grace.email, password: grace.password ?? '' })
  expect(attempt.supportedSecondFactors?.filter(({ primary }) => primary).map(({ strategy }) => strategy)).toEqual(['phone_code'])
})

it('a default that could not be confirmed is said where it was asked for', async () => {
  const backend = createBackend()
  await startSession(backend, grace, { totp: appCode(backend) })
  const page = renderFactors(backend.adapter)
  await screen.findByRole('button', { name: app(en.factors.makeDefault) })
  backend.failNext('mfa.makeDefault', 'network')
  await page.press(app(en.factors.makeDefault))
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent(en.factors.notConfirmed))
  expect(screen.queryByText(en.factors.isDefault)).toBeNull()
})

it('MG-15 beside a gate that wants a proof too, one challenge is drawn: the list’s own, until it is over', async () => {
  const backend = await withoutProof()
  const user = userEvent.setup()
  render(
    <AuthProvider adapter={backend.adapter}>
      <MfaGate>for aal2</MfaGate>
      <FactorList />
    </AuthProvider>,
  )
  await heading(en.gate.stepUpTitle)
  const steps = () => [...document.querySelectorAll('[data-slot="card"]')].map((card) => card.getAttribute('data-step'))
  await user.click(await screen.findByRole('button', { name: en.factors.makeCodes }))
  await user.click(await screen.findByRole('button', { name: en.factors.make }))
  await heading(en.code.totpTitle)
  await waitFor(() => expect(steps()).toEqual(['waiting', 'second-factor']))
  await user.click(screen.getByRole('button', { name: en.stepUp.cancel }))
  await waitFor(() => expect(steps()).toEqual(['step_up', 'new-codes']))
})
