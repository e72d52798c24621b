import { useState, type FormEvent } from 'react'
import { beforeAll, expect, it, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { page, userEvent } from 'vitest/browser'
import { AuthError, AuthProvider, MfaGate, StepUp, useStepUp, type MfaGateProps } from '../../../src/index.js'
import type { ActiveSession, Session } from '../../../src/core/session.js'
import '../../../src/styles.css'
import { attempt, scriptedAdapter, sentinels, session } from '../../support/scriptedAdapter.js'

// A dialog that comes late leaves its first challenge in place; that is lateDialog.test.tsx's.
beforeAll(() => import('../../../src/components/OverGate.js'))

const marker = 'the protected part'
const raised = (more: Partial<Session> = {}) => session({ currentLevel: 'aal2', nextLevel: 'aal2', ...more }) as ActiveSession
const stepUpAttempt = attempt({ status: 'needs_second_factor', purpose: 'step_up' })

/** A gate in dialog mode, whose backend passes every code, with a control before and after it. */
async function guarded(props: Partial<MfaGateProps> = {}) {
  let current: Session = session()
  const fake = scriptedAdapter({
    answers: {
      'session.get': () => current,
      'stepUp.create': () => stepUpAttempt,
      'signIn.cancel': () => undefined,
      'signIn.attemptSecondFactor': () => attempt({ status: 'complete', purpose: 'step_up' }),
      'signIn.finish': () => (current = raised()),
    },
  })
  const before = vi.fn()
  await render(
    <AuthProvider adapter={fake.adapter}>
      <button onClick={before}>before</button>
      <MfaGate mode="dialog" {...props}>
        {props.children ?? (
          <p>
            {marker} <button>inside</button>
          </p>
        )}
      </MfaGate>
      <button>after</button>
    </AuthProvider>,
  )
  return { fake, before }
}

const confirm = () => page.getByRole('button', { name: 'Confirm', exact: true })
const dialog = () => page.getByRole('dialog')
const code = () => page.getByRole('textbox', { name: 'Code' })
const active = () => document.activeElement
const shown = () => document.querySelector('dialog')

it('MG-16 the step-up is a modal dialog with a name; the focus goes into it and to nothing behind it', async () => {
  const { before } = await guarded()
  await confirm().click()
  await expect.element(dialog()).toBeVisible()
  await expect.element(dialog()).toHaveAccessibleName('Confirm it is you')
  expect(shown()?.matches(':modal')).toBe(true)
  await expect.element(code()).toHaveFocus()
  // Once round, and backwards: the browser's own bar may be a stop, the page behind is none.
  for (const keys of ['{Tab}', '{Shift>}{Tab}{/Shift}']) {
    for (let n = 0; n < 8; n++) {
      await userEvent.keyboard(keys)
      expect(active() === document.body || shown()?.contains(active())).toBe(true)
    }
  }
  // A click on what is behind does nothing, and takes the focus nowhere.
  const { x, y } = document.querySelector('button')!.getBoundingClientRect()
  document.elementFromPoint(x + 2, y + 2)?.dispatchEvent(new MouseEvent('click', { bubbles: true }))
  expect(before).not.toHaveBeenCalled()
  expect(document.documentElement.outerHTML).not.toContain(marker)
})

it('MG-16 Escape gives the step-up up and opens nothing; the focus goes back to where it was', async () => {
  const { fake } = await guarded()
  await confirm().click()
  await expect.element(code()).toHaveFocus()
  for (const times of [1, 2]) {
    await userEvent.keyboard('{Escape}')
    await expect.poll(() => shown()).toBeNull()
    expect(fake.count('signIn.cancel')).toBe(times)
    expect(fake.count('session.signOut')).toBe(0)
    await expect.element(confirm()).toHaveFocus()
    expect(document.documentElement.outerHTML).not.toContain(marker)
    // And it can be begun again, from the keyboard.
    await expect.element(confirm()).not.toHaveAttribute('aria-disabled')
    await userEvent.keyboard('{Enter}')
    await expect.element(code()).toHaveFocus()
  }
})

it('MG-16 Escape while a backup code is spent throws nothing away: the dialog stays, or comes back', async () => {
  const { fake } = await guarded()
  fake.answer('signIn.attemptSecondFactor', null)
  await confirm().click()
  await page.getByRole('button', { name: 'Try another way' }).click()
  await page.getByRole('button', { name: 'Backup code' }).click()
  await page.getByRole('textbox', { name: 'Backup code' }).fill(sentinels.backupCodes[0])
  await page.getByRole('button', { name: 'Verify' }).click()
  const spent = await fake.next('signIn.attemptSecondFactor')
  for (let n = 0; n < 3; n++) await userEvent.keyboard('{Escape}')
  expect(fake.count('signIn.cancel')).toBe(0)
  await spent.reject(new AuthError('code_incorrect', undefined, { field: 'code' }))
  await expect.element(dialog()).toBeVisible()
  expect(shown()?.matches(':modal')).toBe(true)
})

it('MG-17 after the step-up the address is the same, the focus is before the content, and that is the one thing said', async () => {
  await guarded()
  const [address, entries] = [location.href, history.length]
  await confirm().click()
  await expect.element(code()).toHaveFocus()
  await userEvent.keyboard(sentinels.code)
  await expect.element(page.getByText(marker)).toBeVisible()
  await expect.poll(() => active()?.textContent).toBe('Confirmed. This part is open now.')
  // For ears only: it stands outside of the kit's roots.
  expect(active()?.getBoundingClientRect().height).toBe(1)
  expect(document.querySelectorAll('[role=status], [role=alert], [aria-live]')).toHaveLength(0)
  await userEvent.keyboard('{Tab}')
  await expect.element(page.getByRole('button', { name: 'inside' })).toHaveFocus()
  expect([location.href, history.length]).toEqual([address, entries])
})

it('MG-17 content that takes the focus itself keeps it', async () => {
  function Search() {
    return <input aria-label="Search" ref={(field) => field?.focus()} />
  }
  await guarded({ children: <Search /> })
  await confirm().click()
  await expect.element(code()).toHaveFocus()
  await userEvent.keyboard(sentinels.code)
  await expect.element(page.getByRole('textbox', { name: 'Search' })).toHaveFocus()
})

it('MG-17 inline, too: a step-up that is given up leads back to its button’s card, and one that is passed into the content', async () => {
  await guarded({ mode: 'inline' })
  await confirm().click()
  await expect.element(code()).toHaveFocus()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect.element(page.getByRole('heading', { name: 'Confirm it is you' })).toHaveFocus()
  await userEvent.keyboard('{Tab}')
  await expect.element(confirm()).toHaveFocus()
  await userEvent.keyboard('{Enter}')
  await expect.element(code()).toHaveFocus()
  await userEvent.keyboard(sentinels.code)
  await expect.poll(() => active()?.textContent).toBe('Confirmed. This part is open now.')
})

/** A form whose call is refused until the session is stepped up. */
async function transfer() {
  let passed = false
  const calls: string[] = []
  const fake = scriptedAdapter({
    answers: {
      'session.get': () => raised(),
      'stepUp.create': () => stepUpAttempt,
      'signIn.cancel': () => undefined,
      'signIn.attemptSecondFactor': () => attempt({ status: 'complete', purpose: 'step_up' }),
      'signIn.finish': () => ((passed = true), raised()),
    },
  })
  function Form() {
    const [said, setSaid] = useState('')
    const { run, challenging } = useStepUp(async (amount: string) => {
      calls.push(amount)
      await Promise.resolve()
      if (!passed) throw new AuthError('step_up_required')
      return `sent ${amount}`
    })
    const send = (event: FormEvent<HTMLFormElement>) => {
      event.preventDefault()
      run(new FormData(event.currentTarget).get('amount') as string).then(setSaid, (thrown: AuthError) => setSaid(thrown.code))
    }
    return (
      <>
        <form onSubmit={send}>
          <input name="amount" aria-label="Amount" />
          <button>Send</button>
          <output>{said}</output>
        </form>
        <StepUp when={challenging} />
      </>
    )
  }
  await render(
    <AuthProvider adapter={fake.adapter}>
      <Form />
    </AuthProvider>,
  )
  await page.getByRole('textbox', { name: 'Amount' }).fill('42')
  await userEvent.keyboard('{Enter}')
  await expect.element(code()).toHaveFocus()
  return { fake, calls }
}

it('MG-17 useStepUp: the challenge opens over the form; passed, the call is made once more and what was typed stands', async () => {
  const { calls } = await transfer()
  expect(shown()?.matches(':modal')).toBe(true)
  await userEvent.keyboard(sentinels.code)
  await expect.element(page.getByText('sent 42')).toBeVisible()
  expect(calls).toEqual(['42', '42'])
  await expect.element(page.getByRole('textbox', { name: 'Amount' })).toHaveValue('42')
  await expect.element(page.getByRole('textbox', { name: 'Amount' })).toHaveFocus()
  expect(shown()).toBeNull()
})

it('MG-16 useStepUp: Escape rejects the call, and the form is as it was, focus and all', async () => {
  const { fake, calls } = await transfer()
  await userEvent.keyboard('{Escape}')
  await expect.element(page.getByText('cancelled')).toBeVisible()
  expect(calls).toEqual(['42'])
  expect(fake.count('signIn.cancel')).toBe(1)
  await expect.element(page.getByRole('textbox', { name: 'Amount' })).toHaveValue('42')
  await expect.element(page.getByRole('textbox', { name: 'Amount' })).toHaveFocus()
})
