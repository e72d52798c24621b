import { act, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { AuthError } from '../../../src/core/AuthError.js'
import { AuthProvider } from '../../../src/hooks/context.js'
import { useSignIn } from '../../../src/hooks/useSignIn.js'
import { useSignInForm } from '../../../src/hooks/useSignInForm.js'
import type { ActiveSession } from '../../../src/core/session.js'
import { attempt, sentinels, session } from '../../support/scriptedAdapter.js'
import { reachable } from '../../support/reachable.js'
import { signedOut } from '../../support/renderSignIn.js'

/** Somebody's own screens, from the hooks alone. `seen` gets everything that the hooks gave. */
function Own({ onComplete, seen }: { onComplete: (session: ActiveSession) => void; seen: (given: unknown) => void }) {
  const { state, ...verbs } = useSignIn({ onComplete })
  seen([state, verbs])
  if (state.step === 'start') return <OwnStart seen={seen} />
  if (state.step === 'second-factor')
    return (
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void verbs.submit({ code: new FormData(event.currentTarget).get('own-code') as string })
        }}
      >
        <input name="own-code" aria-label={`${state.challenge.codeLength} digits`} />
        {state.problem && <p>{`own words for ${state.problem.code}`}</p>}
      </form>
    )
  return <p>{state.step === 'complete' ? `hello ${state.session.user.label}` : state.step}</p>
}

function OwnStart({ seen }: { seen: (given: unknown) => void }) {
  const form = useSignInForm({ idPrefix: 'own' })
  const [identifier, password] = [form.getIdentifierProps(), form.getPasswordProps()]
  seen([form, identifier, password])
  return (
    <form {...form.getFormProps()}>
      <label htmlFor={identifier.id}>Who</label>
      <input {...identifier} />
      <label htmlFor={password.id}>Secret</label>
      <input {...password} type="password" />
      <p id={form.errorId}>{form.missing ? `no ${form.missing}` : form.problem?.code}</p>
      <button>{form.pending ? 'wait' : 'go'}</button>
    </form>
  )
}

it('SI-15 SI-21 the hooks alone carry a whole sign-in with screens of your own, and hold no password', async () => {
  const fake = signedOut()
  const user = userEvent.setup()
  const onComplete = vi.fn()
  const seen: unknown[] = []
  render(
    <AuthProvider adapter={fake.adapter}>
      <Own onComplete={onComplete} seen={(given) => seen.push(given)} />
    </AuthProvider>,
  )
  const who = () => screen.getByLabelText<HTMLInputElement>('Who')
  const secret = () => screen.getByLabelText<HTMLInputElement>('Secret')

  await user.click(screen.getByRole('button', { name: 'go' }))
  expect(await screen.findByText('no identifier')).toBeVisible()
  expect(who()).toHaveFocus()
  await user.type(who(), 'ada@example.com{Enter}')
  expect(await screen.findByText('no password')).toBeVisible()
  expect(secret()).toHaveAccessibleDescription('no password')

  await user.click(secret())
  await user.paste(sentinels.password)
  await user.keyboard('{Enter}')
  const refused = await fake.next('signIn.create')
  expect(screen.getByRole('button', { name: 'wait' })).toBeVisible()
  await act(() => refused.reject(new AuthError('locked')))
  expect(await screen.findByText('invalid_credentials')).toBeVisible()
  expect(who()).toHaveValue('ada@example.com')
  expect(secret()).toHaveValue('')
  expect(secret()).toHaveFocus()
  expect(secret()).toHaveAttribute('aria-invalid', 'true')

  await user.paste(sentinels.password)
  await user.keyboard('{Enter}')
  const create = await fake.next('signIn.create')
  expect(create.params).toEqual({ identifier: 'ada@example.com', password: sentinels.password })
  await act(() => create.resolve(attempt({ status: 'needs_second_factor' })))
  await user.type(await screen.findByLabelText('6 digits'), '111111{Enter}')
  await act(async () =>
    (await fake.next('signIn.attemptSecondFactor')).reject(new AuthError('code_incorrect', 'x', { field: 'code' })),
  )
  expect(await screen.findByText('own words for code_incorrect')).toBeVisible()
  await user.type(screen.getByLabelText('6 digits'), '{Enter}')
  await act(async () => (await fake.next('signIn.attemptSecondFactor')).resolve(attempt({ status: 'complete' })))
  await act(async () => (await fake.next('signIn.finish')).resolve(session()))
  await waitFor(() => expect(screen.getByText('hello Ada')).toBeVisible())
  expect(onComplete).toHaveBeenCalledTimes(1)
  expect(onComplete).toHaveBeenCalledWith(session())

  expect(reachable(seen.slice(-1), sentinels.password)).toEqual([])
  expect(JSON.stringify(seen)).not.toContain(sentinels.password)
})
