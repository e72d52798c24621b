import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { MfaGate } from '../src/index.js'
import { en } from '../src/locales/en.js'
import { mirrored, stretched } from './support/pseudo.js'
import { loadDialog, loadStage, onStage, stage, stageOf } from './support/stage.js'
import { press, sees, seesTitle, startTrustedSession, typeCode } from './support/steps.js'
import { grace } from './support/users.js'

const parts = Array.from({ length: 10 }, (_, n) => `Part ${n + 1}`)

// Ten gates on a page: the first one asks, and the others are quiet and open with it.
const meta = {
  component: MfaGate,
  args: { children: null },
  render: (args) => (
    <>
      {parts.map((part) => (
        <MfaGate key={part} {...args}>
          <p>{part}</p>
        </MfaGate>
      ))}
    </>
  ),
  parameters: stage({ before: (backend) => startTrustedSession(backend, grace.email) }),
  loaders: [loadStage, loadDialog],
  decorators: [onStage],
} satisfies Meta<typeof MfaGate>
export default meta

type Story = StoryObj<typeof meta>
type Play = NonNullable<Story['play']>
type Hands = Pick<Parameters<Play>[0], 'canvas'>

const open = ({ canvas }: Hands) => parts.filter((part) => canvas.queryByText(part))

export const Quiet: Story = {
  play: async (context) => {
    const { canvas } = context
    await seesTitle(context, en.gate.stepUpTitle)
    await expect(canvas.getAllByRole('heading', { name: en.gate.waiting })).toHaveLength(9)
    await expect(canvas.getAllByRole('button')).toHaveLength(1)
    await expect(open(context)).toEqual([])
  },
}

export const OneChallenge: Story = {
  play: async (context) => {
    const { canvas } = context
    await Quiet.play?.(context)
    await press(context, en.gate.stepUp)
    await seesTitle(context, en.code.totpTitle)
    await expect(canvas.getAllByRole('textbox')).toHaveLength(1)
    await expect(canvas.getAllByRole('heading', { name: en.gate.waiting })).toHaveLength(9)
  },
}

export const AllOpen: Story = {
  play: async (context) => {
    const { backend } = stageOf(context.loaded)
    await OneChallenge.play?.(context)
    await typeCode(context, backend.users.totpCode(grace.id))
    await waitFor(() => expect(open(context)).toEqual(parts))
    await expect(context.canvas.queryByRole('heading')).toBeNull()
    await expect(backend.calls.filter(({ verb }) => verb === 'stepUp.create')).toHaveLength(1)
  },
}

/** A page that says something of its own, or nothing, in the place of what waits. */
export const WaitingOfItsOwn: Story = {
  args: { waiting: <p>Opens with the one above.</p> },
  play: async (context) => {
    const { canvas } = context
    await seesTitle(context, en.gate.stepUpTitle)
    await expect(canvas.getAllByText('Opens with the one above.')).toHaveLength(9)
    await expect(canvas.getAllByRole('heading')).toHaveLength(1)
  },
}

export const WaitingForNothing: Story = {
  args: { waiting: null },
  play: async (context) => {
    const { canvas } = context
    await seesTitle(context, en.gate.stepUpTitle)
    await expect(canvas.getAllByRole('heading')).toHaveLength(1)
    await expect(canvas.queryByText(en.gate.waiting)).toBeNull()
  },
}

/** One dialog over all of them. */
export const InDialog: Story = {
  args: { mode: 'dialog' },
  play: async (context) => {
    const { canvas } = context
    await Quiet.play?.(context)
    await press(context, en.gate.stepUp)
    await waitFor(() => expect(canvas.getAllByRole('dialog')).toHaveLength(1), { timeout: 5_000 })
    await sees(context, en.code.totpTitle)
    await expect(open(context)).toEqual([])
  },
}

const quiet =
  (texts: typeof en): Play =>
  async ({ canvas }) => {
    await waitFor(() => expect(canvas.getAllByRole('heading', { name: texts.gate.waiting })).toHaveLength(9))
  }

export const LongTexts: Story = { globals: { locale: 'stretched' }, play: quiet(stretched) }
export const RightToLeft: Story = { globals: { locale: 'mirrored', dir: 'rtl' }, play: quiet(mirrored) }
