import type { Meta, StoryObj } from '@storybook/react-vite'
import { fn, spyOn } from 'storybook/test'
import { PasskeyEnroll, type AuthAdapter } from '../src/index.js'
import { en } from '../src/locales/en.js'
import { mirrored, stretched } from './support/pseudo.js'
import { loadStage, onStage, stage } from './support/stage.js'
import { press, seesButton, seesError, seesTitle } from './support/steps.js'

const publicKey = {
  challenge: 'AAAA',
  rp: { name: 'Acme' },
  user: { id: 'AAAA', name: 'ada@example.com', displayName: 'Ada' },
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
}

/** An adapter that offers passkeys; nobody checks what is made. */
function withKeys({ mfa, ...adapter }: AuthAdapter): AuthAdapter {
  if (!mfa) return adapter
  return {
    ...adapter,
    mfa: { ...mfa, enroll: async () => ({ status: 'pending', id: 'enrollment_1', type: 'webauthn', publicKey }) },
  }
}

const meta = {
  component: PasskeyEnroll,
  args: { onEnrolled: fn(), onCancel: fn() },
  parameters: stage({ adapt: withKeys }),
  loaders: [loadStage],
  decorators: [onStage],
} satisfies Meta<typeof PasskeyEnroll>
export default meta

type Story = StoryObj<typeof meta>

export const Intro: Story = {
  play: ({ canvas }) => seesTitle({ canvas }, en.passkeyEnroll.title),
}

export const Create: Story = {
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, en.passkeyEnroll.start)
    await seesTitle({ canvas }, en.passkeyEnroll.createTitle)
    await seesButton({ canvas }, en.passkeyEnroll.create)
  },
}

const refused = (name: string, text: string): Story => ({
  play: async (context) => {
    const { canvas } = context
    spyOn(navigator.credentials, 'create').mockRejectedValue(new DOMException('', name))
    await Create.play?.(context)
    await press(context, en.passkeyEnroll.create)
    await seesError({ canvas }, text)
  },
})

export const Cancelled: Story = refused('NotAllowedError', en.passkeyEnroll.cancelled)
export const AlreadyRegistered: Story = refused('InvalidStateError', en.passkeyEnroll.exists)
export const Impossible: Story = refused('NotSupportedError', en.passkeyEnroll.impossible)

export const LongTexts: Story = {
  globals: { locale: 'stretched' },
  play: ({ canvas }) => seesTitle({ canvas }, stretched.passkeyEnroll.title),
}

export const RightToLeft: Story = {
  globals: { locale: 'mirrored', dir: 'rtl' },
  play: ({ canvas }) => seesTitle({ canvas }, mirrored.passkeyEnroll.title),
}
