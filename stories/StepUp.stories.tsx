import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState, type FormEvent } from 'react'
import { expect, waitFor } from 'storybook/test'
import { AuthError, StepUp, useStepUp, type AuthAdapter } from '../src/index.js'
import { en } from '../src/locales/en.js'
import { mirrored, stretched } from './support/pseudo.js'
import { loadStage, onStage, stage, stageOf } from './support/stage.js'
import { hasFocus, press, sees, seesTitle, startTrustedSession, typeCode, wrong } from './support/steps.js'
import { grace } from './support/users.js'

/** Large enough to be hit (WCAG 2.2, success criterion 2.5.8). */
const finger = { minBlockSize: 24 }

/** A form whose server asks for the second step before it takes the money. */
function Transfer({ adapter }: { adapter: AuthAdapter }) {
  const [said, setSaid] = useState('')
  const [calls, setCalls] = useState(0)
  const { run, challenging } = useStepUp(async (amount: string) => {
    setCalls((n) => n + 1)
    const session = await adapter.session.get()
    if (session?.currentLevel !== 'aal2') throw new AuthError('step_up_required')
    return `${amount} sent.`
  })
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const amount = new FormData(event.currentTarget).get('amount') as string
    run(amount).then(setSaid, (thrown: AuthError) => setSaid(`Not sent: ${thrown.code}.`))
  }
  return (
    <>
      <form onSubmit={send}>
        <label>
          Amount <input name="amount" style={finger} />
        </label>{' '}
        <button style={finger}>Send</button>
        <p>
          <output>{said}</output> Asked the server {calls} times.
        </p>
      </form>
      <StepUp when={challenging} />
    </>
  )
}

const meta = {
  component: StepUp,
  args: { when: false },
  render: (_, { loaded }) => <Transfer adapter={stageOf(loaded).adapter} />,
  parameters: stage({ before: (backend) => startTrustedSession(backend, grace.email) }),
  loaders: [loadStage],
  decorators: [onStage],
} satisfies Meta<typeof StepUp>
export default meta

type Story = StoryObj<typeof meta>
type Play = NonNullable<Story['play']>
type Context = Parameters<Play>[0]

async function send(context: Context) {
  const field = await context.canvas.findByLabelText('Amount')
  await context.userEvent.type(field, '42')
  await press(context, 'Send')
}

/** What was typed stands, and nothing of the challenge is left. */
async function isBack({ canvas }: Context) {
  await waitFor(() => expect(canvas.queryByRole('dialog')).toBeNull())
  await expect(canvas.getByLabelText('Amount')).toHaveValue('42')
}

export const Idle: Story = {
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('button', { name: 'Send' })).toBeVisible()
    await expect(canvas.queryByRole('dialog')).toBeNull()
  },
}

export const Challenge: Story = {
  play: async (context) => {
    const { canvas } = context
    await send(context)
    const dialog = await canvas.findByRole('dialog', { name: en.stepUp.title })
    await expect(dialog.matches(':modal')).toBe(true)
    await seesTitle(context, en.code.totpTitle)
    await hasFocus(context, en.code.label)
    await expect(canvas.getByLabelText('Amount')).toHaveValue('42')
  },
}

export const WrongCode: Story = {
  play: async (context) => {
    await Challenge.play?.(context)
    await typeCode(context, wrong(stageOf(context.loaded).backend.users.totpCode(grace.id)))
    await waitFor(() => expect(context.canvas.getByRole('alert')).toHaveTextContent(en.errors.code_incorrect))
  },
}

/** The call is made once more, with what was typed. */
export const Passed: Story = {
  play: async (context) => {
    await Challenge.play?.(context)
    await typeCode(context, stageOf(context.loaded).backend.users.totpCode(grace.id))
    await sees(context, '42 sent.')
    await expect(context.canvas.getByText(/Asked the server 2 times/)).toBeVisible()
    await isBack(context)
  },
}

export const GivenUp: Story = {
  play: async (context) => {
    await Challenge.play?.(context)
    await press(context, en.stepUp.cancel)
    await sees(context, 'Not sent: cancelled.')
    await expect(context.canvas.getByText(/Asked the server 1 times/)).toBeVisible()
    await isBack(context)
  },
}

export const CannotBegin: Story = {
  play: async (context) => {
    stageOf(context.loaded).backend.failNext('stepUp.create', 'unavailable')
    await send(context)
    await sees(context, 'Not sent: unavailable.')
    await isBack(context)
  },
}

const challenged =
  (texts: typeof en): Play =>
  async (context) => {
    await send(context)
    await context.canvas.findByRole('dialog', { name: texts.stepUp.title })
    await seesTitle(context, texts.code.totpTitle)
  }

export const LongTexts: Story = { globals: { locale: 'stretched' }, play: challenged(stretched) }
export const RightToLeft: Story = { globals: { locale: 'mirrored', dir: 'rtl' }, play: challenged(mirrored) }
