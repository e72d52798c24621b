import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn, waitFor } from 'storybook/test'
import type { MemoryBackend } from '../src/adapters/memory/index.js'
import { PasskeyOffer, type AuthAdapter } from '../src/index.js'
import { en } from '../src/locales/en.js'
import { mirrored, stretched } from './support/pseudo.js'
import { loadStage, onStage, stage } from './support/stage.js'
import { press, seesButton, seesTitle, startProvedSession } from './support/steps.js'
import { grace } from './support/users.js'

/** A backend that enrols passkeys, on a device that can keep one. */
function withKeys(adapter: AuthAdapter): AuthAdapter {
  Object.assign(PublicKeyCredential, { isUserVerifyingPlatformAuthenticatorAvailable: async () => true })
  const { capabilities } = adapter
  return { ...adapter, capabilities: { ...capabilities, enroll: [...capabilities.enroll, { type: 'webauthn', many: true }] } }
}

const given = {
  adapt: withKeys,
  before: (backend: MemoryBackend) => startProvedSession(backend, grace.email),
  limits: { sessionMs: 1e10 },
}

const meta = {
  component: PasskeyOffer,
  args: { onDismiss: fn() },
  parameters: stage(given),
  loaders: [loadStage],
  decorators: [onStage],
} satisfies Meta<typeof PasskeyOffer>
export default meta

type Story = StoryObj<typeof meta>

export const Offered: Story = {
  play: async ({ canvas }) => {
    await seesTitle({ canvas }, en.passkeyOffer.title)
    await seesButton({ canvas }, en.passkeyOffer.notNow)
  },
}

export const Declined: Story = {
  play: async (context) => {
    await Offered.play?.(context)
    await press(context, en.passkeyOffer.notNow)
    await waitFor(() => expect(context.canvas.queryByRole('heading')).toBeNull())
    await expect(context.args.onDismiss).toHaveBeenCalledTimes(1)
  },
}

export const Accepted: Story = {
  play: async (context) => {
    await press(context, en.passkeyOffer.add)
    await seesTitle(context, en.passkeyEnroll.title)
  },
}

export const Stretched: Story = {
  globals: { locale: 'stretched' },
  play: ({ canvas }) => seesTitle({ canvas }, stretched.passkeyOffer.title),
}

export const RightToLeft: Story = {
  globals: { locale: 'mirrored', dir: 'rtl' },
  play: ({ canvas }) => seesTitle({ canvas }, mirrored.passkeyOffer.title),
}
