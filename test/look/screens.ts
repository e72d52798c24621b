import { composeStories, setProjectAnnotations } from '@storybook/react-vite'
import { afterAll, afterEach, beforeEach } from 'vitest'
import { cdp, page } from 'vitest/browser'
import preview from '../../.storybook/preview.js'
import * as backupCodes from '../../stories/BackupCodes.stories.js'
import * as chooser from '../../stories/FactorChooser.stories.js'
import * as factors from '../../stories/FactorList.stories.js'
import * as gate from '../../stories/MfaGate.stories.js'
import * as gateDialog from '../../stories/MfaGateDialog.stories.js'
import * as gateTime from '../../stories/MfaGateTime.stories.js'
import * as otp from '../../stories/OtpInput.stories.js'
import * as passkeyEnroll from '../../stories/PasskeyEnroll.stories.js'
import * as passkeyOffer from '../../stories/PasskeyOffer.stories.js'
import * as phoneEnroll from '../../stories/PhoneEnroll.stories.js'
import * as signIn from '../../stories/SignIn.stories.js'
import * as devices from '../../stories/SignInDevices.stories.js'
import * as redirects from '../../stories/SignInRedirects.stories.js'
import * as solana from '../../stories/SignInSolana.stories.js'
import * as ways from '../../stories/SignInWays.stories.js'
import * as stepUp from '../../stories/StepUp.stories.js'
import * as enroll from '../../stories/TotpEnroll.stories.js'

setProjectAnnotations(preview)
const stories = {
  signIn: composeStories(signIn),
  chooser: composeStories(chooser),
  enroll: composeStories(enroll),
  backupCodes: composeStories(backupCodes),
  gate: composeStories(gate),
  gateDialog: composeStories(gateDialog),
  gateTime: composeStories(gateTime),
  stepUp: composeStories(stepUp),
  otp: composeStories(otp),
  passkeyOffer: composeStories(passkeyOffer),
  redirects: composeStories(redirects),
  factors: composeStories(factors),
  passkeyEnroll: composeStories(passkeyEnroll),
  phoneEnroll: composeStories(phoneEnroll),
  devices: composeStories(devices),
  solana: composeStories(solana),
  ways: composeStories(ways),
}

interface Runnable {
  run(): Promise<void>
}

/** One of each kind of screen, with what can be on it: links, an error, a status, a wait. */
export const screens: Readonly<Record<string, Runnable>> = {
  start: stories.signIn.WithLinks,
  'missing identifier': stories.signIn.MissingIdentifier,
  'wrong password': stories.signIn.WrongPassword,
  waiting: stories.signIn.Waiting,
  'password step': stories.signIn.PasswordStepWrong,
  'e-mailed code': stories.signIn.EmailCodeWrong,
  'code not sent': stories.signIn.EmailCodeNotSent,
  'app code': stories.signIn.TotpTwiceWrong,
  'app code, half typed': stories.signIn.TrustDevice,
  'letters and digits': stories.signIn.EightLetters,
  'backup code': stories.signIn.BackupCodeWrong,
  'backup code, trusted': stories.signIn.BackupCodeTrusted,
  chooser: stories.signIn.SecondFactors,
  'named factors': stories.chooser.NamedFactors,
  'factors not known': stories.chooser.FactorsNotKnown,
  'no factor': stories.signIn.NoFactorLeft,
  'already signed in': stories.signIn.AlreadySignedIn,
  unsupported: stories.signIn.Unsupported,
  'enrolment, password': stories.enroll.PasswordWrong,
  'enrolment, QR code': stories.enroll.WrongCodeTwice,
  'enrolment, key': stories.enroll.ScanWithKey,
  'enrolment, expired': stories.enroll.Expired,
  enrolled: stories.enroll.Enrolled,
  'backup codes': stories.backupCodes.Unacknowledged,
  'code field alone': stories.otp.InOwnForm,
  'gate, loading': stories.gate.Loading,
  'gate, warning': stories.gateTime.WarningOverText,
  'gate, step-up': stories.gate.StepUpFailed,
  'gate, enrolment': stories.gate.EnrolFirst,
  'gate, unknown level': stories.gate.UnknownLevel,
  'every way in': stories.devices.Start,
  'security key': stories.devices.SecurityKey,
  'which wallet': stories.solana.Choice,
  'wallet, declined': stories.solana.Declined,
  'link sent': stories.ways.LinkSent,
  'link opened': stories.redirects.Landing,
  'provider, on the way': stories.redirects.Leading,
  'provider, away': stories.redirects.Away,
  'provider, back': stories.redirects.RestoringCutOff,
  'new password refused': stories.ways.NewPasswordRefused,
  'ways to a phone': stories.ways.PhoneChannels,
  'password step with a reset': stories.ways.ResetFromPassword,
  factors: stories.factors.Several,
  'factor, renaming': stories.factors.Renaming,
  'new backup codes': stories.factors.NewCodes,
  'phone number refused': stories.phoneEnroll.NumberRefused,
  'phone, wrong code': stories.phoneEnroll.CodeWrong,
  'passkey, cancelled': stories.passkeyEnroll.Cancelled,
  'passkey offered': stories.passkeyOffer.Offered,
}

/** With a page behind them that is not there for the moment. */
export const dialogs: Readonly<Record<string, Runnable>> = {
  'last factor, removing': stories.factors.RemovingTheLast,
  'gate, dialog': stories.gateDialog.WrongCode,
  'step-up': stories.stepUp.WrongCode,
}

/** The made-up catalogues: longer words, and right to left. */
export const longScreens: Readonly<Record<string, Runnable>> = {
  'sign-in': stories.signIn.LongTexts,
  chooser: stories.chooser.LongTexts,
  enrolment: stories.enroll.LongTexts,
  'backup codes': stories.backupCodes.LongTexts,
  gate: stories.gate.LongTexts,
  factors: stories.factors.LongTexts,
  phone: stories.phoneEnroll.LongTexts,
  passkey: stories.passkeyEnroll.LongTexts,
}

export const rtlScreens = {
  signIn: stories.signIn.RightToLeft,
  chooser: stories.chooser.RightToLeft,
  enrolment: stories.enroll.RightToLeft,
  backupCodes: stories.backupCodes.RightToLeft,
  gate: stories.gate.RightToLeft,
  factors: stories.factors.RightToLeft,
  phone: stories.phoneEnroll.RightToLeft,
  passkey: stories.passkeyEnroll.RightToLeft,
} as const satisfies Readonly<Record<string, Runnable>>

export { stories }

/** Plays a story and leaves its screen, at rest. */
export async function show(screen: Runnable): Promise<void> {
  await screen.run()
  for (const one of document.getAnimations()) if (one.effect?.getComputedTiming().endTime !== Infinity) one.finish()
}

export type Scheme = 'light' | 'dark'

export function setScheme(scheme: Scheme) {
  document.documentElement.style.colorScheme = scheme
}

type Feature = 'forced-colors' | 'prefers-reduced-motion' | 'prefers-color-scheme'

export async function emulate(features: Readonly<Partial<Record<Feature, string>>>) {
  await cdp().send('Emulation.setEmulatedMedia', { features: Object.entries(features).map(([name, value]) => ({ name, value })) })
}

/** Each test begins on a page of the usual size, without any emulation. */
export function withPlainPage() {
  const reset = async () => {
    await emulate({})
    setScheme('light')
    document.documentElement.dir = 'ltr'
    document.documentElement.style.fontSize = ''
    await page.viewport(1024, 768)
  }
  beforeEach(reset)
  afterEach(reset)
  afterAll(() => document.querySelectorAll('#extra').forEach((one) => one.remove()))
}

/** Everything that can be reached and operated on the screen. */
export const controls = () =>
  [...document.querySelectorAll<HTMLElement>('button, a[href], input:not([tabindex="-1"]), summary')].filter((one) =>
    one.checkVisibility(),
  )

/** What a finger hits: a check box is checked by its label too. */
export function target(control: HTMLElement): HTMLElement {
  return control.matches('[type=checkbox]') ? (control.closest('label') ?? control) : control
}
