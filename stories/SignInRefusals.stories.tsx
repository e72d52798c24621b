import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn, waitFor } from 'storybook/test'
import type { MemoryVerb } from '../src/adapters/memory/index.js'
import { AuthError, SignIn, type AuthErrorCode } from '../src/index.js'
import { en } from '../src/locales/en.js'
import { loadStage, onStage, stage, stageOf } from './support/stage.js'
import { mailedCode, press, seesButton, seesTitle, signIn, typeCode } from './support/steps.js'
import { ada, alan, grace, radia } from './support/users.js'
import { hasWallet } from './support/wallet.js'
import { comesBack, opensLink } from './support/ways.js'

// What a backend may refuse a sign-in with, each where it does, as far as `SignIn` and its other files do not show it.
const meta = {
  title: 'SignIn/Refusals',
  component: SignIn,
  args: { onComplete: fn() },
  loaders: [loadStage],
  decorators: [onStage],
} satisfies Meta<typeof SignIn>
export default meta

type Story = StoryObj<typeof meta>
type Hands = Parameters<NonNullable<Story['play']>>[0]
type Find = (canvas: Hands['canvas']) => HTMLElement

interface Place {
  /** The call that is refused. Absent: the backend refuses by its own rules. */
  readonly by?: MemoryVerb
  readonly act?: (hands: Hands) => Promise<unknown>
  /** The step at which it is said. */
  readonly title: string
  readonly focus: Find
}

const field =
  (label: string): Find =>
  (canvas) =>
    canvas.getByLabelText(label)

/** Says so in words, at a step on which the person can go on, with the focus where they do. */
function refused(code: AuthErrorCode, { by, act, title, focus }: Place, retryInMs?: number): Story {
  const wait = retryInMs === undefined ? '' : ` Try again in ${retryInMs / 1000} seconds.`
  return {
    play: async (hands) => {
      if (by) stageOf(hands.loaded).backend.failNext(by, new AuthError(code, undefined, { retryInMs }))
      await act?.(hands)
      await seesTitle(hands, title)
      // That and nothing more: no word of the backend's own.
      await waitFor(() => expect(hands.canvas.getByRole('alert').textContent?.trim()).toBe(`${en.errors[code]}${wait}`))
      await waitFor(() => expect(focus(hands.canvas)).toHaveFocus())
      await expect(hands.args.onComplete).not.toHaveBeenCalled()
    },
  }
}

const atStart = {
  by: 'signIn.create',
  act: (hands) => signIn(hands, ada.email),
  title: en.start.title,
  focus: field(en.start.password),
} as const satisfies Place

const atApp = {
  by: 'signIn.attemptSecondFactor',
  async act(hands) {
    await signIn(hands, grace.email)
    await typeCode(hands, stageOf(hands.loaded).backend.users.totpCode(grace.id))
  },
  title: en.code.totpTitle,
  focus: field(en.code.label),
} as const satisfies Place

const atMail = {
  by: 'signIn.attemptFirstFactor',
  async act(hands) {
    await begin(hands, en.start.ways.email_code)
    await seesTitle(hands, en.code.messageTitle)
    await typeCode(hands, mailedCode(stageOf(hands.loaded).backend))
  },
  title: en.code.messageTitle,
  focus: field(en.code.label),
} as const satisfies Place

/** What a provider or a link has led back with is used up. */
const onTheWayBack = { title: en.start.title, focus: field(en.start.password) } as const satisfies Place

async function begin({ canvas, userEvent }: Hands, way: string) {
  await userEvent.type(await canvas.findByLabelText(en.start.email), ada.email)
  await press({ canvas, userEvent }, way)
}

const newPassword = (password: string): Place => ({
  async act(hands) {
    await begin(hands, en.start.ways.reset_password_email_code)
    await seesTitle(hands, en.code.messageTitle)
    await typeCode(hands, mailedCode(stageOf(hands.loaded).backend))
    await hands.userEvent.type(await hands.canvas.findByLabelText(en.newPassword.label), password)
    await press(hands, en.newPassword.submit)
  },
  title: en.newPassword.title,
  focus: field(en.newPassword.label),
})

const resets = stage({
  firstFactors: ['password', 'reset_password_email_code'],
  newPassword: { minLength: 12, blocklist: ['correct horse battery staple'] },
})

export const Blocked: Story = refused('blocked', atApp)

/** A session of the first factor only, which has ended meanwhile. */
export const SessionLost: Story = refused('session_lost', { ...atApp, ...onTheWayBack })

/** Another tab has signed somebody else in. */
export const SessionMismatch: Story = refused('session_mismatch', { ...atStart, by: 'signIn.finish' })

export const RateLimitedAtApp: Story = refused('rate_limited', atApp, 42_000)

export const RateLimitedAtMail: Story = refused('rate_limited', atMail, 42_000)

export const CodeIncorrectOrExpired: Story = refused('code_incorrect_or_expired', atMail)

/** The new code is refused; the wait stands in the place of its button. */
export const RateLimitedAgain: Story = {
  parameters: stage({ limits: { resendMs: 0 } }),
  play: async (hands) => {
    await signIn(hands, alan.email)
    const sendAgain = refused(
      'rate_limited',
      { ...atMail, by: 'signIn.prepareSecondFactor', act: () => press(hands, en.code.resend) },
      42_000,
    )
    await seesButton(hands, en.code.resend)
    await sendAgain.play?.(hands)
    await expect(hands.canvas.getByRole('timer')).toHaveTextContent(/New code in 4[012] seconds/)
  },
}

/** Taken off on another device after the list was drawn. */
export const FactorNotFound: Story = refused('factor_not_found', {
  by: 'signIn.prepareSecondFactor',
  async act(hands) {
    await signIn(hands, radia.email)
    await press(hands, en.common.otherWay)
    await press(hands, `${en.choose.emailCode} r•••@example.com`)
    await seesButton(hands, en.common.otherWay)
  },
  title: en.code.messageTitle,
  focus: (canvas) => canvas.getByRole('heading'),
})

/** A second factor was set up on another device, after this sign-in had been told to set one up. */
export const StepUpRequired: Story = {
  ...refused('step_up_required', {
    by: 'mfa.enroll',
    async act(hands) {
      await signIn(hands, ada.email)
      await press(hands, en.enroll.start)
    },
    title: en.enroll.title,
    focus: (canvas) => canvas.getByRole('button', { name: en.enroll.start }),
  }),
  parameters: stage({ requireMfa: true }),
}

export const PasswordWeak: Story = { ...refused('password_weak', newPassword('too short')), parameters: resets }

export const PasswordPwned: Story = {
  ...refused('password_pwned', newPassword('correct horse battery staple')),
  parameters: resets,
}

const captcha: Story['args'] = {
  captcha: (setToken) => (
    <label>
      <input type="checkbox" onChange={(event) => setToken(event.currentTarget.checked ? 'token' : undefined)} /> I am a person
    </label>
  ),
}

export const CaptchaRequired: Story = { ...refused('captcha_required', atStart), args: captcha }

/** The check begins anew. */
export const CaptchaFailed: Story = {
  args: captcha,
  play: async (hands) => {
    const { canvas, userEvent } = hands
    await userEvent.click(await canvas.findByRole('checkbox'))
    await refused('captcha_failed', atStart).play?.(hands)
    await waitFor(() => expect(canvas.getByRole('checkbox')).not.toBeChecked())
  },
}

/** Signing up is not offered, and the provider names somebody who is not known. */
export const NoAccount: Story = {
  ...refused('no_account', onTheWayBack),
  parameters: stage({ firstFactors: ['password', 'oauth_google'] }),
  beforeEach: ({ loaded }) => comesBack(stageOf(loaded).backend, { as: 'nobody@example.com' }),
}

/** The person said no at the provider’s. */
export const RedirectDenied: Story = {
  ...NoAccount,
  ...refused('redirect_denied', onTheWayBack),
  beforeEach: ({ loaded }) => comesBack(stageOf(loaded).backend, { denied: true }),
}

export const LinkOtherDevice: Story = {
  ...refused('link_other_device', { ...onTheWayBack, act: (hands) => press(hands, en.common.continue) }),
  parameters: stage({ firstFactors: ['password', 'email_link'], emailLinkSameBrowser: true }),
  beforeEach({ loaded }) {
    const { backend } = stageOf(loaded)
    return opensLink(backend, backend.connect())
  },
}

export const SsoNotFound: Story = {
  ...refused('sso_not_found', {
    act: (hands) => begin(hands, en.start.ways.enterprise_sso),
    title: en.start.title,
    focus: field(en.start.password),
  }),
  parameters: stage({ firstFactors: ['password', 'enterprise_sso'], ssoDomains: ['example.org'] }),
}

/** The provider is not set up at the backend. */
export const NotSupported: Story = {
  ...refused('not_supported', { ...atStart, act: (hands) => press(hands, 'Continue with Google') }),
  parameters: stage({ firstFactors: ['password', 'oauth_google'] }),
}

/** Another account was chosen in the wallet while the text to sign was on its way. Nothing is signed. */
export const WalletChanged: Story = {
  ...refused('wallet_changed', {
    act: (hands) => press(hands, 'Continue with MetaMask'),
    title: en.start.title,
    focus: field(en.start.password),
  }),
  parameters: stage({ firstFactors: ['password', 'web3_metamask_signature'], wallets: { verifyMessage: () => true } }),
  beforeEach: () => hasWallet({ offered: `0x${'a1'.repeat(20)}`, signing: `0x${'b2'.repeat(20)}` }),
}

export const Unknown: Story = {
  ...refused('unknown', { ...atStart, focus: field(en.start.email) }),
  args: { password: false },
}
