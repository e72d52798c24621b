import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn } from 'storybook/test'
import { SignIn, type AuthAdapter } from '../src/index.js'
import { en } from '../src/locales/en.js'
import { opensWith } from './support/adapters.js'
import { loadStage, onStage, stage } from './support/stage.js'
import { press, sees, seesButton, seesError, seesTitle } from './support/steps.js'
import { ada } from './support/users.js'

type Attempt = Awaited<ReturnType<AuthAdapter['signIn']['create']>>

/** The challenge is out already; what a key or wallet answers is not a story's to make. */
const asked = { status: 'unverified', expiresInMs: 300_000 } as const
const publicKey = { challenge: 'c3Rvcnk', rpId: 'localhost', allowCredentials: [] }
const text = 'This text is not for this page.'

const second = (factors: Attempt['supportedSecondFactors']) => (attempt: Attempt) =>
  ({
    ...attempt,
    status: 'needs_second_factor',
    supportedSecondFactors: factors,
    secondFactorVerification: { ...asked, factorId: factors?.[0]?.id ?? '', publicKey },
  }) as Attempt

const passkey = { id: 'passkey:1', strategy: 'passkey', label: 'Ada’s phone', primary: true } as const
const securityKey = { id: 'security_key:1', strategy: 'security_key' } as const
const app = { id: 'totp:1', strategy: 'totp' } as const
const wallet = { id: 'wallet:1', strategy: 'web3_okx_wallet_signature', label: 'OKX Wallet' } as const

const meta = {
  title: 'SignIn/Devices',
  component: SignIn,
  args: { onComplete: fn() },
  loaders: [loadStage],
  decorators: [onStage],
  parameters: stage({ adapt: (adapter) => opensWith(adapter, second([passkey, app])) }),
} satisfies Meta<typeof SignIn>
export default meta

type Story = StoryObj<typeof meta>
type Hands = Parameters<NonNullable<Story['play']>>[0]

async function begin({ canvas, userEvent }: Pick<Hands, 'canvas' | 'userEvent'>) {
  await userEvent.type(await canvas.findByLabelText(en.start.email), ada.email)
  await press({ canvas, userEvent }, en.start.ways.email_code)
}

export const Start: Story = {
  name: 'Every way to begin without typing',
  parameters: stage({
    adapt: (adapter) => ({
      ...adapter,
      capabilities: {
        ...adapter.capabilities,
        firstFactors: [
          { strategy: 'password' },
          { strategy: 'email_code' },
          { strategy: 'passkey' },
          { strategy: 'oauth_google' },
          { strategy: 'web3_metamask_signature', label: 'MetaMask' },
          { strategy: 'web3_okx_wallet_signature', label: 'OKX Wallet' },
        ],
      },
    }),
  }),
  play: async (hands) => {
    await seesButton(hands, en.start.ways.passkey)
    await seesButton(hands, 'Continue with MetaMask')
  },
}

export const Passkey: Story = {
  play: async (hands) => {
    await begin(hands)
    await seesTitle(hands, en.device.passkeyTitle)
    await seesButton(hands, en.common.otherWay)
  },
}

export const PasskeyChoices: Story = {
  play: async (hands) => {
    await begin(hands)
    await press(hands, en.common.otherWay)
    await sees(hands, 'Ada’s phone')
  },
}

export const SecurityKey: Story = {
  parameters: stage({ adapt: (adapter) => opensWith(adapter, second([securityKey])) }),
  play: async (hands) => {
    await begin(hands)
    await seesTitle(hands, en.device.securityKeyTitle)
  },
}

/** Without a key at hand the browser’s dialog ends in the refusal that hides its reason. */
export const NotCompleted: Story = {
  name: 'PK-07 a key that did not answer',
  beforeEach() {
    const { get } = navigator.credentials
    navigator.credentials.get = () => Promise.reject(new DOMException('Not allowed', 'NotAllowedError'))
    return () => {
      navigator.credentials.get = get
    }
  },
  play: async (hands) => {
    await begin(hands)
    await press(hands, en.common.continue)
    await seesError(hands, en.errors.cancelled)
    await expect(hands.args.onComplete).not.toHaveBeenCalled()
  },
}

export const Wallet: Story = {
  parameters: stage({
    adapt: (adapter) =>
      opensWith(adapter, (attempt) => ({
        ...attempt,
        status: 'needs_first_factor',
        supportedFirstFactors: [wallet],
        firstFactorVerification: { ...asked, factorId: wallet.id, message: text },
      })),
  }),
  play: async (hands) => {
    await begin(hands)
    await seesTitle(hands, en.device.walletTitle)
  },
}

export const WalletMissing: Story = {
  name: 'SI-28 a wallet that is not in this browser',
  parameters: Wallet.parameters,
  play: async (hands) => {
    await begin(hands)
    await press(hands, en.device.sign)
    await seesError(hands, en.device.walletMissing)
  },
}
