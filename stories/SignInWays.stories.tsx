import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn } from 'storybook/test'
import { SignIn } from '../src/index.js'
import { en } from '../src/locales/en.js'
import { opensWith } from './support/adapters.js'
import { loadStage, onStage, stage, stageOf } from './support/stage.js'
import { mailedCode, press, sees, seesButton, seesError, seesTitle, typeCode } from './support/steps.js'
import { ada, password } from './support/users.js'

const meta = {
  title: 'SignIn/Ways',
  component: SignIn,
  args: { onComplete: fn() },
  loaders: [loadStage],
  decorators: [onStage],
  parameters: stage({
    firstFactors: [
      'password',
      'email_code',
      'email_link',
      'oauth_google',
      'oauth_github',
      'enterprise_sso',
      'reset_password_email_code',
    ],
    ssoDomains: ['example.com'],
  }),
} satisfies Meta<typeof SignIn>
export default meta

type Story = StoryObj<typeof meta>
type Hands = Parameters<NonNullable<Story['play']>>[0]

async function begin({ canvas, userEvent }: Hands, link: string) {
  await userEvent.type(await canvas.findByLabelText(en.start.email), ada.email)
  await press({ canvas, userEvent }, link)
}

export const Start: Story = {
  play: async ({ canvas }) => {
    await seesButton({ canvas }, 'Continue with Google')
    await seesButton({ canvas }, 'Continue with GitHub')
    await seesButton({ canvas }, en.start.ways.reset_password_email_code)
  },
}

export const LinkSent: Story = {
  play: async (hands) => {
    await begin(hands, en.start.ways.email_link)
    await seesTitle(hands, en.link.title)
    await sees(hands, en.link.wait)
    await expect(stageOf(hands.loaded).backend.outbox.latest()?.link).toContain('latchkey=link')
  },
}

export const Elsewhere: Story = {
  parameters: stage({
    adapt: (adapter) => opensWith(adapter, (attempt) => ({ ...attempt, status: 'verified_elsewhere' })),
  }),
  play: async (hands) => {
    await begin(hands, en.start.ways.email_code)
    await seesTitle(hands, en.link.elsewhereTitle)
  },
}

export const NewPassword: Story = {
  play: async (hands) => {
    await begin(hands, en.start.ways.reset_password_email_code)
    await seesTitle(hands, en.code.messageTitle)
    await typeCode(hands, mailedCode(stageOf(hands.loaded).backend))
    await seesTitle(hands, en.newPassword.title)
  },
}

export const NewPasswordRefused: Story = {
  play: async (hands) => {
    await NewPassword.play?.(hands)
    await hands.userEvent.type(await hands.canvas.findByLabelText(en.newPassword.label), password)
    await press(hands, en.newPassword.submit)
    await seesError(hands, en.errors.password_same)
  },
}

/** Where the backend knows two ways to a phone, each has its button. */
export const PhoneChannels: Story = {
  parameters: stage({
    firstFactors: ['phone_code'],
    identifiers: ['phone'],
    phoneChannels: ['sms', 'whatsapp'],
    limits: { resendMs: 0 },
    users: [{ ...ada, phone: '+15550100' }],
  }),
  play: async (hands) => {
    const { canvas, userEvent, loaded } = hands
    await userEvent.type(await canvas.findByLabelText(en.start.phone), '+15550100')
    await press(hands, en.common.continue)
    await seesTitle(hands, en.code.messageTitle)
    await seesButton(hands, en.code.by.sms)
    await press(hands, en.code.by.whatsapp)
    await sees(hands, en.code.resent)
    await expect(stageOf(loaded).backend.outbox.latest()?.channel).toBe('whatsapp')
  },
}

/** Who gets the password asked for on its own can reset it there. */
export const ResetFromPassword: Story = {
  args: { password: false },
  parameters: stage({ firstFactors: ['password', 'reset_password_email_code'] }),
  play: async (hands) => {
    await begin(hands, en.common.continue)
    await seesTitle(hands, en.password.title)
    await press(hands, en.start.ways.reset_password_email_code)
    await seesTitle(hands, en.code.messageTitle)
  },
}
