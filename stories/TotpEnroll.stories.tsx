import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn, waitFor } from 'storybook/test'
import { AuthError, TotpEnroll } from '../src/index.js'
import { en } from '../src/locales/en.js'
import { mirrored, stretched } from './support/pseudo.js'
import { loadStage, onStage, stage, stageOf } from './support/stage.js'
import {
  appCode,
  hasFocus,
  press,
  sees,
  seesButton,
  seesError,
  seesTitle,
  startSession,
  startTrustedSession,
  typeCode,
  wrong,
} from './support/steps.js'
import { ada, grace } from './support/users.js'

const before = (backend: Parameters<typeof startSession>[0]) => startSession(backend, ada.email)

const meta = {
  component: TotpEnroll,
  args: { issuer: 'Acme', onEnrolled: fn() },
  parameters: stage({ before }),
  loaders: [loadStage],
  decorators: [onStage],
} satisfies Meta<typeof TotpEnroll>
export default meta

type Story = StoryObj<typeof meta>

export const Intro: Story = {
  play: async ({ canvas, loaded }) => {
    await seesTitle({ canvas }, en.enroll.title)
    await seesButton({ canvas }, en.enroll.start)
    await expect(stageOf(loaded).backend.calls.map(({ verb }) => verb)).not.toContain('mfa.enroll')
  },
}

export const IntroWithWayOut: Story = {
  args: { onCancel: fn() },
  play: async ({ canvas, userEvent, args }) => {
    await press({ canvas, userEvent }, en.enroll.cancel)
    await expect(args.onCancel).toHaveBeenCalledOnce()
  },
}

export const IntroWithPassword: Story = {
  parameters: stage({ before, managePassword: true }),
  play: async ({ canvas }) => {
    await expect(await canvas.findByLabelText(en.enroll.password)).toHaveAttribute('autocomplete', 'current-password')
  },
}

export const PasswordMissing: Story = {
  ...IntroWithPassword,
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, en.enroll.start)
    await seesError({ canvas }, en.enroll.passwordMissing)
    await hasFocus({ canvas }, en.enroll.password)
  },
}

export const PasswordWrong: Story = {
  ...IntroWithPassword,
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByLabelText(en.enroll.password), 'battery staple')
    await press({ canvas, userEvent }, en.enroll.start)
    await seesError({ canvas }, en.errors.invalid_credentials)
    await hasFocus({ canvas }, en.enroll.password)
    await expect(canvas.getByLabelText(en.enroll.password)).toHaveValue('')
  },
}

export const Starting: Story = {
  play: async ({ canvas, userEvent, loaded }) => {
    stageOf(loaded).backend.latencyMs = Infinity
    await press({ canvas, userEvent }, en.enroll.start)
    await sees({ canvas }, en.common.working)
  },
}

export const FailedToStart: Story = {
  play: async ({ canvas, userEvent, loaded }) => {
    stageOf(loaded).backend.failNext('mfa.enroll', 'unavailable')
    await press({ canvas, userEvent }, en.enroll.start)
    await seesError({ canvas }, en.errors.unavailable)
    await seesButton({ canvas }, en.enroll.start)
  },
}

export const Scan: Story = {
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, en.enroll.start)
    await seesTitle({ canvas }, en.enroll.scanTitle)
    await expect(canvas.getByRole('img', { name: en.enroll.qr })).toBeInTheDocument()
    // What has to be done first stands above the field.
    await expect(canvas.getByRole('heading')).toHaveFocus()
  },
}

export const ScanWithKey: Story = {
  play: async (context) => {
    const { canvas, userEvent } = context
    await Scan.play?.(context)
    await userEvent.click(canvas.getByText(en.enroll.keyHint))
    await sees({ canvas }, 'Acme')
    await sees({ canvas }, ada.email)
    await seesButton({ canvas }, en.enroll.copyKey)
  },
}

export const WrongCode: Story = {
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    await Scan.play?.(context)
    await typeCode({ canvas, userEvent }, wrong(appCode({ canvas }, stageOf(loaded).backend)), en.enroll.codeLabel)
    await seesError({ canvas }, en.errors.code_incorrect)
    await hasFocus({ canvas }, en.enroll.codeLabel)
  },
}

export const WrongCodeTwice: Story = {
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    await WrongCode.play?.(context)
    await typeCode({ canvas, userEvent }, wrong(wrong(appCode({ canvas }, stageOf(loaded).backend))), en.enroll.codeLabel)
    await sees({ canvas }, en.code.clockHint)
  },
}

export const NotConfirmed: Story = {
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    const { backend } = stageOf(loaded)
    await Scan.play?.(context)
    backend.failNext('mfa.verify', 'network')
    await typeCode({ canvas, userEvent }, appCode({ canvas }, backend), en.enroll.codeLabel)
    await seesError({ canvas }, en.errors.not_confirmed)
  },
}

export const Verifying: Story = {
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    const { backend } = stageOf(loaded)
    await Scan.play?.(context)
    backend.latencyMs = Infinity
    await typeCode({ canvas, userEvent }, appCode({ canvas }, backend), en.enroll.codeLabel)
    await sees({ canvas }, en.common.working)
    await expect(canvas.getByRole('button', { name: en.enroll.submit })).toHaveAttribute('aria-disabled', 'true')
    await hasFocus({ canvas }, en.enroll.codeLabel)
  },
}

/** A right code is not looked at before its time. The key stays on the page. */
const verifyRefused = (code: 'rate_limited' | 'locked', retryInMs: number, wait: string): Story => ({
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    const { backend } = stageOf(loaded)
    await Scan.play?.(context)
    backend.failNext('mfa.verify', new AuthError(code, undefined, { retryInMs }))
    await typeCode({ canvas, userEvent }, appCode({ canvas }, backend), en.enroll.codeLabel)
    await seesError({ canvas }, `${en.errors[code]} Try again in ${wait}.`)
    await hasFocus({ canvas }, en.enroll.codeLabel)
    await seesTitle({ canvas }, en.enroll.scanTitle)
  },
})

export const VerifyRateLimited: Story = verifyRefused('rate_limited', 42_000, '42 seconds')

export const VerifyLocked: Story = verifyRefused('locked', 15 * 60_000, '15 minutes')

export const Expired: Story = {
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    const { backend } = stageOf(loaded)
    await Scan.play?.(context)
    const code = appCode({ canvas }, backend)
    backend.clock.advance(6 * 60_000)
    await typeCode({ canvas, userEvent }, code, en.enroll.codeLabel)
    await seesTitle({ canvas }, en.enroll.expiredTitle)
    await expect(canvas.queryByRole('img')).toBeNull()
    await seesButton({ canvas }, en.enroll.startAgain)
  },
}

export const Codes: Story = {
  play: async (context) => {
    const { canvas, userEvent, loaded, args } = context
    await Scan.play?.(context)
    await typeCode({ canvas, userEvent }, appCode({ canvas }, stageOf(loaded).backend), en.enroll.codeLabel)
    await seesTitle({ canvas }, en.backupCodes.title)
    await expect(canvas.getAllByRole('listitem').length).toBeGreaterThan(4)
    await expect(args.onEnrolled).not.toHaveBeenCalled()
  },
}

export const Enrolled: Story = {
  play: async (context) => {
    const { canvas, userEvent, args } = context
    await Codes.play?.(context)
    await userEvent.click(canvas.getByRole('checkbox', { name: en.backupCodes.acknowledge }))
    await press({ canvas, userEvent }, en.backupCodes.done)
    await seesTitle({ canvas }, en.enroll.doneTitle)
    await expect(canvas.queryByRole('listitem')).toBeNull()
    await expect(args.onEnrolled).toHaveBeenCalledOnce()
    await waitFor(() => expect(canvas.getByRole('heading')).toHaveFocus())
  },
}

export const CodesLost: Story = {
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    const { backend } = stageOf(loaded)
    await Scan.play?.(context)
    backend.failNext('mfa.verify', 'network', { afterCommit: true })
    await typeCode({ canvas, userEvent }, appCode({ canvas }, backend), en.enroll.codeLabel)
    await sees({ canvas }, en.enroll.lostHint)
    await press({ canvas, userEvent }, en.enroll.generate)
    await seesTitle({ canvas }, en.backupCodes.title)
  },
}

/** Someone who has a second factor has to show it first; then the enrolment goes on by itself. */
export const StepUpRequired: Story = {
  parameters: stage({ before: (backend) => startTrustedSession(backend, grace.email) }),
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, en.enroll.start)
    await seesTitle({ canvas }, en.code.totpTitle)
  },
}

/** Without the step-up there is no enrolment, and it is said why. */
export const StepUpGivenUp: Story = {
  ...StepUpRequired,
  play: async (context) => {
    const { canvas, userEvent } = context
    await StepUpRequired.play?.(context)
    await press({ canvas, userEvent }, en.stepUp.cancel)
    await seesTitle({ canvas }, en.enroll.title)
    await seesError({ canvas }, en.errors.step_up_required)
    await seesButton({ canvas }, en.enroll.start)
  },
}

export const LongTexts: Story = {
  globals: { locale: 'stretched' },
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, stretched.enroll.start)
    await seesTitle({ canvas }, stretched.enroll.scanTitle)
    await userEvent.click(canvas.getByText(stretched.enroll.keyHint))
  },
}

export const RightToLeft: Story = {
  globals: { locale: 'mirrored', dir: 'rtl' },
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, mirrored.enroll.start)
    await seesTitle({ canvas }, mirrored.enroll.scanTitle)
    await userEvent.click(canvas.getByText(mirrored.enroll.keyHint))
  },
}
