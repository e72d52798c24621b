import { screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { createMemoryBackend, type MemoryOptions, type SeedUser } from '../../../src/adapters/memory/index.js'
import { en } from '../../../src/locales/en.js'
import { everyWay } from '../../support/everyWay.js'
import { button, codeField, identifierField, passwordField, renderSignIn } from '../../support/renderSignIn.js'

const phone = '+15550100'
const ada = { id: 'ada', email: 'ada@example.com', password: 'correct horse battery', phone } as const

afterEach(() => history.replaceState(null, '', '/'))

const isSignedIn = () => screen.findByRole('heading', { name: en.complete.title })

function open(user: Partial<SeedUser> = {}, options: Partial<MemoryOptions> = {}) {
  const backend = createMemoryBackend({ ...everyWay, identifiers: ['email'], ...options, users: [{ ...ada, ...user }] })
  return { backend, ...renderSignIn({ adapter: backend.adapter }) }
}

it('SI-01 phone_code signs in by a number', async () => {
  const { backend, user } = open({}, { identifiers: ['phone'] })
  await user.type(screen.getByRole('textbox', { name: en.start.phone }), phone)
  await user.click(button(en.start.ways.phone_code))
  await codeField()
  await user.paste(backend.outbox.latest(phone)?.code ?? '')
  expect(await isSignedIn()).toBeVisible()
})

it('SI-14 reset_password_phone_code leads to a new password', async () => {
  const { backend, user } = open({}, { identifiers: ['phone'] })
  await user.type(screen.getByRole('textbox', { name: en.start.phone }), phone)
  await user.click(button(en.start.ways.reset_password_phone_code))
  await codeField()
  await user.paste(backend.outbox.latest(phone)?.code ?? '')
  await user.type(await screen.findByLabelText(en.newPassword.label), 'another horse battery')
  await user.click(button(en.newPassword.submit))
  expect(await isSignedIn()).toBeVisible()
})

const seconds = {
  phone_code: [{ phoneSecondFactor: true }, phone],
  email_code: [{ emailSecondFactor: true }, ada.email],
} as const

it.each(Object.entries(seconds))('FC-08 %s proves the second factor, sent on the act and once', async (strategy, [has, to]) => {
  const { backend, user } = open(has, { secondFactors: [strategy as 'phone_code' | 'email_code'] })
  await user.type(identifierField(), ada.email)
  await user.type(passwordField(), `${ada.password}{Enter}`)
  await codeField()
  const sent = backend.outbox.messages.length
  expect(sent).toBe(1)
  await user.paste(backend.outbox.latest(to)?.code ?? '')
  expect(await isSignedIn()).toBeVisible()
  expect(backend.outbox.messages).toHaveLength(sent)
})

it('BC-07 backup_code proves the second factor', async () => {
  const code = 'abcde-fghjk'
  const { user } = open({ backupCodes: [code], totp: { secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' } })
  await user.type(identifierField(), ada.email)
  await user.type(passwordField(), `${ada.password}{Enter}`)
  await user.click(await screen.findByRole('button', { name: en.common.otherWay }))
  await user.click(screen.getByRole('button', { name: en.choose.backupCode }))
  await user.type(await screen.findByLabelText(en.backupCode.label), code)
  await user.click(button(en.backupCode.submit))
  expect(await isSignedIn()).toBeVisible()
})

it('FC-06 email_link proves the second factor: this page goes on when the link was followed', async () => {
  const { backend, user } = open({ emailSecondFactor: true }, { secondFactors: ['email_link'], limits: { pollMs: 20 } })
  await user.type(identifierField(), ada.email)
  await user.type(passwordField(), `${ada.password}{Enter}`)
  expect(await screen.findByRole('heading', { name: en.link.title })).toBeVisible()
  await backend.connect({ browser: 'default' }).signIn.resume({ url: backend.outbox.latest(ada.email)?.link ?? '' })
  expect(await isSignedIn()).toBeVisible()
})
