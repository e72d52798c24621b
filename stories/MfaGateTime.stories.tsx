import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import type { MemoryBackend } from '../src/adapters/memory/index.js'
import { MfaGate } from '../src/index.js'
import { en } from '../src/locales/en.js'
import { mirrored, stretched } from './support/pseudo.js'
import { loadStage, onStage, stage, stageOf } from './support/stage.js'
import { press, sees, seesButton, seesError, seesTitle, startProvedSession, startSession, typeCode } from './support/steps.js'
import { ada, grace } from './support/users.js'

const minute = 60_000
/** As the stage's backend tells it. */
const now = '2026-05-11T09:00:00Z'

/** Someone who has shown their app so long ago. */
const proved = (ago: number) =>
  stage({
    before: async (backend) => {
      await startProvedSession(backend, grace.email)
      backend.clock.advance(ago - 30_000)
    },
  })

// A gate whose time runs out: by the age of the second factor, or by the end of a period of grace.
const meta = {
  component: MfaGate,
  args: {
    maxAgeMs: 15 * minute,
    children: (
      <label>
        Note <input defaultValue="half a sente" />
      </label>
    ),
  },
  parameters: proved(13.25 * minute),
  loaders: [loadStage],
  decorators: [onStage],
} satisfies Meta<typeof MfaGate>
export default meta

type Story = StoryObj<typeof meta>
type Hands = Pick<Parameters<NonNullable<Story['play']>>[0], 'canvas'>

const isOpen = ({ canvas }: Hands) => expect(canvas.getByLabelText('Note')).toHaveValue('half a sente')
const isShut = ({ canvas }: Hands) => expect(canvas.queryByLabelText('Note')).toBeNull()
const warns = en.gate.closing.replace('{wait}', '2 minutes')

/** The page stays as it is; the warning lies over its corner. */
export const Warning: Story = {
  play: async (context) => {
    const { canvas } = context
    await seesTitle(context, en.gate.closingTitle)
    await waitFor(() => expect(canvas.getByText(warns)).toBeVisible())
    await seesButton(context, en.gate.stayOpen)
    // The sentence comes before what can be done about it.
    const order = canvas.getByText(warns).compareDocumentPosition(canvas.getByRole('button', { name: en.gate.stayOpen }))
    await expect(order & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy()
    await isOpen(context)
  },
}

/** Nothing but the warning can be acted on. */
export const WarningOverText: Story = {
  args: { children: <p>The payroll</p> },
  play: async (context) => {
    await seesTitle(context, en.gate.closingTitle)
    await sees(context, warns)
    await sees(context, 'The payroll')
    await expect(context.canvas.getAllByRole('button')).toHaveLength(1)
    await expect(document.body).toHaveFocus()
  },
}

/** The gate does not take away what was typed to ask for the code. */
export const WarningStays: Story = {
  play: async (context) => {
    const { canvas } = context
    await Warning.play?.(context)
    await press(context, en.gate.stayOpen)
    await canvas.findByRole('dialog', { name: en.stepUp.title })
    await seesTitle(context, en.code.totpTitle)
    await isOpen(context)
  },
}

export const WarningStayed: Story = {
  play: async (context) => {
    const { canvas, loaded } = context
    await WarningStays.play?.(context)
    await typeCode(context, stageOf(loaded).backend.users.totpCode(grace.id))
    await waitFor(() => expect(canvas.queryByRole('heading')).toBeNull())
    await isOpen(context)
  },
}

export const WarningFailed: Story = {
  play: async (context) => {
    await Warning.play?.(context)
    stageOf(context.loaded).backend.failNext('stepUp.create', 'unavailable')
    await press(context, en.gate.stayOpen)
    await seesError(context, en.errors.unavailable)
    await isOpen(context)
  },
}

/** Where the backend has no step-up, all that can be done is to save. */
export const WarningOnly: Story = {
  parameters: stage({
    ...proved(13.25 * minute).stage,
    adapt: (adapter) => {
      const { stepUp: _, ...rest } = adapter
      return rest
    },
  }),
  play: async (context) => {
    await sees(context, warns)
    await expect(context.canvas.queryByRole('button')).toBeNull()
    await isOpen(context)
  },
}

/** Whoever says nothing has the gate closed at its time. */
export const WarningIgnored: Story = {
  parameters: proved(15 * minute - 4_000),
  play: async (context) => {
    await seesTitle(context, en.gate.closingTitle)
    await isOpen(context)
    stageOf(context.loaded).backend.clock.advance(5_000)
    await waitFor(() => isShut(context), { timeout: 8_000 })
    await seesTitle(context, en.gate.stepUpTitle)
    await expect(context.canvas.queryByRole('heading', { name: en.gate.closingTitle })).toBeNull()
  },
}

export const NoWarning: Story = {
  args: { warn: false },
  play: async (context) => {
    await waitFor(() => isOpen(context))
    await expect(context.canvas.queryByRole('heading')).toBeNull()
  },
}

const bare = stage({ before: (backend: MemoryBackend) => startSession(backend, ada.email) })

/** Who has no second factor may put its enrolment off until a day. */
export const Grace: Story = {
  args: { grace: { until: '2026-05-20T12:00:00Z', now }, issuer: 'Acme' },
  parameters: bare,
  play: async (context) => {
    await seesTitle(context, en.gate.enrollTitle)
    await sees(context, en.gate.grace.replace('{date}', 'May 20, 2026'))
    await seesButton(context, en.enroll.start)
    await seesButton(context, en.gate.notNow)
    await isShut(context)
  },
}

export const GracePutOff: Story = {
  ...Grace,
  play: async (context) => {
    await Grace.play?.(context)
    await press(context, en.gate.notNow)
    await waitFor(() => isOpen(context))
  },
}

export const GraceEnrolling: Story = {
  ...Grace,
  play: async (context) => {
    await Grace.play?.(context)
    await press(context, en.enroll.start)
    await seesTitle(context, en.enroll.title)
    await sees(context, en.gate.enrollHint)
    await press(context, en.enroll.cancel)
    await seesTitle(context, en.gate.enrollTitle)
  },
}

/** Put off, and the period ends while the page is open. */
export const GraceEnds: Story = {
  args: { grace: { until: '2026-05-11T09:00:04Z', now }, issuer: 'Acme' },
  parameters: bare,
  play: async (context) => {
    await press(context, en.gate.notNow)
    await waitFor(() => isOpen(context))
    await waitFor(() => isShut(context), { timeout: 8_000 })
    await seesTitle(context, en.enroll.title)
    await expect(context.canvas.queryByRole('button', { name: en.gate.notNow })).toBeNull()
  },
}

/** The period was over before the page came: the enrolment is asked for, and cannot be put off. */
export const GraceOver: Story = {
  args: { grace: { until: '2026-05-10T12:00:00Z', now }, issuer: 'Acme' },
  parameters: bare,
  play: async (context) => {
    await seesTitle(context, en.enroll.title)
    await expect(context.canvas.queryByRole('button', { name: en.gate.notNow })).toBeNull()
    await isShut(context)
  },
}

export const WarningLongTexts: Story = {
  globals: { locale: 'stretched' },
  play: (context) => seesTitle(context, stretched.gate.closingTitle),
}

export const WarningRightToLeft: Story = {
  globals: { locale: 'mirrored', dir: 'rtl' },
  play: (context) => seesTitle(context, mirrored.gate.closingTitle),
}

export const GraceLongTexts: Story = {
  ...Grace,
  globals: { locale: 'stretched' },
  play: (context) => seesTitle(context, stretched.gate.enrollTitle),
}

export const GraceRightToLeft: Story = {
  ...Grace,
  globals: { locale: 'mirrored', dir: 'rtl' },
  play: (context) => seesTitle(context, mirrored.gate.enrollTitle),
}
