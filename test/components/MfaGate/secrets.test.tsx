import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { MfaGate } from '../../../src/components/MfaGate.js'
import '../../../src/components/LaterSteps.js'
import '../../../src/components/OverGate.js'
import { StepUp } from '../../../src/components/StepUp.js'
import { AuthError } from '../../../src/core/AuthError.js'
import type { AuthEvent } from '../../../src/core/events.js'
import { AuthProvider } from '../../../src/hooks/context.js'
import { useStepUp } from '../../../src/hooks/useStepUp.js'
import { en } from '../../../src/locales/en.js'
import { appCode, createBackend, grace, startSession, totpSecret, withDialogs } from '../../support/renderFactors.js'
import { watchSecrets } from '../../support/watchSecrets.js'

const wrong = (code: string) => code.replace(/.$/, (last) => String((Number(last) + 1) % 10))

beforeEach(() => {
  localStorage.clear()
  withDialogs()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

/** A page of somebody whose session has not shown the second factor. */
async function watched(children: (told: unknown[]) => React.ReactNode) {
  const backend = createBackend()
  await startSession(backend, grace, { totp: appCode(backend), trust: true })
  const watch = watchSecrets(backend.adapter, { calls: backend.calls })
  watch.keep('the password', grace.password)
  watch.keep('the setup key', totpSecret)
  watch.keep('a backup code', ...grace.backupCodes)
  const events: AuthEvent[] = []
  watch.told.push(events)
  const user = userEvent.setup()
  const view = render(
    <AuthProvider adapter={backend.adapter} onEvent={(event) => events.push(event)}>
      {children(watch.told)}
    </AuthProvider>,
  )
  const press = async (name: string) => user.click(await screen.findByRole('button', { name }))
  const field = () => screen.findByRole('textbox', { name: en.code.label })
  const alert = () => waitFor(() => expect(screen.getAllByRole('alert').some(({ textContent }) => textContent)).toBe(true))
  async function enter(code: string) {
    watch.keep('a code', code)
    await user.clear(await field())
    await user.type(await field(), code)
  }
  /** A wrong code, a right one whose answer is lost, and the right one. */
  async function pass() {
    await field()
    watch.look('the challenge')
    const code = appCode(backend)
    backend.clock.advance(-30_000)
    await enter(wrong(code))
    await alert()
    watch.look('a wrong code', [wrong(code)])
    backend.failNext('signIn.attemptSecondFactor', 'network')
    await enter(code)
    await alert()
    watch.look('a lost code', [code])
    await press(en.code.submit)
  }
  return { ...view, backend, watch, events, press, enter, pass }
}

it.each(['inline', 'dialog'] as const)('HA-11 no secret of a gate’s challenge is anywhere but in its field: %s', async (mode) => {
  const page = await watched(() => <MfaGate mode={mode}>the vault</MfaGate>)
  await page.press(en.gate.stepUp)
  await page.pass()
  await screen.findByText('the vault')
  page.watch.look('the gate is open')
  page.unmount()
  page.watch.look('the end')
  expect(page.events.map(({ type }) => type)).toContain('error')
})

it('HA-11 nor of the challenge of a call: given up and passed, in its error neither', async () => {
  let passed = false
  function Pay({ told }: { told: unknown[] }) {
    const [said, say] = useState('')
    const { run, challenging } = useStepUp(async () => {
      await Promise.resolve()
      if (!passed) throw new AuthError('step_up_required')
      return 'paid'
    })
    const pay = () =>
      run().then(say, (thrown: unknown) => {
        told.push(thrown)
        say('not paid')
      })
    return (
      <>
        <button onClick={() => void pay()}>Pay</button> <output>{said}</output>
        <StepUp when={challenging} />
      </>
    )
  }
  const page = await watched((told) => <Pay told={told} />)
  await page.press('Pay')
  await page.enter('1234')
  page.watch.look('half a code', ['1234'])
  await page.press(en.stepUp.cancel)
  await screen.findByText('not paid')
  page.watch.look('given up')

  await page.press('Pay')
  await screen.findByRole('textbox', { name: en.code.label })
  passed = true
  await page.pass()
  await screen.findByText('paid')
  page.watch.look('paid')
  page.unmount()
  page.watch.look('the end')
})
