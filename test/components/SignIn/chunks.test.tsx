import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { attempt, scriptedAdapter } from '../../support/scriptedAdapter.js'
import { SignIn } from '../../../src/components/SignIn.js'
import { AuthProvider } from '../../../src/hooks/context.js'

it('SI-15 a first submit whose file does not come says so, keeps all that was typed, and works when it comes', async () => {
  const fake = scriptedAdapter({ answers: { 'session.get': () => null, 'signIn.resume': () => ({ attempt: null }) } })
  // The engine cannot be made: to those who wait for it, the same as a file that does not come.
  let broken = true
  const adapter = {
    ...fake.adapter,
    get name() {
      if (broken) throw new TypeError('Failed to fetch dynamically imported module')
      return 'scripted'
    },
  }
  const user = userEvent.setup()
  render(
    <AuthProvider adapter={adapter}>
      <SignIn />
    </AuthProvider>,
  )
  await user.type(screen.getByRole('textbox'), 'ada@example.com')
  await user.type(screen.getByLabelText('Password'), 'secret')
  await user.click(screen.getByRole('button', { name: 'Sign in' }))
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('No connection. Check it, then try again.'))
  expect(screen.getByRole('textbox')).toHaveValue('ada@example.com')
  expect(screen.getByRole('button', { name: 'Sign in' })).not.toHaveAttribute('aria-disabled')
  expect(fake.count('signIn.create')).toBe(0)
  // Nobody has refused it, and nobody has it.
  expect(screen.getByLabelText('Password')).toHaveValue('secret')

  broken = false
  await user.click(screen.getByRole('button', { name: 'Sign in' }))
  const create = await fake.next('signIn.create')
  expect(create.params).toEqual({ identifier: 'ada@example.com', password: 'secret' })
  await create.resolve(attempt({ status: 'needs_second_factor' }))
  expect(await screen.findByRole('textbox', { name: 'Code' })).toBeVisible()
})
