import { act, screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { AuthError } from '../../../src/core/AuthError.js'
import type { FactorOption } from '../../../src/core/attempt.js'
import type { SecondStrategy } from '../../../src/core/strategy.js'
import { en } from '../../../src/locales/en.js'
import { attempt, backupCodeOption, totpOption, verification } from '../../support/scriptedAdapter.js'
import { button, codeField, reachSecondFactor, renderSignIn, rest, submitPassword } from '../../support/renderSignIn.js'

type Option = FactorOption<SecondStrategy>
const email: Option = { id: 'email_code:2', strategy: 'email_code', hint: 'a•••@example.com' }
const phone: Option = { id: 'phone_code:2', strategy: 'phone_code', hint: '••• 42' }
const second = (options: readonly Option[], more: Parameters<typeof attempt>[0] = {}) =>
  attempt({ status: 'needs_second_factor', supportedSecondFactors: options, ...more })

async function offered(options: readonly Option[], setup: Parameters<typeof renderSignIn>[0] = {}) {
  const page = renderSignIn(setup)
  await reachSecondFactor(page, { supportedSecondFactors: options })
  return page
}

const choices = () => within(screen.getByRole('list')).getAllByRole<HTMLButtonElement>('button')
const strategies = () => choices().map((choice) => choice.dataset.strategy)

it('FC-01 nothing is listed or asked for before the first factor is passed, and then what the backend said last', async () => {
  const page = renderSignIn()
  const create = await submitPassword(page)
  await rest(20)
  expect(new Set(page.fake.calls.map(({ verb }) => verb))).toEqual(new Set(['session.get', 'signIn.create']))
  expect(screen.queryByRole('list')).toBeNull()

  await act(() => create.resolve(second([totpOption, phone])))
  await screen.findByRole('list')
  expect(strategies()).toEqual(['totp', 'phone_code'])

  await page.user.click(button(/Authenticator app/))
  await page.user.type(await codeField(), '123456')
  const refused = new AuthError('code_incorrect', 'x', { field: 'code', attempt: second([totpOption, email]) })
  await act(async () => (await page.fake.next('signIn.attemptSecondFactor')).reject(refused))
  await page.user.click(button('Try another way'))
  expect(strategies()).toEqual(['totp', 'email_code'])
  expect(page.fake.count('mfa.listFactors')).toBe(0)
})

it('FC-07 what cannot be phished comes first, messages last; among equals the adapter’s order stands', async () => {
  const passkey: Option = { id: 'passkey:1', strategy: 'passkey' }
  const key: Option = { id: 'security_key:1', strategy: 'security_key' }
  const another: Option = { ...phone, id: 'phone_code:3', hint: '••• 07' }
  await offered([email, phone, another, backupCodeOption, totpOption, key, passkey])
  await screen.findByRole('list')
  expect(strategies()).toEqual(['passkey', 'security_key', 'totp', 'backup_code', 'phone_code', 'phone_code', 'email_code'])
  expect(choices()[4]).toHaveAccessibleName(/42$/)
})

it('FC-07 where a text message is one of several, its risk is said; where it is the only way, nobody is frightened', async () => {
  const page = await offered([phone, totpOption])
  await screen.findByRole('list')
  expect(screen.getByText(en.choose.phoneRisk)).toBeInTheDocument()
  page.unmount()
  await offered([email, totpOption])
  await screen.findByRole('list')
  expect(screen.queryByText(en.choose.phoneRisk)).toBeNull()
})

it('FC-07 the one that is marked primary is opened all the same', async () => {
  const page = await offered([totpOption, { ...phone, primary: true }])
  expect((await page.fake.next('signIn.prepareSecondFactor')).params).toEqual({ factorId: phone.id })
})

it('FC-09 a hint is shown as the adapter masked it, and stands in no attribute', async () => {
  const { fake, user } = await offered([phone, totpOption])
  const attributes = () =>
    [...document.querySelectorAll('*')].flatMap((element) => [...element.attributes].map(({ value }) => value))
  expect((await screen.findAllByText('••• 42')).map(({ textContent }) => textContent)).toEqual(['••• 42'])
  expect(attributes().filter((value) => value.includes('42'))).toEqual([])

  await user.click(button(/text message/))
  const prepare = await fake.next('signIn.prepareSecondFactor')
  await act(() =>
    prepare.resolve(second([phone, totpOption], { secondFactorVerification: verification({ factorId: phone.id }) })),
  )
  await codeField()
  expect(document.body).toHaveTextContent('••• 42')
  expect(attributes().filter((value) => value.includes('42'))).toEqual([])
})

it.each([
  ['turns what follows', 'Work\u202Etxet'],
  ['isolates and never ends it', '\u2067Work txet'],
  ['breaks the line', 'Work\r\n\u2028txet'],
  ['hides in marks', 'Work\u0000\u200F\u061C txet'],
])('FC-10 a name that %s is plain text of its own', async (_, label) => {
  await offered([
    { ...totpOption, label },
    { ...phone, hint: undefined },
  ])
  await screen.findByRole('list')
  const [first, next] = choices()
  expect(first).toHaveAccessibleName('Authenticator app Work txet')
  expect(first?.textContent).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}]/u)
  expect(within(first as HTMLElement).getByText('Work txet').tagName).toBe('BDI')
  expect(next).toHaveAccessibleName('Code by text message')
})

it('FC-11 leaving the list and coming back does not shorten the wait for another code', async () => {
  const { fake, user } = await offered([email, totpOption])
  await user.click(await screen.findByRole('button', { name: /Code by email/ }))
  const prepare = await fake.next('signIn.prepareSecondFactor')
  const said = verification({ factorId: email.id, resendInMs: 60_000 })
  await act(() => prepare.resolve(second([email, totpOption], { secondFactorVerification: said })))
  for (const way of [/Authenticator app/, /Code by email/]) {
    await user.click(await screen.findByRole('button', { name: 'Try another way' }))
    await user.click(button(way))
    await codeField()
  }
  expect(screen.getByRole('timer')).toHaveTextContent(/New code in \d\d seconds/)
  expect(screen.queryByRole('button', { name: /^Send/ })).toBeNull()
  expect(fake.count('signIn.prepareSecondFactor')).toBe(1)
})
