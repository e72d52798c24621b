import type { Meta, StoryObj } from '@storybook/react-vite'
import { useEffect, useRef } from 'react'
import { expect, waitFor } from 'storybook/test'
import { FactorChooser, useSignIn } from '../src/index.js'
import { en } from '../src/locales/en.js'
import { opensWith } from './support/adapters.js'
import { mirrored, stretched } from './support/pseudo.js'
import { loadStage, onStage, stage, stageOf } from './support/stage.js'
import { press, sees, seesButton, seesError, seesTitle } from './support/steps.js'
import { grace, password, radia } from './support/users.js'

const meta = {
  component: FactorChooser,
  loaders: [loadStage],
  decorators: [onStage],
} satisfies Meta<typeof FactorChooser>
export default meta

type Story = StoryObj<typeof meta>

/** A screen of one's own, with the kit's chooser in it: it goes to the list of factors as soon as there is one, and away from it with the choice. */
function OwnScreen({ email, proof }: { email: string; proof?: string }) {
  const { state, create, otherWays } = useSignIn()
  const { step } = state
  const listed = useRef(false)
  useEffect(() => {
    if (step.startsWith('choose')) listed.current = true
    else if (step.endsWith('factor') && !listed.current) otherWays()
  }, [step, otherWays])
  return (
    <main>
      {step === 'start' && (
        <button type="button" onClick={() => void create({ identifier: email, password: proof })}>
          Begin
        </button>
      )}
      <FactorChooser />
      {step === 'second-factor' && <p role="status">{state.pending ? 'Sending…' : 'Sent.'}</p>}
    </main>
  )
}

export const SecondFactors: Story = {
  render: () => <OwnScreen email={radia.email} proof={password} />,
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, 'Begin')
    await seesTitle({ canvas }, en.choose.secondTitle)
    await expect(canvas.getAllByRole('listitem')).toHaveLength(3)
    await seesButton({ canvas }, `${en.choose.emailCode} r•••@example.com`)
    await waitFor(() => expect(canvas.getByRole('heading')).toHaveFocus())
  },
}

export const FirstFactors: Story = {
  render: () => <OwnScreen email={grace.email} />,
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, 'Begin')
    await seesTitle({ canvas }, en.choose.firstTitle)
    await seesButton({ canvas }, en.choose.password)
    await seesButton({ canvas }, en.common.back)
  },
}

/** Names that people gave their factors stand in the list as they are. */
export const NamedFactors: Story = {
  parameters: stage({
    adapt: (adapter) =>
      opensWith(adapter, (attempt) => ({
        ...attempt,
        supportedSecondFactors: [
          { id: 'totp:1', strategy: 'totp', label: 'Work phone' },
          { id: 'totp:2', strategy: 'totp', label: 'הטלפון שלי' },
          { id: 'totp:3', strategy: 'totp', label: 'A very long name that somebody gave to an old tablet in a kitchen drawer' },
        ],
      })),
  }),
  render: () => <OwnScreen email={radia.email} proof={password} />,
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, 'Begin')
    await seesTitle({ canvas }, en.choose.secondTitle)
    await seesButton({ canvas }, `${en.choose.totp} הטלפון שלי`)
  },
}

/** Nothing is sent before a button is pressed; then the list is gone, so nothing else can be. */
export const Sending: Story = {
  render: () => <OwnScreen email={radia.email} proof={password} />,
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    const { backend } = stageOf(loaded)
    await SecondFactors.play?.(context)
    await expect(backend.outbox.messages).toHaveLength(0)
    backend.latencyMs = Infinity
    await userEvent.click(canvas.getByRole('button', { name: /email/ }))
    await sees({ canvas }, 'Sending…')
    await expect(canvas.queryByRole('list')).toBeNull()
    await expect(canvas.queryByRole('button')).toBeNull()
    await waitFor(() => expect(backend.calls.at(-1)?.verb).toBe('signIn.prepareSecondFactor'))
  },
}

export const Sent: Story = {
  ...SecondFactors,
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    await SecondFactors.play?.(context)
    await userEvent.click(canvas.getByRole('button', { name: /email/ }))
    await sees({ canvas }, 'Sent.')
    await expect(canvas.queryByRole('list')).toBeNull()
    await expect(stageOf(loaded).backend.outbox.messages).toHaveLength(1)
  },
}

export const Unknown: Story = {
  parameters: stage({ adapt: (adapter) => opensWith(adapter, (attempt) => ({ ...attempt, supportedSecondFactors: null })) }),
  render: () => <OwnScreen email={grace.email} proof={password} />,
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, 'Begin')
    await seesError({ canvas }, en.choose.failed)
    await press({ canvas, userEvent }, en.common.tryAgain)
    await seesError({ canvas }, en.choose.failed)
  },
}

export const NoFactorLeft: Story = {
  parameters: stage({ adapt: (adapter) => opensWith(adapter, (attempt) => ({ ...attempt, supportedSecondFactors: [] })) }),
  render: () => <OwnScreen email={grace.email} proof={password} />,
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, 'Begin')
    await seesTitle({ canvas }, en.choose.none)
    await seesButton({ canvas }, en.common.signOut)
  },
}

/** The backend knows no way in for this address, or none that the kit has a screen for. */
export const NoFirstFactor: Story = {
  parameters: stage({
    adapt: (adapter) =>
      opensWith(adapter, (attempt) => ({
        ...attempt,
        supportedFirstFactors: [{ id: 'ticket:1', strategy: 'ticket' as 'password' }],
      })),
  }),
  render: () => <OwnScreen email={grace.email} />,
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, 'Begin')
    await seesTitle({ canvas }, en.choose.none)
    await sees({ canvas }, en.choose.noneFirstHint)
    await expect(canvas.queryByRole('list')).toBeNull()
    await seesButton({ canvas }, en.common.back)
  },
}

/** What the kit has no screen for is not offered; the rest is. */
export const FactorsNotKnown: Story = {
  parameters: stage({
    adapt: (adapter) =>
      opensWith(adapter, (attempt) => ({
        ...attempt,
        supportedSecondFactors: [
          { id: 'push:1', strategy: 'push' as 'totp', label: 'Approve on your phone' },
          { id: 'totp:1', strategy: 'totp' },
          { id: 'email_code:2', strategy: 'email_code', hint: 'r•••@example.com' },
        ],
      })),
  }),
  render: () => <OwnScreen email={radia.email} proof={password} />,
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, 'Begin')
    await seesTitle({ canvas }, en.choose.secondTitle)
    await expect(canvas.getAllByRole('listitem')).toHaveLength(2)
    await expect(canvas.queryByText(/Approve/)).toBeNull()
  },
}

export const LongTexts: Story = {
  ...SecondFactors,
  globals: { locale: 'stretched' },
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, 'Begin')
    await seesTitle({ canvas }, stretched.choose.secondTitle)
  },
}

export const RightToLeft: Story = {
  ...SecondFactors,
  globals: { locale: 'mirrored', dir: 'rtl' },
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, 'Begin')
    await seesTitle({ canvas }, mirrored.choose.secondTitle)
  },
}
