import { act, screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { createMemoryBackend } from '../../../src/adapters/memory/createMemoryBackend.js'
import { AuthError } from '../../../src/core/AuthError.js'
import { attempt, backupCodeOption, session } from '../../support/scriptedAdapter.js'
import {
  alertText,
  button,
  identifierField,
  passwordField,
  reachSecondFactor,
  renderSignIn,
  rest,
} from '../../support/renderSignIn.js'

const field = () => screen.findByRole<HTMLInputElement>('textbox', { name: 'Backup code' })

async function opened() {
  const page = renderSignIn()
  await reachSecondFactor(page, { supportedSecondFactors: [backupCodeOption] })
  return { ...page, field: await field() }
}

it('BC-06 the field takes any text and is none of the one-time code kind', async () => {
  const { field } = await opened()
  expect(field.type).toBe('text')
  expect(field.inputMode).toMatch(/^(text)?$/)
  expect(field.autocomplete).not.toBe('one-time-code')
  expect(field).not.toHaveAttribute('pattern')
  expect(field).not.toHaveAttribute('maxlength')
})

it('BC-06 nothing is sent before the person says so, and then what they typed', async () => {
  const { fake, user, field } = await opened()
  await user.type(field, '12345678901')
  await rest(20)
  expect(fake.count('signIn.attemptSecondFactor')).toBe(0)
  await user.clear(field)
  await user.click(field)
  await user.paste(' AbCd-1234 efgh ')
  await rest(20)
  expect(fake.count('signIn.attemptSecondFactor')).toBe(0)
  await user.click(button('Verify'))
  expect((await fake.next('signIn.attemptSecondFactor')).params).toEqual({ factorId: 'backup_code:1', code: 'AbCd-1234 efgh' })
})

it.each(['abcd1-efgh2', 'ABCD1-EFGH2', 'abcd1efgh2', 'ABCD1 EFGH2', ' abcd1 - efgh2 '])(
  'BC-06 BC-07 a whole backend takes %j, and success asks to replace what was used',
  async (typed) => {
    const { adapter } = createMemoryBackend({
      users: [
        {
          id: 'u1',
          email: 'ada@example.com',
          password: 'pass',
          totp: { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' },
          backupCodes: ['abcd1-efgh2', 'ijkl3-mnop4'],
        },
      ],
    })
    const { user } = renderSignIn({ adapter })
    await user.type(identifierField(), 'ada@example.com')
    await user.type(passwordField(), 'pass{Enter}')
    await user.click(await screen.findByRole('button', { name: 'Try another way' }))
    await user.click(button(/Backup code/))
    await user.type(await field(), typed)
    await user.click(button('Verify'))
    expect(await screen.findByRole('heading', { name: 'You are signed in' })).toBeVisible()
    await waitFor(() => expect(document.body).toHaveTextContent(/You used a backup code\..*set up a new one.*Make new codes/))
  },
)

it('BC-07 nothing of the kind is said after a code from an app', async () => {
  const { fake, user, field } = await opened()
  await user.type(field, 'abcd{Enter}')
  await act(async () => (await fake.next('signIn.attemptSecondFactor')).resolve(attempt({ status: 'complete' })))
  await act(async () =>
    (await fake.next('signIn.finish')).resolve(session({ methods: [{ method: 'password' }, { method: 'totp' }] })),
  )
  await screen.findByRole('heading', { name: 'You are signed in' })
  await rest(20)
  expect(document.body).not.toHaveTextContent(/backup code/)
})

it('BC-07 a used code reads like a wrong one', async () => {
  const { fake, user, field } = await opened()
  const told = []
  for (const code of ['code_incorrect', 'already_used'] as const) {
    await user.clear(field)
    await user.type(field, 'abcd-efgh{Enter}')
    await act(async () => (await fake.next('signIn.attemptSecondFactor')).reject(new AuthError(code, 'x', { field: 'code' })))
    await waitFor(() => expect(alertText()).not.toBe(''))
    expect(field).toHaveFocus()
    told.push(document.body.innerHTML)
  }
  expect(told[1]).toBe(told[0])
})

it('BC-06 the code is gone when the page goes away', async () => {
  const { user, field } = await opened()
  await user.type(field, 'abcd-efgh')
  dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))
  expect(field).toHaveValue('')
})
