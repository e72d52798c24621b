import { page, userEvent } from 'vitest/browser'
import { afterEach, expect, it, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { createMemoryBackend } from '../../../src/adapters/memory/index.js'
import { SignIn, type SignInProps } from '../../../src/components/SignIn.js'
import { AuthProvider, type AuthProviderProps } from '../../../src/hooks/context.js'
import { en } from '../../../src/locales/en.js'

const ada = { id: 'ada', email: 'ada@example.com', password: 'correct horse battery', emailSecondFactor: true } as const

async function opened(provider: Partial<AuthProviderProps> = {}, props: SignInProps = {}) {
  const backend = createMemoryBackend({
    firstFactors: ['password', 'email_code', 'oauth_google', 'enterprise_sso'],
    ssoDomains: ['example.com'],
    users: [ada],
  })
  const view = await render(
    <AuthProvider adapter={backend.adapter} {...provider}>
      <SignIn {...props} />
    </AuthProvider>,
  )
  const sent = () => backend.outbox.messages.length
  return { backend, sent, view }
}

const identifier = page.getByRole('textbox', { name: 'Email address' })
const heading = (name: string) => page.getByRole('heading', { name })
const onCode = heading(en.code.messageTitle)
const onStart = heading(en.start.title)

async function toCode() {
  await identifier.fill(ada.email)
  await page.getByRole('button', { name: en.start.ways.email_code }).click()
  await expect.element(onCode).toBeVisible()
}

afterEach(() => {
  vi.restoreAllMocks()
  localStorage.clear()
})

it('HA-13 Back leaves the code step and keeps the page; Forward shows no step again; nothing is sent twice', async () => {
  const here = location.href
  history.replaceState({ ofTheApp: 7 }, '')
  const { sent } = await opened()
  await toCode()
  expect(history.state).toMatchObject({ ofTheApp: 7 })
  expect(sent()).toBe(1)
  history.back()
  await expect.element(onStart).toBeVisible()
  expect(location.href).toBe(here)
  await expect.element(identifier).toHaveValue(ada.email)
  history.forward()
  await new Promise((resolve) => setTimeout(resolve, 150))
  await expect.element(onStart).toBeVisible()
  expect(sent()).toBe(1)
  expect(JSON.stringify(history.state)).not.toContain('ada')
})

it('HA-13 the card’s own way back leaves no entry behind, and Back then is the app’s', async () => {
  history.replaceState({ ofTheApp: 8 }, '')
  const { view } = await opened()
  for (const _ of [1, 2]) {
    await toCode()
    expect(history.state).toHaveProperty('latchkey')
    await page.getByRole('button', { name: en.common.back }).click()
    await expect.element(onStart).toBeVisible()
    await expect.poll(() => (history.state as object | null) ?? {}).toEqual({ ofTheApp: 8 })
    localStorage.clear()
  }
  await view.unmount()
})

it('HA-13 a finished sign-in leaves no mark, and Back does not undo it', async () => {
  history.replaceState({ ofTheApp: 9 }, '')
  const { backend } = await opened()
  await toCode()
  await userEvent.keyboard(backend.outbox.latest(ada.email)?.code ?? '')
  await expect.element(heading(en.complete.title)).toBeVisible()
  expect((history.state as { latchkey?: unknown }).latchkey).toBeUndefined()
  history.back()
  await new Promise((resolve) => setTimeout(resolve, 150))
  await expect.element(heading(en.complete.title)).toBeVisible()
})

it('HA-13 an app that minds its own history gets no entry', async () => {
  history.replaceState({ ofTheApp: 10 }, '')
  const before = history.length
  await opened({ history: false })
  await toCode()
  expect(history.length).toBe(before)
  expect(history.state).toEqual({ ofTheApp: 10 })
})

/** What `window.open` gives, and where it is sent. */
function windowOf() {
  const visited: string[] = []
  const opening = {
    opener: window as unknown,
    closed: false,
    close: () => (opening.closed = true),
    location: { replace: (url: string) => visited.push(url) },
  }
  return { visited, opening }
}

it('HA-25 a provider’s window is opened in the click, does not know who opened it, and its closing is neutral', async () => {
  const { visited, opening } = windowOf()
  const open = vi.spyOn(window, 'open').mockReturnValue(opening as never)
  const { backend } = await opened({ popup: true })
  // The engine has come once it has asked who is there.
  await expect.poll(() => backend.calls.some(({ verb }) => verb === 'session.get')).toBe(true)
  const button = page.getByRole('button', { name: 'Continue with Google' }).element() as HTMLButtonElement
  button.click()
  expect(open).toHaveBeenCalledTimes(1)
  expect(opening.opener).toBeNull()
  await expect.poll(() => visited).toHaveLength(1)
  expect(new URL(visited[0] ?? '').protocol).toBe('https:')
  await expect.element(heading(en.away.title)).toBeVisible()
  opening.closed = true
  await expect.element(page.getByRole('alert')).toHaveTextContent(en.errors.cancelled)
  await expect.element(onStart).toBeVisible()
})

it('SI-20 a captcha has a place, its token goes along once, and its check begins anew after each try', async () => {
  const captcha = (setToken: (token: string) => void) => (
    <button type="button" onClick={() => setToken('token 1')}>
      I am no robot
    </button>
  )
  const { backend } = await opened({}, { captcha })
  const create = vi.spyOn(backend.adapter.signIn, 'create')
  const tokens = () => create.mock.calls.map(([, options]) => options?.captchaToken)
  await identifier.fill(ada.email)
  await page.getByLabelText('Password', { exact: true }).fill('wrong')
  const check = page.getByRole('button', { name: 'I am no robot' })
  const first = check.element()
  await check.click()
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect.element(page.getByRole('alert')).toHaveTextContent(en.errors.invalid_credentials)
  await expect.poll(() => check.element() !== first).toBe(true)
  // It is never the only path: the backend decides whether it wants one.
  await page.getByLabelText('Password', { exact: true }).fill('wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect.poll(tokens).toEqual(['token 1', undefined])
})

it('HA-14 HA-16 a reload in the middle of a step is told of where the backend kept nothing', async () => {
  history.replaceState({ ofTheApp: 11 }, '')
  const { view } = await opened()
  await toCode()
  const entry = history.state as { latchkey: number }
  expect(entry).toHaveProperty('latchkey')
  await view.unmount()
  expect(history.state).not.toHaveProperty('latchkey')
  // As after a reload, which unmounts nothing: the entry has its mark, the page has forgotten.
  history.replaceState(entry, '')
  await opened()
  await expect.element(page.getByRole('status')).toHaveTextContent(en.start.notices.restarted)
  await expect.element(onStart).toBeVisible()
  await expect.poll(() => history.state as unknown).toEqual({ ofTheApp: 11 })
})

it.each([
  ['oauth_google', 'Continue with Google'],
  ['enterprise_sso', en.start.ways.enterprise_sso],
])('HA-25 %s in a window of its own: this page goes on when it has come back there', async (_, name) => {
  const { visited, opening } = windowOf()
  vi.spyOn(window, 'open').mockReturnValue(opening as never)
  const { backend } = await opened({ popup: true })
  await expect.poll(() => backend.calls.some(({ verb }) => verb === 'session.get')).toBe(true)
  await identifier.fill(ada.email)
  await page.getByRole('button', { name }).click()
  await expect.poll(() => visited).toHaveLength(1)
  const back = backend.provider.answer(visited[0] ?? '', { as: ada.email })
  expect(new URL(back).searchParams.get('latchkey')).toBe('popup')
  const there = backend.connect({ browser: 'default' }).signIn
  await there.resume({ url: back })
  await expect.element(onCode).toBeVisible()
  expect(opening.closed).toBe(true)
})
