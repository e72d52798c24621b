import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn } from 'storybook/test'
import type { MemoryBackend } from '../src/adapters/memory/index.js'
import { PhoneEnroll, type AuthAdapter } from '../src/index.js'
import { en } from '../src/locales/en.js'
import { mirrored, stretched } from './support/pseudo.js'
import { loadStage, onStage, stage, stageOf } from './support/stage.js'
import {
  hasFocus,
  mailedCode,
  press,
  sees,
  seesButton,
  seesError,
  seesTitle,
  startSession,
  typeCode,
  wrong,
  type Hands,
} from './support/steps.js'
import { ada } from './support/users.js'

const options = { secondFactors: ['totp', 'phone_code', 'backup_code'] } as const
const before = (backend: MemoryBackend) => startSession(backend, ada.email)

/** The number is typed, and its code asked for. */
async function send({ canvas, userEvent }: Hands, number = '+1 555 0100') {
  await userEvent.type(await canvas.findByLabelText(en.phoneEnroll.label), `${number}{Enter}`)
}

/** An adapter that sends a code only when it is asked for one. */
function sendsLater({ mfa, ...adapter }: AuthAdapter): AuthAdapter {
  if (!mfa) return adapter
  return {
    ...adapter,
    mfa: {
      ...mfa,
      async enroll(...args) {
        const begun = await mfa.enroll(...args)
        return 'sent' in begun ? { ...begun, sent: false } : begun
      },
    },
  }
}

const meta = {
  component: PhoneEnroll,
  args: { onEnrolled: fn(), onCancel: fn() },
  parameters: stage({ ...options, before }),
  loaders: [loadStage],
  decorators: [onStage],
} satisfies Meta<typeof PhoneEnroll>
export default meta

type Story = StoryObj<typeof meta>

export const Number: Story = {
  play: async ({ canvas, loaded }) => {
    await seesTitle({ canvas }, en.phoneEnroll.title)
    await expect(stageOf(loaded).backend.outbox.messages).toHaveLength(0)
  },
}

export const NumberMissing: Story = {
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, en.phoneEnroll.submit)
    await seesError({ canvas }, en.phoneEnroll.missing)
    await hasFocus({ canvas }, en.phoneEnroll.label)
  },
}

export const NumberRefused: Story = {
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByLabelText(en.phoneEnroll.label), '123')
    await press({ canvas, userEvent }, en.phoneEnroll.submit)
    await seesError({ canvas }, en.errors.identifier_invalid)
  },
}

export const Channels: Story = {
  args: { channels: ['sms', 'whatsapp'] },
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('radio', { name: en.phoneEnroll.sms })).toBeChecked()
  },
}

export const WithPassword: Story = {
  parameters: stage({ ...options, before, managePassword: true }),
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByLabelText(en.phoneEnroll.label), '+15550100')
    await press({ canvas, userEvent }, en.phoneEnroll.submit)
    await seesError({ canvas }, en.enroll.passwordMissing)
    await hasFocus({ canvas }, en.enroll.password)
  },
}

export const Code: Story = {
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByLabelText(en.phoneEnroll.label), '+1 555 0100{Enter}')
    await seesTitle({ canvas }, en.phoneEnroll.codeTitle)
    await hasFocus({ canvas }, en.code.label)
    await seesButton({ canvas }, en.phoneEnroll.change)
  },
}

export const CodeWrong: Story = {
  play: async (context) => {
    const { canvas, loaded } = context
    await Code.play?.(context)
    await typeCode(context, wrong(mailedCode(stageOf(loaded).backend)))
    await seesError({ canvas }, en.errors.code_incorrect)
  },
}

export const Enrolled: Story = {
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    await Code.play?.(context)
    await typeCode(context, mailedCode(stageOf(loaded).backend))
    await seesTitle({ canvas }, en.backupCodes.title)
    await userEvent.click(canvas.getByRole('checkbox', { name: en.backupCodes.acknowledge }))
    await press({ canvas, userEvent }, en.backupCodes.done)
    await seesTitle({ canvas }, en.phoneEnroll.doneTitle)
  },
}

/** The number is a factor already. */
export const NumberTaken: Story = {
  parameters: stage({
    ...options,
    before: async (backend: MemoryBackend) => {
      await before(backend)
      const pending = await backend.adapter.mfa?.enroll({ type: 'phone', phone: '+15550100' })
      if (pending?.status !== 'pending') throw new Error('The phone was not asked.')
      await backend.adapter.mfa?.verify({ enrollmentId: pending.id, code: mailedCode(backend) })
    },
  }),
  play: async (context) => {
    await send(context, '+15550100')
    await seesError(context, en.errors.factor_exists)
    await expect(context.canvas.getByLabelText(en.phoneEnroll.label)).toHaveValue('+15550100')
  },
}

export const NumberFailed: Story = {
  play: async (context) => {
    stageOf(context.loaded).backend.failNext('mfa.enroll', 'unavailable')
    await send(context)
    await seesError(context, en.errors.unavailable)
    await seesButton(context, en.phoneEnroll.submit)
  },
}

export const Sending: Story = {
  play: async (context) => {
    await context.canvas.findByLabelText(en.phoneEnroll.label)
    stageOf(context.loaded).backend.latencyMs = Infinity
    await send(context)
    await sees(context, en.common.working)
  },
}

/** The carrier refused, and no code is out. */
export const NotSent: Story = {
  parameters: stage({ ...options, before, adapt: sendsLater }),
  play: async (context) => {
    stageOf(context.loaded).backend.failNext('mfa.challenge', 'send_failed')
    await send(context)
    await seesTitle(context, en.phoneEnroll.codeTitle)
    await seesError(context, en.errors.send_failed)
    await seesButton(context, en.code.send)
    await expect(context.canvas.queryByRole('textbox')).toBeNull()
  },
}

/** The answer was lost: a code may be on its way, so that there is a field for it. */
export const MaybeSent: Story = {
  parameters: stage({ ...options, before, adapt: sendsLater }),
  play: async (context) => {
    stageOf(context.loaded).backend.failNext('mfa.challenge', 'network')
    await send(context)
    await sees(context, en.code.maybeSent)
    await hasFocus(context, en.code.label)
  },
}

export const CodeNotConfirmed: Story = {
  play: async (context) => {
    await Code.play?.(context)
    stageOf(context.loaded).backend.failNext('mfa.verify', 'network')
    await typeCode(context, mailedCode(stageOf(context.loaded).backend))
    await seesError(context, en.errors.not_confirmed)
  },
}

export const Expired: Story = {
  play: async (context) => {
    const { backend } = stageOf(context.loaded)
    await Code.play?.(context)
    backend.clock.advance(6 * 60_000)
    await typeCode(context, mailedCode(backend))
    await seesTitle(context, en.enroll.expiredTitle)
    await sees(context, en.phoneEnroll.expiredHint)
    await seesButton(context, en.enroll.startAgain)
  },
}

/** Verified, but the answer with the backup codes got lost. */
export const CodesLost: Story = {
  play: async (context) => {
    const { backend } = stageOf(context.loaded)
    await Code.play?.(context)
    backend.failNext('mfa.verify', 'network', { afterCommit: true })
    await typeCode(context, mailedCode(backend))
    await seesTitle(context, en.phoneEnroll.doneTitle)
    await sees(context, en.enroll.lostHint)
  },
}

export const LongTexts: Story = {
  globals: { locale: 'stretched' },
  args: { channels: ['sms', 'whatsapp'] },
  play: ({ canvas }) => seesTitle({ canvas }, stretched.phoneEnroll.title),
}

export const RightToLeft: Story = {
  globals: { locale: 'mirrored', dir: 'rtl' },
  args: { channels: ['sms', 'whatsapp'] },
  play: ({ canvas }) => seesTitle({ canvas }, mirrored.phoneEnroll.title),
}
