import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn, spyOn } from 'storybook/test'
import { AuthError, PasskeyEnroll, type AuthAdapter } from '../src/index.js'
import type { Verified } from '../src/core/enrollment.js'
import { en } from '../src/locales/en.js'
import { mirrored, stretched } from './support/pseudo.js'
import { loadStage, onStage, stage } from './support/stage.js'
import { press, sees, seesButton, seesError, seesTitle } from './support/steps.js'

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

/** What a browser hands over. Nobody checks it here. */
function makesKey() {
  const bytes = new Uint8Array([1, 2, 3]).buffer
  const made = {
    id: 'AQID',
    rawId: bytes,
    type: 'public-key',
    authenticatorAttachment: 'platform',
    getClientExtensionResults: () => ({}),
    response: { attestationObject: bytes, clientDataJSON: bytes },
  }
  spyOn(navigator.credentials, 'create').mockResolvedValue(made)
}

async function makeIt(context: Parameters<NonNullable<Story['play']>>[0]) {
  makesKey()
  await press(context, en.passkeyEnroll.start)
  await press(context, en.passkeyEnroll.create)
}

const answers = (verify: () => Promise<Verified>) =>
  stage({ adapt: (adapter) => withKeys(adapter.mfa ? { ...adapter, mfa: { ...adapter.mfa, verify } } : adapter) })
const refuses = (error: AuthError) => answers(() => Promise.reject(error))
const key = { id: 'key_1', strategy: 'passkey', status: 'verified', removable: true } as const

/** The options were refused. */
export const FailedToStart: Story = {
  parameters: stage({
    adapt: ({ mfa, ...adapter }) => {
      const enroll = () => Promise.reject(new AuthError('factor_limit'))
      return mfa ? { ...adapter, mfa: { ...mfa, enroll, listFactors: async () => [] } } : adapter
    },
  }),
  play: async (context) => {
    await press(context, en.passkeyEnroll.start)
    await seesError(context, en.errors.factor_limit)
    await seesButton(context, en.passkeyEnroll.start)
  },
}

/** The backend does not take what the browser made. */
export const NotTaken: Story = {
  parameters: refuses(new AuthError('passkey_unknown')),
  play: async (context) => {
    await makeIt(context)
    await seesError(context, en.errors.passkey_unknown)
    await seesButton(context, en.passkeyEnroll.create)
  },
}

export const Expired: Story = {
  parameters: refuses(new AuthError('factor_not_found')),
  play: async (context) => {
    await makeIt(context)
    await seesTitle(context, en.enroll.expiredTitle)
    await sees(context, en.passkeyEnroll.expiredHint)
    await seesButton(context, en.enroll.startAgain)
  },
}

export const Enrolled: Story = {
  parameters: answers(async () => ({ factor: key })),
  play: async (context) => {
    await makeIt(context)
    await seesTitle(context, en.passkeyEnroll.doneTitle)
    await expect(context.args.onEnrolled).toHaveBeenCalledOnce()
  },
}

export const LongTexts: Story = {
  globals: { locale: 'stretched' },
  play: ({ canvas }) => seesTitle({ canvas }, stretched.passkeyEnroll.title),
}

export const RightToLeft: Story = {
  globals: { locale: 'mirrored', dir: 'rtl' },
  play: ({ canvas }) => seesTitle({ canvas }, mirrored.passkeyEnroll.title),
}
