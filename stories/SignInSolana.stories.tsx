import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn } from 'storybook/test'
import { SignIn } from '../src/index.js'
import { en } from '../src/locales/en.js'
import { hasSolanaWallets } from './support/solanaWallet.js'
import { loadStage, onStage, stage } from './support/stage.js'
import { press, seesButton, seesError, seesTitle } from './support/steps.js'
import { hasWallet } from './support/wallet.js'

const meta = {
  title: 'SignIn/Solana',
  component: SignIn,
  args: { onComplete: fn() },
  loaders: [loadStage],
  decorators: [onStage],
  parameters: stage({
    firstFactors: ['password', 'web3_metamask_signature', 'web3_solana_signature'],
    wallets: { verifyMessage: () => true, verifySolana: () => true },
  }),
} satisfies Meta<typeof SignIn>
export default meta

type Story = StoryObj<typeof meta>

const solana = 'Continue with Solana'

/** MetaMask speaks for an Ethereum account and for one of Solana. */
export const BothKinds: Story = {
  name: 'Two kinds side by side',
  beforeEach() {
    const takeBack = [hasWallet({ offered: `0x${'a1'.repeat(20)}`, signing: '' }), hasSolanaWallets('MetaMask')]
    return () => takeBack.forEach((one) => one())
  },
  play: async (hands) => {
    await seesButton(hands, 'Continue with MetaMask')
    await seesButton(hands, solana)
  },
}

export const Choice: Story = {
  name: 'SI-28 which of several wallets',
  beforeEach: () => hasSolanaWallets('Phantom', 'Solflare', 'A wallet with a name that is longer than any button'),
  play: async (hands) => {
    await press(hands, solana)
    await seesTitle(hands, en.device.walletChoose)
    await seesButton(hands, 'Phantom')
    await seesButton(hands, 'Solflare')
  },
}

export const Declined: Story = {
  name: 'SI-27 a wallet that was closed',
  beforeEach: () => hasSolanaWallets('Phantom', 'Solflare'),
  play: async (hands) => {
    await press(hands, solana)
    await press(hands, 'Phantom')
    await seesError(hands, en.errors.cancelled)
    await seesTitle(hands, en.device.walletChoose)
    await expect(hands.args.onComplete).not.toHaveBeenCalled()
  },
}

export const Missing: Story = {
  name: 'SI-28 no wallet in this browser',
  play: async (hands) => {
    await press(hands, solana)
    await seesError(hands, en.errors.not_supported)
    await seesTitle(hands, en.start.title)
  },
}
