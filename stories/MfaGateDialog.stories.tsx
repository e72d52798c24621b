import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { MfaGate } from '../src/index.js'
import { en } from '../src/locales/en.js'
import { mirrored, stretched } from './support/pseudo.js'
import { loadDialog, loadStage, onStage, stage, stageOf } from './support/stage.js'
import { hasFocus, press, sees, seesError, seesTitle, startTrustedSession, typeCode, wrong } from './support/steps.js'
import { grace } from './support/users.js'

// The step-up over the page. In its place the gate says why it is closed.
const meta = {
  component: MfaGate,
  args: { mode: 'dialog', children: <p>The payroll</p> },
  parameters: stage({ before: (backend) => startTrustedSession(backend, grace.email) }),
  loaders: [loadStage, loadDialog],
  decorators: [onStage],
} satisfies Meta<typeof MfaGate>
export default meta

type Story = StoryObj<typeof meta>
type Hands = Pick<Parameters<NonNullable<Story['play']>>[0], 'canvas'>

const isShut = ({ canvas }: Hands) => expect(canvas.queryByText('The payroll')).toBeNull()
const hasNoDialog = ({ canvas }: Hands) => waitFor(() => expect(canvas.queryByRole('dialog')).toBeNull())

export const Closed: Story = {
  play: async (context) => {
    await seesTitle(context, en.gate.stepUpTitle)
    await expect(context.canvas.queryByRole('dialog')).toBeNull()
    await isShut(context)
  },
}

export const Open: Story = {
  play: async (context) => {
    const { canvas } = context
    await press(context, en.gate.stepUp)
    const dialog = await canvas.findByRole('dialog', { name: en.stepUp.title })
    await expect(dialog.matches(':modal')).toBe(true)
    await seesTitle(context, en.code.totpTitle)
    await waitFor(() => expect(dialog).toContainElement(canvas.getByLabelText(en.code.label)))
    await hasFocus(context, en.code.label)
    await isShut(context)
  },
}

export const WrongCode: Story = {
  play: async (context) => {
    const { canvas, loaded } = context
    await Open.play?.(context)
    await typeCode(context, wrong(stageOf(loaded).backend.users.totpCode(grace.id)))
    const dialog = canvas.getByRole('dialog')
    await waitFor(() => expect(dialog.querySelector('[role=alert]')).toHaveTextContent(en.errors.code_incorrect))
    await isShut(context)
  },
}

/** The gate stays closed, and nobody is signed out. */
export const GivenUp: Story = {
  play: async (context) => {
    const { canvas, loaded } = context
    await Open.play?.(context)
    await press(context, en.stepUp.cancel)
    await hasNoDialog(context)
    await seesTitle(context, en.gate.stepUpTitle)
    await waitFor(() => expect(canvas.getByRole('button', { name: en.gate.stepUp })).toHaveFocus())
    await isShut(context)
    await expect(stageOf(loaded).backend.calls.map(({ verb }) => verb)).toContain('signIn.cancel')
  },
}

export const Passed: Story = {
  play: async (context) => {
    await Open.play?.(context)
    await typeCode(context, stageOf(context.loaded).backend.users.totpCode(grace.id))
    await sees(context, 'The payroll')
    await hasNoDialog(context)
  },
}

export const CannotBegin: Story = {
  play: async (context) => {
    await Closed.play?.(context)
    stageOf(context.loaded).backend.failNext('stepUp.create', 'unavailable')
    await press(context, en.gate.stepUp)
    await seesError(context, en.errors.unavailable)
    await expect(context.canvas.queryByRole('dialog')).toBeNull()
  },
}

const opened =
  (texts: typeof en): Story['play'] =>
  async (context) => {
    await press(context, texts.gate.stepUp)
    await context.canvas.findByRole('dialog', { name: texts.stepUp.title })
    await seesTitle(context, texts.code.totpTitle)
  }

export const LongTexts: Story = { globals: { locale: 'stretched' }, play: opened(stretched) }
export const RightToLeft: Story = { globals: { locale: 'mirrored', dir: 'rtl' }, play: opened(mirrored) }
