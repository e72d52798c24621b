import { expect, it } from 'vitest'
import { createMemoryBackend } from '../../src/adapters/memory/index.js'
import { createEngine } from '../../src/core/engine.js'
import { fakeClock, flush } from '../support/fakeClock.js'
import { everyWay, origin, rpId } from '../support/everyWay.js'
import { softAuthenticator } from '../support/softAuthenticator.js'
import { attempt, scriptedAdapter } from '../support/scriptedAdapter.js'

const ada = { id: 'ada', email: 'ada@example.com', password: 'correct horse battery', phone: '+15550100' }

/** A page of one browser on a backend in memory; `visited` and `shown` are what the window did. */
function open(backend = createMemoryBackend({ ...everyWay, users: [ada] }), browser = 'default') {
  const clock = fakeClock()
  const visited: string[] = []
  const shown: string[] = []
  const { signIn } = createEngine({
    adapter: backend.connect({ browser }),
    clock,
    timeoutMs: 10_000,
    page: {
      urlFor: (way) => `https://app.test/sign-in?latchkey=${way}`,
      visit: (url) => void visited.push(url),
      landed: (url) => void shown.push(`${url}`),
    },
    emit: () => undefined,
    report: (thrown) => expect.unreachable(String(thrown)),
    warn: () => undefined,
  })
  const link = () => backend.outbox.latest(ada.email)?.link ?? expect.unreachable('no link was sent')
  return { backend, clock, visited, shown, signIn, state: signIn.get, link }
}

function newPopup() {
  const visited: string[] = []
  const popup = { closed: false, visit: (url: string) => void visited.push(url), close: () => void (popup.closed = true) }
  return { popup, visited }
}

it('SI-24 a provider is visited once, and what it answers is exchanged once and leaves the address', async () => {
  const page = open()
  await page.signIn.create({ strategy: 'oauth_google' })
  expect(page.state()).toMatchObject({ step: 'away', pending: null })
  expect(page.visited).toHaveLength(1)
  const url = page.backend.provider.answer(page.visited[0] ?? '', { as: ada.email })
  expect(new URL(url).searchParams.get('latchkey')).toBe('return')
  const back = open(page.backend)
  await Promise.all([back.signIn.resume(url), back.signIn.resume(url)])
  expect(back.state()).toMatchObject({ step: 'complete', session: { user: { id: 'ada' } } })
  expect(back.backend.calls.filter(({ verb }) => verb === 'signIn.resume')).toHaveLength(1)
  expect(back.shown).toHaveLength(1)
  expect(back.shown[0]).not.toMatch(/code=|state=/)
})

it.each([
  [{ denied: true }, 'redirect_denied'],
  [{ brokenState: true }, 'attempt_lost'],
] as const)('SI-24 a provider that answers %o leads back to the start, and says why', async (answer, code) => {
  const page = open()
  await page.signIn.create({ strategy: 'oauth_google' })
  const back = open(page.backend)
  await back.signIn.resume(page.backend.provider.answer(page.visited[0] ?? '', answer))
  expect(back.state()).toMatchObject({ step: 'start', problem: { code } })
  expect(back.shown).toHaveLength(1)
})

it('keeps the address whose answer was lost, and asks again when it is asked to', async () => {
  const page = open()
  await page.signIn.create({ strategy: 'oauth_google' })
  const url = page.backend.provider.answer(page.visited[0] ?? '', { as: ada.email })
  const back = open(page.backend)
  back.backend.failNext('signIn.resume', 'network')
  await back.signIn.resume(url)
  expect(back.state()).toMatchObject({ step: 'restoring', problem: { code: 'network' } })
  expect(back.shown).toEqual([])
  await back.signIn.resume()
  expect(back.state().step).toBe('complete')
})

it('HA-22 does not follow a redirect that is no website', async () => {
  const fake = scriptedAdapter({
    answers: { 'signIn.create': () => attempt({ status: 'needs_redirect', redirectUrl: 'javascript:alert(1)' }) },
  })
  const visited: string[] = []
  const { signIn } = createEngine({
    adapter: fake.adapter,
    clock: fakeClock(),
    timeoutMs: 10_000,
    page: { urlFor: () => 'https://app.test/', visit: (url) => void visited.push(url), landed: () => undefined },
    emit: () => undefined,
    report: () => undefined,
    warn: () => undefined,
  })
  await signIn.create({ strategy: 'oauth_google' })
  expect(visited).toEqual([])
  expect(signIn.get()).toMatchObject({ step: 'start', problem: { code: 'unknown' } })
})

it('a popup takes the person away, and this page goes on when it has come back', async () => {
  const page = open()
  const { popup, visited } = newPopup()
  await page.signIn.create({ strategy: 'oauth_google', popup })
  expect([page.visited, visited.length]).toEqual([[], 1])
  const tab = open(page.backend)
  await tab.signIn.resume(page.backend.provider.answer(visited[0] ?? '', { as: ada.email }))
  await page.clock.advance(1_000)
  await flush()
  expect(page.state().step).toBe('complete')
  expect(popup.closed).toBe(true)
})

it('a popup that is closed is a neutral end, not an error of the person', async () => {
  const page = open()
  const { popup } = newPopup()
  await page.signIn.create({ strategy: 'oauth_google', popup })
  popup.closed = true
  await page.clock.advance(2_000)
  await flush()
  expect(page.state()).toMatchObject({ step: 'start', problem: { code: 'cancelled' } })
  expect(page.clock.timers).toBe(0)
})

it('a link that is opened in another tab moves this one on', async () => {
  const page = open()
  await page.signIn.create({ identifier: ada.email, prefer: 'email_link' })
  expect(page.state()).toMatchObject({ step: 'first-factor', factor: { strategy: 'email_link' }, challenge: { sent: 'yes' } })
  expect(new URL(page.link()).searchParams.get('latchkey')).toBe('link')
  const tab = open(page.backend)
  await tab.signIn.resume(page.link())
  await page.clock.advance(60_000)
  await flush()
  expect(page.state().step).toBe('complete')
})

it('a link that is opened in another browser says where to go on', async () => {
  const page = open()
  await page.signIn.create({ identifier: ada.email, prefer: 'email_link' })
  const other = open(page.backend, 'phone')
  await other.signIn.resume(page.link())
  expect(other.state()).toMatchObject({ step: 'elsewhere' })
  await page.clock.advance(60_000)
  await flush()
  expect(page.state().step).toBe('complete')
})

it('FC-06 leaving a link ends the looking', async () => {
  const page = open()
  await page.signIn.create({ identifier: ada.email, prefer: 'email_link' })
  const looks = () => page.backend.calls.filter(({ verb }) => verb === 'signIn.reload').length
  await page.clock.advance(30_000)
  const before = looks()
  expect(before).toBeGreaterThan(1)
  page.signIn.otherWays()
  await page.clock.advance(60_000)
  expect([looks(), page.state().step]).toEqual([before, 'choose-first'])
})

it('SI-14 a reset asks for the code, then for the password, and takes the old one away', async () => {
  const page = open()
  await page.signIn.create({ strategy: 'reset_password_email_code', identifier: ada.email })
  expect(page.state()).toMatchObject({ step: 'first-factor', challenge: { sent: 'yes' } })
  await page.signIn.submit({ code: page.backend.outbox.latest(ada.email)?.code ?? '' })
  expect(page.state().step).toBe('new-password')
  await page.signIn.resetPassword({ password: ada.password })
  expect(page.state()).toMatchObject({ step: 'new-password', problem: { code: 'password_same' } })
  await page.signIn.resetPassword({ password: 'another horse battery' })
  expect(page.state().step).toBe('complete')
  expect(JSON.stringify(page.state())).not.toContain('another horse battery')
})

it('a reset whose answer is lost goes on where the backend stands', async () => {
  const page = open()
  await page.signIn.create({ strategy: 'reset_password_email_code', identifier: ada.email })
  await page.signIn.submit({ code: page.backend.outbox.latest(ada.email)?.code ?? '' })
  page.backend.failNext('signIn.resetPassword', 'network', { afterCommit: true })
  await page.signIn.resetPassword({ password: 'another horse battery' })
  expect(page.state().step).toBe('complete')
})

it('HA-15 a tab that is looked at again shows what another has done', async () => {
  const [first, second] = [open()].flatMap((page) => [page, open(page.backend)]) as [
    ReturnType<typeof open>,
    ReturnType<typeof open>,
  ]
  await first.signIn.create({ identifier: ada.email, prefer: 'email_code' })
  await second.signIn.create({ identifier: ada.email, password: ada.password })
  await first.signIn.look()
  expect(first.state()).toMatchObject({ step: 'complete', restored: true })
  await second.signIn.signOut()
  await first.signIn.look()
  expect(first.state().step).toBe('start')
})

it('HA-14 a look at the session does not take the turn from finding the attempt again', async () => {
  const page = open(createMemoryBackend({ users: [{ ...ada, emailSecondFactor: true }] }))
  await page.signIn.create({ identifier: ada.email, password: ada.password })
  const again = open(page.backend)
  await Promise.all([again.signIn.restore(), again.signIn.look()])
  expect(again.state().step).toBe('second-factor')
})

it('HA-07 a look that is never answered does not end the looking', async () => {
  const page = open()
  await page.signIn.create({ identifier: ada.email, prefer: 'email_link' })
  page.backend.latencyMs = Infinity
  await page.clock.advance(5_000)
  page.backend.latencyMs = 0
  await open(page.backend).signIn.resume(page.link())
  await page.clock.advance(60_000)
  await flush()
  expect(page.state().step).toBe('complete')
})

it('a passkey signs in by itself, and the same answer does it once', async () => {
  const key = softAuthenticator({ origin, verifiesUser: true })
  const passkeys = [await key.seed({ id: ada.id }, rpId)]
  const page = open(createMemoryBackend({ ...everyWay, users: [{ ...ada, passkeys }] }))
  const api = page.backend.adapter.signIn
  const asked = await api.passkeyOptions!()
  const credential = await key.answer(asked.publicKey)
  await page.signIn.submitPasskey({ id: asked.id, credential })
  expect(page.state()).toMatchObject({ step: 'complete', session: { currentLevel: 'aal2' } })
  await page.signIn.signOut()
  await page.signIn.submitPasskey({ id: asked.id, credential })
  expect(page.state()).toMatchObject({ step: 'start', pending: null })
  expect(page.state().problem).not.toBeNull()
})

it('PK-09 a passkey that answers too late is a sign-in that took too long, not a code that expired', async () => {
  const key = softAuthenticator({ origin, verifiesUser: true })
  const passkeys = [await key.seed({ id: ada.id }, rpId)]
  const { backend, signIn, state } = open(createMemoryBackend({ ...everyWay, users: [{ ...ada, passkeys }] }))
  const { id, publicKey } = await backend.adapter.signIn.passkeyOptions!()
  const credential = await key.answer(publicKey)
  backend.clock.advance(6 * 60_000)
  await signIn.submitPasskey({ id, credential })
  expect(state()).toMatchObject({ step: 'start', pending: null, problem: { code: 'attempt_lost' } })
})
