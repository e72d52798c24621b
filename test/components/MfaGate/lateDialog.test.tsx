import { act, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeAll, expect, it, vi } from 'vitest'
import { answering, renderGate } from '../../support/renderGate.js'
import { attempt, session } from '../../support/scriptedAdapter.js'
import { withDialogs } from '../../support/renderFactors.js'

let arrive = () => {}
vi.mock('../../../src/components/OverGate.js', async (original) => {
  const late = await original()
  await new Promise<void>((come) => (arrive = come))
  return late
})

beforeAll(async () => {
  withDialogs()
  await import('../../../src/components/LaterSteps.js')
})

it('MG-16 a dialog whose code comes late does not take over a challenge that has begun: what is typed stays', async () => {
  const page = renderGate({
    mode: 'dialog',
    script: {
      answers: {
        ...answering(session()).answers,
        'stepUp.create': () => attempt({ status: 'needs_second_factor', purpose: 'step_up' }),
        'signIn.cancel': () => undefined,
      },
    },
  })
  const user = userEvent.setup()
  await user.click(await screen.findByRole('button', { name: 'Confirm' }))
  await user.type(await screen.findByLabelText('Code'), '123')
  await act(async () => {
    arrive()
    await vi.dynamicImportSettled()
  })
  expect(screen.getByLabelText('Code')).toHaveValue('123')
  expect(document.querySelector('dialog')).toBeNull()
  // The next one is in the dialog.
  await user.click(screen.getByRole('button', { name: 'Cancel' }))
  await user.click(await screen.findByRole('button', { name: 'Confirm' }))
  await waitFor(() => expect(document.querySelector('dialog')).not.toBeNull())
  expect(page.renders).not.toHaveBeenCalled()
})
