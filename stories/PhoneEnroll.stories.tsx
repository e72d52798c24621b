import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn } from 'storybook/test'
import type { MemoryBackend } from '../src/adapters/memory/index.js'
import { PhoneEnroll } from '../src/index.js'
import { en } from '../src/locales/en.js'
import { mirrored, stretched } from './support/pseudo.js'
import { loadStage, onStage, stage, stageOf } from './support/stage.js'
import { hasFocus, mailedCode, press, seesButton, seesError, seesTitle, startSession, typeCode, wrong } from './support/steps.js'
import { ada } from './support/users.js'

const options = { secondFactors: ['totp', 'phone_code', 'backup_code'] } as const
const before = (backend: MemoryBackend) => startSession(backend, ada.email)

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
