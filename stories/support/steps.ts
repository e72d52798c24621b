import type { StoryContext } from '@storybook/react-vite'
import { TOTP, URI } from 'otpauth'
import { expect, waitFor } from 'storybook/test'
import type { MemoryBackend } from '../../src/adapters/memory/index.js'
import { en } from '../../src/locales/en.js'
import { password as goodPassword } from './users.js'

export type Hands = Pick<StoryContext, 'canvas' | 'userEvent'>

/** As a password manager fills a field, in one go: a story that is not about typing does not take the time of it. */
async function fill(userEvent: Hands['userEvent'], field: Element, text: string) {
  await userEvent.click(field)
  await userEvent.paste(text)
}

/** Fills the first screen in and submits it. */
export async function signIn({ canvas, userEvent }: Hands, email: string, password: string = goodPassword, texts = en) {
  await fill(userEvent, await canvas.findByLabelText(texts.start.email), email)
  const field = canvas.queryByLabelText(texts.start.password)
  if (field) await fill(userEvent, field, password)
  await press({ canvas, userEvent }, field ? texts.start.submit : texts.common.continue)
}

export async function press({ canvas, userEvent }: Hands, name: string) {
  await userEvent.click(await canvas.findByRole('button', { name }))
}

/** Types a code, which is submitted when it is complete. */
export async function typeCode({ canvas, userEvent }: Hands, code: string, label: string = en.code.label) {
  const field = await canvas.findByRole('textbox', { name: label })
  await userEvent.clear(field)
  await userEvent.type(field, code)
}

/** The card that is shown now. */
export async function seesTitle({ canvas }: Pick<Hands, 'canvas'>, title: string) {
  // What fades in is not visible at first.
  await waitFor(() => expect(canvas.getByRole('heading', { name: title })).toBeVisible())
}

export async function sees({ canvas }: Pick<Hands, 'canvas'>, text: string) {
  await waitFor(() => expect(canvas.getByText(text)).toBeVisible())
}

export async function seesButton({ canvas }: Pick<Hands, 'canvas'>, name: string) {
  await waitFor(() => expect(canvas.getByRole('button', { name })).toBeVisible())
}

/** The error line speaks. */
export async function seesError({ canvas }: Pick<Hands, 'canvas'>, text: string) {
  await waitFor(() => expect(canvas.getByRole('alert')).toHaveTextContent(text))
}

export async function hasFocus({ canvas }: Pick<Hands, 'canvas'>, label: string) {
  await waitFor(() => expect(canvas.getByLabelText(label)).toHaveFocus())
}

/** A wrong code of the same length as a right one. */
export function wrong(code: string): string {
  return code.replace(/.$/, (last) => String((Number(last) + 1) % 10))
}

/** What an authenticator app shows that was set up with the link on the page. */
export function appCode({ canvas }: Pick<Hands, 'canvas'>, backend: MemoryBackend): string {
  const link = canvas.getByRole<HTMLAnchorElement>('link', { name: en.enroll.openApp })
  const totp = URI.parse(link.href)
  if (!(totp instanceof TOTP)) throw new Error('The link is not one to a TOTP app.')
  return totp.generate({ timestamp: backend.clock.now() })
}

/** The code that was mailed last. */
export function mailedCode(backend: MemoryBackend): string {
  const message = backend.outbox.latest()
  if (!message) throw new Error('Nothing was mailed.')
  return message.code
}

/** A session that has seen the password only. */
export async function startSession({ adapter: { signIn } }: MemoryBackend, email: string) {
  const attempt = await signIn.create({ identifier: email, password: goodPassword })
  await signIn.finish({ id: attempt.id })
}

/** A session of someone with an authenticator app, on a device that they trust: it has seen the password only. */
export async function startTrustedSession(backend: MemoryBackend, email: string) {
  const { signIn, session } = backend.adapter
  const attempt = await signIn.create({ identifier: email, password: goodPassword })
  const totp = attempt.supportedSecondFactors?.find((factor) => factor.strategy === 'totp')
  const code = backend.users.totpCode(email)
  await signIn.attemptSecondFactor({ id: attempt.id }, { factorId: totp?.id ?? '', code, trustDevice: true })
  await signIn.finish({ id: attempt.id })
  await session.signOut()
  await startSession(backend, email)
  // The code that was just used works once.
  backend.clock.advance(30_000)
}

/** A session of someone who has shown their authenticator app. */
export async function startProvedSession(backend: MemoryBackend, email: string) {
  const { signIn } = backend.adapter
  const attempt = await signIn.create({ identifier: email, password: goodPassword })
  const totp = attempt.supportedSecondFactors?.find((factor) => factor.strategy === 'totp')
  await signIn.attemptSecondFactor({ id: attempt.id }, { factorId: totp?.id ?? '', code: backend.users.totpCode(email) })
  await signIn.finish({ id: attempt.id })
  backend.clock.advance(30_000)
}
