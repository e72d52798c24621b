import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn, waitFor } from 'storybook/test'
import { Card } from '../src/components/Card.js'
import { frameOf, type Frame } from '../src/components/Frame.js'
import { lazyStep } from '../src/components/lazyStep.js'
import { Root } from '../src/components/Root.js'
import { AuthError, SignIn } from '../src/index.js'
import { en } from '../src/locales/en.js'
import { cutOff, opensWith } from './support/adapters.js'
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
  signIn,
  startSession,
  typeCode,
  wrong,
} from './support/steps.js'
import { ada, alan, grace, radia } from './support/users.js'

const meta = {
  component: SignIn,
  args: { onComplete: fn() },
  loaders: [loadStage],
  decorators: [onStage],
} satisfies Meta<typeof SignIn>
export default meta

type Story = StoryObj<typeof meta>

const firstOnly = { password: false } as const
const wait = (retryInMs: number) => new AuthError('rate_limited', undefined, { retryInMs })

export const Start: Story = {
  play: async ({ canvas }) => {
    await seesTitle({ canvas }, en.start.title)
    await expect(canvas.getByLabelText(en.start.email)).toHaveAttribute('autocomplete', 'username webauthn')
    await expect(canvas.getByRole('alert')).toBeEmptyDOMElement()
    await expect(document.body).toHaveFocus()
  },
}

export const StartFocused: Story = {
  args: { autoFocus: true },
  play: ({ canvas }) => hasFocus({ canvas }, en.start.email),
}

export const IdentifierFirst: Story = {
  args: firstOnly,
  play: async ({ canvas }) => {
    await seesButton({ canvas }, en.common.continue)
    await expect(canvas.queryByLabelText(en.start.password)).toBeNull()
  },
}

export const WithLinks: Story = {
  args: {
    forgot: <a href="#forgot">Forgot your password?</a>,
    signUp: <a href="#sign-up">Create an account</a>,
    help: <a href="#help">Get help</a>,
  },
  play: async ({ canvas }) => {
    const names = (await canvas.findAllByRole('link')).map((link) => link.textContent)
    await expect(names).toEqual(['Forgot your password?', 'Create an account', 'Get help'])
  },
}

export const Prefilled: Story = {
  args: { identifier: ada.email },
  play: async ({ canvas }) => expect(await canvas.findByLabelText(en.start.email)).toHaveValue(ada.email),
}

export const MissingIdentifier: Story = {
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, en.start.submit)
    await seesError({ canvas }, en.start.identifierMissing)
    await hasFocus({ canvas }, en.start.email)
  },
}

export const MissingPassword: Story = {
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByLabelText(en.start.email), ada.email)
    await press({ canvas, userEvent }, en.start.submit)
    await seesError({ canvas }, en.start.passwordMissing)
    await hasFocus({ canvas }, en.start.password)
  },
}

export const MalformedAddress: Story = {
  play: async ({ canvas, userEvent }) => {
    await signIn({ canvas, userEvent }, 'ada')
    await seesError({ canvas }, en.errors.identifier_invalid)
    await hasFocus({ canvas }, en.start.email)
  },
}

export const WrongPassword: Story = {
  play: async ({ canvas, userEvent }) => {
    await signIn({ canvas, userEvent }, ada.email, 'battery staple')
    await seesError({ canvas }, en.errors.invalid_credentials)
    await expect(canvas.getByLabelText(en.start.email)).toHaveValue(ada.email)
    await expect(canvas.getByLabelText(en.start.password)).toHaveValue('')
    await hasFocus({ canvas }, en.start.password)
  },
}

export const PasswordShown: Story = {
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByLabelText(en.start.password), 'correct horse')
    await press({ canvas, userEvent }, en.start.show)
    await expect(canvas.getByLabelText(en.start.password)).toHaveAttribute('type', 'text')
    await seesButton({ canvas }, en.start.hide)
  },
}

export const Waiting: Story = {
  parameters: stage({ latencyMs: Infinity }),
  play: async ({ canvas, userEvent }) => {
    await signIn({ canvas, userEvent }, ada.email)
    await waitFor(() => expect(canvas.getByRole('status')).toHaveTextContent(en.common.working))
    const button = canvas.getByRole('button', { name: en.start.submit })
    await expect(button).toHaveAttribute('aria-disabled', 'true')
    await expect(button).toHaveFocus()
  },
}

export const NoConnection: Story = {
  args: firstOnly,
  play: async ({ canvas, userEvent, loaded }) => {
    stageOf(loaded).backend.failNext('signIn.create', 'network')
    await signIn({ canvas, userEvent }, ada.email)
    await seesError({ canvas }, en.errors.network)
    await expect(canvas.getByLabelText(en.start.email)).toHaveValue(ada.email)
  },
}

export const NeverAnswered: Story = {
  parameters: stage({ latencyMs: Infinity, timeoutMs: 200 }),
  play: async ({ canvas, userEvent }) => {
    await signIn({ canvas, userEvent }, ada.email)
    await seesError({ canvas }, en.errors.not_confirmed)
    await expect(canvas.getByLabelText(en.start.email)).toHaveValue(ada.email)
    await expect(canvas.getByRole('button', { name: en.start.submit })).not.toHaveAttribute('aria-disabled')
  },
}

export const RateLimited: Story = {
  play: async ({ canvas, userEvent, loaded }) => {
    stageOf(loaded).backend.failNext('signIn.create', wait(42_000))
    await signIn({ canvas, userEvent }, ada.email)
    await seesError({ canvas }, `${en.errors.rate_limited} Try again in 42 seconds.`)
  },
}

export const PasswordStep: Story = {
  args: { ...firstOnly, forgot: <a href="#forgot">Forgot your password?</a> },
  play: async ({ canvas, userEvent }) => {
    await signIn({ canvas, userEvent }, ada.email)
    await seesTitle({ canvas }, en.password.title)
    await sees({ canvas }, ada.email)
    await hasFocus({ canvas }, en.start.password)
  },
}

export const PasswordStepWrong: Story = {
  args: firstOnly,
  play: async (context) => {
    const { canvas, userEvent } = context
    await PasswordStep.play?.(context)
    await userEvent.type(canvas.getByLabelText(en.start.password), 'battery staple')
    await press({ canvas, userEvent }, en.password.submit)
    await seesError({ canvas }, en.errors.invalid_credentials)
    await hasFocus({ canvas }, en.start.password)
  },
}

export const FirstFactors: Story = {
  args: firstOnly,
  play: async (context) => {
    const { canvas, userEvent } = context
    await PasswordStep.play?.(context)
    await press({ canvas, userEvent }, en.common.otherWay)
    await seesTitle({ canvas }, en.choose.firstTitle)
    await seesButton({ canvas }, en.choose.emailCode)
  },
}

export const EmailCode: Story = {
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByLabelText(en.start.email), ada.email)
    await press({ canvas, userEvent }, en.start.ways.email_code)
    await seesTitle({ canvas }, en.code.messageTitle)
    await sees({ canvas }, en.code.sent)
    await expect(canvas.getByRole('timer')).toHaveTextContent('New code in 30 seconds')
    await hasFocus({ canvas }, en.code.label)
  },
}

export const EmailCodeMaybeSent: Story = {
  play: async ({ canvas, userEvent, loaded }) => {
    stageOf(loaded).backend.failNext('signIn.prepareFirstFactor', 'network', { afterCommit: true })
    await userEvent.type(await canvas.findByLabelText(en.start.email), ada.email)
    await press({ canvas, userEvent }, en.start.ways.email_code)
    await sees({ canvas }, en.code.maybeSent)
    await hasFocus({ canvas }, en.code.label)
  },
}

export const EmailCodeNotSent: Story = {
  play: async ({ canvas, userEvent, loaded }) => {
    stageOf(loaded).backend.failNext('signIn.prepareFirstFactor', 'send_failed')
    await userEvent.type(await canvas.findByLabelText(en.start.email), ada.email)
    await press({ canvas, userEvent }, en.start.ways.email_code)
    await seesError({ canvas }, en.errors.send_failed)
    await seesButton({ canvas }, en.code.send)
  },
}

export const EmailCodeWrong: Story = {
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    await EmailCode.play?.(context)
    await typeCode({ canvas, userEvent }, wrong(mailedCode(stageOf(loaded).backend)))
    await seesError({ canvas }, `${en.errors.code_incorrect} 4 tries left.`)
    await hasFocus({ canvas }, en.code.label)
  },
}

export const EmailCodeExpired: Story = {
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    const { backend } = stageOf(loaded)
    await EmailCode.play?.(context)
    backend.clock.advance(11 * 60_000)
    await typeCode({ canvas, userEvent }, mailedCode(backend))
    await seesError({ canvas }, en.errors.code_expired)
    await expect(canvas.getByRole('textbox')).toHaveValue(mailedCode(backend))
  },
}

export const EmailCodeRunOut: Story = {
  parameters: stage({ limits: { codeMs: 1, resendMs: 0 } }),
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByLabelText(en.start.email), ada.email)
    await press({ canvas, userEvent }, en.start.ways.email_code)
    await waitFor(() => expect(canvas.getByRole('alert')).toHaveTextContent(en.code.expired), { timeout: 3000 })
    await seesButton({ canvas }, en.code.resend)
  },
}

export const SecondFactorByEmail: Story = {
  play: async ({ canvas, userEvent }) => {
    await signIn({ canvas, userEvent }, alan.email)
    await seesTitle({ canvas }, en.code.messageTitle)
    await sees({ canvas }, 'a•••@example.com')
    await expect(canvas.getByRole('timer')).toBeVisible()
  },
}

export const AfterCooldown: Story = {
  parameters: stage({ limits: { resendMs: 0 } }),
  play: async (context) => {
    const { canvas } = context
    await signIn(context, alan.email)
    await seesButton({ canvas }, en.code.resend)
    await expect(canvas.queryByRole('timer')).toBeNull()
  },
}

export const SentAgain: Story = {
  ...AfterCooldown,
  play: async (context) => {
    const { canvas, userEvent } = context
    await AfterCooldown.play?.(context)
    await typeCode({ canvas, userEvent }, '123')
    await press({ canvas, userEvent }, en.code.resend)
    await sees({ canvas }, en.code.resent)
    await expect(canvas.getByLabelText(en.code.label)).toHaveValue('')
  },
}

export const Totp: Story = {
  play: async ({ canvas, userEvent }) => {
    await signIn({ canvas, userEvent }, grace.email)
    await seesTitle({ canvas }, en.code.totpTitle)
    await expect(canvas.getByRole('textbox', { name: en.code.label })).toHaveAccessibleDescription(/6 digits/)
    await hasFocus({ canvas }, en.code.label)
  },
}

export const TotpFilling: Story = {
  play: async (context) => {
    await Totp.play?.(context)
    await typeCode(context, '1234')
    await expect(context.canvas.getByRole('textbox')).toHaveValue('1234')
  },
}

export const TotpTooShort: Story = {
  play: async (context) => {
    const { canvas, userEvent } = context
    await Totp.play?.(context)
    await typeCode({ canvas, userEvent }, '1234')
    await press({ canvas, userEvent }, en.code.submit)
    await seesError({ canvas }, 'The code has 4 characters. This is too short.')
    await hasFocus({ canvas }, en.code.label)
  },
}

export const TotpChecking: Story = {
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    const { backend } = stageOf(loaded)
    await Totp.play?.(context)
    backend.latencyMs = Infinity
    await typeCode({ canvas, userEvent }, backend.users.totpCode(grace.id))
    await sees({ canvas }, en.common.working)
    await expect(canvas.getByRole('button', { name: en.code.submit })).toHaveAttribute('aria-disabled', 'true')
    await hasFocus({ canvas }, en.code.label)
  },
}

export const TotpWrong: Story = {
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    await Totp.play?.(context)
    await typeCode({ canvas, userEvent }, wrong(stageOf(loaded).backend.users.totpCode(grace.id)))
    await seesError({ canvas }, `${en.errors.code_incorrect} 4 tries left.`)
    await expect(canvas.getByRole('textbox')).toBeInvalid()
    await hasFocus({ canvas }, en.code.label)
  },
}

export const TotpTwiceWrong: Story = {
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    await TotpWrong.play?.(context)
    await typeCode({ canvas, userEvent }, wrong(wrong(stageOf(loaded).backend.users.totpCode(grace.id))))
    await seesError({ canvas }, '3 tries left.')
    await expect(canvas.getByRole('status')).toHaveTextContent(en.code.clockHint)
  },
}

export const TotpUsedBefore: Story = {
  parameters: stage({
    before: async ({ connect, users }) => {
      const elsewhere = connect().signIn
      const attempt = await elsewhere.create({ identifier: grace.email, password: grace.password })
      const factorId = attempt.supportedSecondFactors?.[0]?.id ?? ''
      await elsewhere.attemptSecondFactor({ id: attempt.id }, { factorId, code: users.totpCode(grace.id) })
    },
  }),
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    await Totp.play?.(context)
    await typeCode({ canvas, userEvent }, stageOf(loaded).backend.users.totpCode(grace.id))
    await seesError({ canvas }, en.errors.already_used)
  },
}

export const Locked: Story = {
  parameters: stage({ limits: { failuresToLock: 1 } }),
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    await Totp.play?.(context)
    await typeCode({ canvas, userEvent }, wrong(stageOf(loaded).backend.users.totpCode(grace.id)))
    await seesError({ canvas }, `${en.errors.locked} Try again in 15 minutes.`)
  },
}

export const TooManyAttempts: Story = {
  parameters: stage({ limits: { triesPerChallenge: 1 } }),
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    await Totp.play?.(context)
    await typeCode({ canvas, userEvent }, wrong(stageOf(loaded).backend.users.totpCode(grace.id)))
    await seesTitle({ canvas }, en.start.title)
    await seesError({ canvas }, en.errors.too_many_attempts)
    await expect(canvas.getByLabelText(en.start.email)).toHaveValue(grace.email)
    await hasFocus({ canvas }, en.start.password)
  },
}

export const AttemptLost: Story = {
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    const { backend } = stageOf(loaded)
    await Totp.play?.(context)
    backend.clock.advance(11 * 60_000)
    await typeCode({ canvas, userEvent }, backend.users.totpCode(grace.id))
    await seesTitle({ canvas }, en.start.title)
    await seesError({ canvas }, en.errors.attempt_lost)
    await expect(canvas.getByLabelText(en.start.email)).toHaveValue(grace.email)
  },
}

export const ReplyLost: Story = {
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    const { backend } = stageOf(loaded)
    await Totp.play?.(context)
    backend.failNext('signIn.attemptSecondFactor', 'network')
    await typeCode({ canvas, userEvent }, backend.users.totpCode(grace.id))
    await seesError({ canvas }, en.errors.not_confirmed)
    await seesTitle({ canvas }, en.code.totpTitle)
  },
}

export const ReplyLostButSignedIn: Story = {
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    const { backend } = stageOf(loaded)
    await Totp.play?.(context)
    backend.failNext('signIn.attemptSecondFactor', 'network', { afterCommit: true })
    await typeCode({ canvas, userEvent }, backend.users.totpCode(grace.id))
    await seesTitle({ canvas }, en.complete.title)
  },
}

export const Offline: Story = {
  parameters: stage({ adapt: (adapter) => cutOff(adapter) }),
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    await Totp.play?.(context)
    const code = stageOf(loaded).backend.users.totpCode(grace.id)
    await typeCode({ canvas, userEvent }, code)
    await seesError({ canvas }, en.errors.not_confirmed)
    await expect(canvas.getByRole('textbox')).toHaveValue(code)
  },
}

export const BackupCode: Story = {
  play: async (context) => {
    const { canvas, userEvent } = context
    await Totp.play?.(context)
    await press({ canvas, userEvent }, en.common.otherWay)
    await press({ canvas, userEvent }, en.choose.backupCode)
    await seesTitle({ canvas }, en.backupCode.title)
    await hasFocus({ canvas }, en.backupCode.label)
  },
}

/** Trusted as with any other second factor. */
export const BackupCodeTrusted: Story = {
  play: async (context) => {
    await BackupCode.play?.(context)
    const box = context.canvas.getByRole('checkbox', { name: en.code.trustDevice })
    await context.userEvent.click(box)
    await expect(box).toBeChecked()
  },
}

export const BackupCodeWrong: Story = {
  play: async (context) => {
    const { canvas, userEvent } = context
    await BackupCode.play?.(context)
    await userEvent.type(canvas.getByLabelText(en.backupCode.label), 'aaaa-bbbb')
    await press({ canvas, userEvent }, en.backupCode.submit)
    await seesError({ canvas }, en.errors.code_incorrect)
    await hasFocus({ canvas }, en.backupCode.label)
  },
}

export const BackupCodeUsed: Story = {
  play: async (context) => {
    const { canvas, userEvent } = context
    await BackupCode.play?.(context)
    await userEvent.type(canvas.getByLabelText(en.backupCode.label), grace.backupCodes[0].toUpperCase())
    await press({ canvas, userEvent }, en.backupCode.submit)
    await seesTitle({ canvas }, en.complete.title)
    await sees({ canvas }, en.complete.usedBackupCode)
  },
}

export const SecondFactors: Story = {
  play: async (context) => {
    const { canvas, userEvent } = context
    await signIn({ canvas, userEvent }, radia.email)
    await seesTitle({ canvas }, en.code.totpTitle)
    await press({ canvas, userEvent }, en.common.otherWay)
    await seesTitle({ canvas }, en.choose.secondTitle)
    await expect(canvas.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      en.choose.totp + ' ',
      en.choose.backupCode + ' ',
      `${en.choose.emailCode} r•••@example.com`,
    ])
  },
}

export const FactorsUnknown: Story = {
  parameters: stage({ adapt: (adapter) => opensWith(adapter, (attempt) => ({ ...attempt, supportedSecondFactors: null })) }),
  play: async (context) => {
    const { canvas } = context
    await signIn(context, grace.email)
    await seesError({ canvas }, en.choose.failed)
    await seesButton({ canvas }, en.common.tryAgain)
  },
}

export const NoFactorLeft: Story = {
  parameters: stage({ adapt: (adapter) => opensWith(adapter, (attempt) => ({ ...attempt, supportedSecondFactors: [] })) }),
  args: { help: <a href="#help">Get help</a> },
  play: async (context) => {
    const { canvas } = context
    await signIn(context, grace.email)
    await seesTitle({ canvas }, en.choose.none)
    await seesButton({ canvas }, en.common.signOut)
    await expect(canvas.getByRole('link', { name: 'Get help' })).toBeVisible()
  },
}

export const EnrolmentRequired: Story = {
  parameters: stage({ requireMfa: true }),
  play: async (context) => {
    const { canvas } = context
    await signIn(context, ada.email)
    await seesTitle({ canvas }, en.enroll.title)
    await sees({ canvas }, en.enroll.required)
  },
}

export const EnrolmentRequiredOneOfSeveral: Story = {
  name: 'FC-08 a second step is required, and there is a choice',
  parameters: stage({ requireMfa: true, secondFactors: ['totp', 'phone_code'], enroll: ['totp', 'phone'] }),
  play: async (context) => {
    const { canvas } = context
    await signIn(context, ada.email)
    await seesTitle({ canvas }, en.enroll.chooseTitle)
    await press(context, en.factors.addPhone)
    await seesTitle({ canvas }, en.phoneEnroll.title)
    await context.userEvent.type(await canvas.findByLabelText(en.phoneEnroll.label), '+15550199')
    await press(context, en.phoneEnroll.submit)
    await seesTitle({ canvas }, en.phoneEnroll.codeTitle)
    await typeCode(context, mailedCode(stageOf(context.loaded).backend))
    await waitFor(() => expect(context.args.onComplete).toHaveBeenCalledOnce())
  },
}

export const Unsupported: Story = {
  parameters: stage({
    adapt: (adapter) => opensWith(adapter, (attempt) => ({ ...attempt, status: 'unsupported', detail: 'accept_terms' })),
  }),
  play: async (context) => {
    const { canvas } = context
    await signIn(context, ada.email)
    await seesTitle({ canvas }, en.unsupported.title)
    await sees({ canvas }, 'accept_terms')
  },
}

export const Complete: Story = {
  play: async (context) => {
    const { canvas, args } = context
    await signIn(context, ada.email)
    await seesTitle({ canvas }, en.complete.title)
    await sees({ canvas }, 'Ada Lovelace')
    await waitFor(() => expect(canvas.getByRole('heading')).toHaveFocus())
    await expect(args.onComplete).toHaveBeenCalledOnce()
  },
}

export const AlreadySignedIn: Story = {
  parameters: stage({ before: (backend) => startSession(backend, ada.email) }),
  play: async ({ canvas, userEvent, args }) => {
    await seesTitle({ canvas }, en.complete.title)
    await expect(args.onComplete).not.toHaveBeenCalled()
    await expect(document.body).toHaveFocus()
    await press({ canvas, userEvent }, en.common.continue)
    await expect(args.onComplete).toHaveBeenCalledOnce()
  },
}

export const TrustDevice: Story = {
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    await Totp.play?.(context)
    await userEvent.click(canvas.getByRole('checkbox', { name: en.code.trustDevice }))
    await typeCode({ canvas, userEvent }, stageOf(loaded).backend.users.totpCode(grace.id).slice(0, 5))
    await expect(canvas.getByRole('checkbox')).toBeChecked()
  },
}

export const EightLetters: Story = {
  parameters: stage({ codeLength: 8, codeType: 'alphanumeric' }),
  play: async (context) => {
    const { canvas, userEvent } = context
    await signIn({ canvas, userEvent }, alan.email)
    await seesTitle({ canvas }, en.code.messageTitle)
    await typeCode({ canvas, userEvent }, 'A1B2C')
    await expect(canvas.getByRole('textbox')).toHaveAccessibleDescription(/8 letters or digits/)
  },
}

export const LongTexts: Story = {
  globals: { locale: 'stretched' },
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    await signIn(context, grace.email, undefined, stretched)
    await seesTitle({ canvas }, stretched.code.totpTitle)
    const code = wrong(stageOf(loaded).backend.users.totpCode(grace.id))
    await typeCode({ canvas, userEvent }, code, stretched.code.label)
    await seesError({ canvas }, stretched.errors.code_incorrect)
  },
}

export const RightToLeft: Story = {
  globals: { locale: 'mirrored', dir: 'rtl' },
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    await signIn(context, alan.email, undefined, mirrored)
    await seesTitle({ canvas }, mirrored.code.messageTitle)
    const code = wrong(mailedCode(stageOf(loaded).backend))
    await typeCode({ canvas, userEvent }, code, mirrored.code.label)
    await seesError({ canvas }, mirrored.errors.code_incorrect)
  },
}

const network = { up: true }
const Late = lazyStep(() => (network.up ? Promise.resolve(Arrived) : Promise.reject(new Error('No connection'))))

function Arrived({ frame }: { frame: Frame }) {
  return <Card frame={frame} step="arrived" title="Arrived" />
}

/** The code of a later step does not arrive at first, and does when it is asked for again. */
export const StepFailedToLoad: Story = {
  beforeEach: () => {
    network.up = false
  },
  render: () => (
    <Root>
      <Late frame={frameOf({}, false)} />
    </Root>
  ),
  play: async ({ canvas, userEvent }) => {
    await seesError({ canvas }, en.common.chunkFailed)
    network.up = true
    await press({ canvas, userEvent }, en.common.tryAgain)
    await seesTitle({ canvas }, 'Arrived')
  },
}
