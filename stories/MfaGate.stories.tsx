import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import type { MemoryBackend } from '../src/adapters/memory/index.js'
import { AuthError, MfaGate } from '../src/index.js'
import { en } from '../src/locales/en.js'
import { tellsNothing, tellsOf } from './support/adapters.js'
import { mirrored, stretched } from './support/pseudo.js'
import { loadStage, onStage, stage, stageOf } from './support/stage.js'
import {
  appCode,
  hasFocus,
  press,
  sees,
  seesError,
  seesTitle,
  signIn,
  startSession,
  startTrustedSession,
  typeCode,
  wrong,
} from './support/steps.js'
import { ada, grace } from './support/users.js'

const meta = {
  component: MfaGate,
  args: { children: <p>The payroll</p> },
  loaders: [loadStage],
  decorators: [onStage],
} satisfies Meta<typeof MfaGate>
export default meta

type Story = StoryObj<typeof meta>
type Play = NonNullable<Story['play']>

const isShut = ({ canvas }: Pick<Parameters<Play>[0], 'canvas'>) => expect(canvas.queryByText('The payroll')).toBeNull()

export const Loading: Story = {
  parameters: stage({ latencyMs: Infinity }),
  play: async ({ canvas }) => {
    await seesTitle({ canvas }, en.gate.loading)
    await isShut({ canvas })
  },
}

export const SignedOut: Story = {
  play: async ({ canvas }) => {
    await seesTitle({ canvas }, en.start.title)
    await isShut({ canvas })
  },
}

export const SignedOutThenIn: Story = {
  play: async (context) => {
    const { canvas, loaded } = context
    await signIn(context, grace.email)
    await seesTitle({ canvas }, en.code.totpTitle)
    await isShut({ canvas })
    await typeCode(context, stageOf(loaded).backend.users.totpCode(grace.id))
    await sees({ canvas }, 'The payroll')
  },
}

const trusted = { before: (backend: MemoryBackend) => startTrustedSession(backend, grace.email) }

export const StepUp: Story = {
  parameters: stage(trusted),
  play: async ({ canvas }) => {
    await seesTitle({ canvas }, en.gate.stepUpTitle)
    await sees({ canvas }, en.gate.stepUpHint)
    await isShut({ canvas })
  },
}

export const StepUpChallenge: Story = {
  ...StepUp,
  play: async (context) => {
    const { canvas } = context
    await StepUp.play?.(context)
    await press(context, en.gate.stepUp)
    await seesTitle({ canvas }, en.code.totpTitle)
    await hasFocus({ canvas }, en.code.label)
    await expect(canvas.queryByRole('checkbox')).toBeNull()
    await isShut({ canvas })
  },
}

export const StepUpWrongCode: Story = {
  ...StepUp,
  play: async (context) => {
    const { canvas, loaded } = context
    await StepUpChallenge.play?.(context)
    await typeCode(context, wrong(stageOf(loaded).backend.users.totpCode(grace.id)))
    await seesError({ canvas }, en.errors.code_incorrect)
    await isShut({ canvas })
  },
}

export const SteppedUp: Story = {
  ...StepUp,
  play: async (context) => {
    const { canvas, loaded } = context
    await StepUpChallenge.play?.(context)
    await typeCode(context, stageOf(loaded).backend.users.totpCode(grace.id))
    await sees({ canvas }, 'The payroll')
  },
}

export const StepUpFailed: Story = {
  ...StepUp,
  play: async (context) => {
    const { canvas, loaded } = context
    await StepUp.play?.(context)
    stageOf(loaded).backend.failNext('stepUp.create', 'unavailable')
    await press(context, en.gate.stepUp)
    await seesError({ canvas }, en.errors.unavailable)
  },
}

/** Nothing has been asked yet: the gate's own card waits. */
export const StepUpStarting: Story = {
  ...StepUp,
  play: async (context) => {
    const { canvas, loaded } = context
    await StepUp.play?.(context)
    stageOf(loaded).backend.latencyMs = Infinity
    await press(context, en.gate.stepUp)
    await sees({ canvas }, en.common.working)
    const button = canvas.getByRole('button', { name: en.gate.stepUp })
    await expect(button).toHaveAttribute('aria-disabled', 'true')
    await expect(button).toHaveFocus()
    await isShut({ canvas })
  },
}

export const StepUpChecking: Story = {
  ...StepUp,
  play: async (context) => {
    const { canvas, loaded } = context
    const { backend } = stageOf(loaded)
    await StepUpChallenge.play?.(context)
    backend.latencyMs = Infinity
    await typeCode(context, backend.users.totpCode(grace.id))
    await sees({ canvas }, en.common.working)
    await expect(canvas.getByRole('button', { name: en.code.submit })).toHaveAttribute('aria-disabled', 'true')
    await hasFocus({ canvas }, en.code.label)
    await isShut({ canvas })
  },
}

export const StepUpLocked: Story = {
  parameters: stage({ ...trusted, limits: { failuresToLock: 1 } }),
  play: async (context) => {
    const { canvas, loaded } = context
    await StepUpChallenge.play?.(context)
    await typeCode(context, wrong(stageOf(loaded).backend.users.totpCode(grace.id)))
    await seesError({ canvas }, `${en.errors.locked} Try again in 15 minutes.`)
    await hasFocus({ canvas }, en.code.label)
    await isShut({ canvas })
  },
}

/** A right code is refused, for a reason that has nothing to do with it. */
const stepUpRefused = (error: AuthError, text: string): Story => ({
  ...StepUp,
  play: async (context) => {
    const { canvas, loaded } = context
    const { backend } = stageOf(loaded)
    await StepUpChallenge.play?.(context)
    backend.failNext('signIn.attemptSecondFactor', error)
    await typeCode(context, backend.users.totpCode(grace.id))
    await seesError({ canvas }, text)
    await hasFocus({ canvas }, en.code.label)
    await isShut({ canvas })
  },
})

export const StepUpBlocked: Story = stepUpRefused(new AuthError('blocked'), en.errors.blocked)

export const StepUpRateLimited: Story = stepUpRefused(
  new AuthError('rate_limited', undefined, { retryInMs: 42_000 }),
  `${en.errors.rate_limited} Try again in 42 seconds.`,
)

/** The step-up was passed, and the server's session still says the lower level. */
export const StillLow: Story = {
  parameters: stage({
    ...trusted,
    adapt: (adapter) => tellsOf(adapter, (session) => ({ ...session, currentLevel: 'aal1', nextLevel: 'aal2' })),
  }),
  play: async (context) => {
    const { canvas, loaded } = context
    await StepUpChallenge.play?.(context)
    await typeCode(context, stageOf(loaded).backend.users.totpCode(grace.id))
    await seesError({ canvas }, en.gate.stillLow)
    await isShut({ canvas })
  },
}

export const EnrolFirst: Story = {
  args: { issuer: 'Acme' },
  parameters: stage({ before: (backend) => startSession(backend, ada.email) }),
  play: async ({ canvas }) => {
    await sees({ canvas }, en.gate.enrollHint)
    await seesTitle({ canvas }, en.enroll.title)
    await isShut({ canvas })
  },
}

/** The backup codes are not hidden by the gate that their enrolment opens. */
export const EnrolledInGate: Story = {
  ...EnrolFirst,
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    await EnrolFirst.play?.(context)
    await press(context, en.enroll.start)
    await seesTitle({ canvas }, en.enroll.scanTitle)
    await typeCode(context, appCode({ canvas }, stageOf(loaded).backend), en.enroll.codeLabel)
    await seesTitle({ canvas }, en.backupCodes.title)
    await userEvent.click(canvas.getByRole('checkbox'))
    await press(context, en.backupCodes.done)
    await sees({ canvas }, 'The payroll')
  },
}

export const UnknownLevel: Story = {
  parameters: stage({
    before: (backend) => startSession(backend, ada.email),
    adapt: (adapter) => tellsOf(adapter, (session) => ({ ...session, currentLevel: null, nextLevel: null })),
  }),
  play: async ({ canvas }) => {
    await seesTitle({ canvas }, en.gate.unknownTitle)
    await isShut({ canvas })
  },
}

/** The kit reads once more, a second later, before it says so. */
export const Failed: Story = {
  parameters: stage({ adapt: tellsNothing }),
  play: async ({ canvas }) => {
    await waitFor(() => expect(canvas.getByRole('heading')).toHaveTextContent(en.gate.errorTitle), { timeout: 5000 })
    await seesError({ canvas }, en.gate.errorHint)
    await isShut({ canvas })
  },
}

export const Allowed: Story = {
  args: { require: 'aal1' },
  parameters: stage({ before: (backend) => startSession(backend, ada.email) }),
  play: ({ canvas }) => sees({ canvas }, 'The payroll'),
}

export const FunctionChild: Story = {
  ...Allowed,
  args: { require: 'aal1', children: (session) => <p>The payroll, for {session.user.label}</p> },
  play: ({ canvas }) => sees({ canvas }, 'The payroll, for Ada Lovelace'),
}

export const LongTexts: Story = {
  ...StepUp,
  globals: { locale: 'stretched' },
  play: ({ canvas }) => seesTitle({ canvas }, stretched.gate.stepUpTitle),
}

export const RightToLeft: Story = {
  ...StepUp,
  globals: { locale: 'mirrored', dir: 'rtl' },
  play: ({ canvas }) => seesTitle({ canvas }, mirrored.gate.stepUpTitle),
}
