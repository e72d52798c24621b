import type { AccountMessages } from './accountMessages.js'
import type { AuthErrorCode } from './AuthError.js'
import type { Notice } from './flow.js'
import type { Plural } from './plural.js'
import type { Channel } from './strategy.js'

export type { Plural } from './plural.js'

/** Ways to begin with words of their own. */
export type StartWay =
  | 'email_code'
  | 'phone_code'
  | 'email_link'
  | 'enterprise_sso'
  | 'passkey'
  | 'reset_password_email_code'
  | 'reset_password_phone_code'

/**
 * Every word that people read. A catalogue is data: texts with `{names}` to be filled in, so that it can be translated by anyone. What goes in is
 * isolated from the text around it, in both directions of writing.
 */
export interface Messages extends AccountMessages {
  /** BCP 47 tag, for plurals, numbers and times. */
  readonly locale: string
  /** The language's own direction. */
  readonly dir: 'ltr' | 'rtl'
  readonly common: {
    readonly continue: string
    readonly back: string
    readonly tryAgain: string
    readonly signOut: string
    readonly otherWay: string
    /** While something is being waited for; read out, shown in the button. */
    readonly working: string
    readonly loading: string
    readonly chunkFailed: string
  }
  readonly start: {
    readonly title: string
    readonly hint: string
    readonly email: string
    readonly phone: string
    readonly username: string
    /** Where more than one kind of identifier will do. */
    readonly identifier: string
    readonly identifierMissing: string
    readonly passwordMissing: string
    readonly password: string
    readonly show: string
    readonly hide: string
    readonly submit: string
    /** Other ways to begin. */
    readonly ways: Readonly<Record<StartWay, string>>
    /** `{provider}`: a name. */
    readonly provider: string
    /** A mailed link was opened, and it is used, too old or none of ours. */
    readonly linkFailed: string
    readonly notices: Readonly<Record<Notice, string>>
  }
  readonly password: { readonly title: string; readonly hint: string; readonly change: string; readonly submit: string }
  readonly code: {
    readonly totpTitle: string
    readonly totpHint: string
    readonly messageTitle: string
    /** `{hint}`: the masked address. */
    readonly sentTo: string
    readonly sent: string
    readonly maybeSent: string
    readonly notSent: string
    /** `{hint}` */
    readonly notSentTo: string
    readonly label: string
    readonly digits: Plural
    readonly characters: Plural
    readonly autoSubmit: string
    readonly submit: string
    readonly send: string
    readonly resend: string
    readonly by: Readonly<Record<Channel, string>>
    /** `{wait}`: a time. */
    readonly resendIn: string
    readonly resent: string
    readonly canResend: string
    readonly expired: string
    readonly clockHint: string
    readonly trustDevice: string
    readonly newDevice: string
    readonly empty: string
    readonly tooShort: Plural
    readonly tooLong: Plural
    readonly notDigits: string
    readonly notAlphanumeric: string
  }
  readonly backupCode: {
    readonly title: string
    readonly hint: string
    readonly label: string
    readonly submit: string
    readonly empty: string
  }
  readonly choose: {
    readonly firstTitle: string
    readonly secondTitle: string
    readonly hint: string
    readonly none: string
    readonly noneHint: string
    readonly noneFirstHint: string
    readonly failed: string
    readonly password: string
    readonly totp: string
    readonly emailCode: string
    readonly phoneCode: string
    /** Below a list with text messages in it. */
    readonly phoneRisk: string
    readonly emailLink: string
    readonly sso: string
    readonly backupCode: string
    readonly passkey: string
    readonly securityKey: string
    /** `{provider}`: a wallet's name. */
    readonly wallet: string
  }
  readonly link: {
    readonly title: string
    /** `{hint}`: the masked address. */
    readonly sentTo: string
    readonly sent: string
    readonly maybeSent: string
    readonly notSent: string
    readonly wait: string
    /** Where the page that the link opens is the one that signs in. */
    readonly waitOpened: string
    readonly send: string
    readonly resend: string
    /** `{wait}`: a time. */
    readonly resendIn: string
    readonly resent: string
    readonly canResend: string
    readonly landingTitle: string
    readonly landingHint: string
    readonly elsewhereTitle: string
    readonly elsewhereHint: string
  }
  readonly device: {
    readonly passkeyTitle: string
    readonly passkeyHint: string
    readonly securityKeyTitle: string
    readonly securityKeyHint: string
    readonly expired: string
    readonly unsupported: string
    readonly walletMissing: string
    readonly walletChoose: string
    readonly walletTitle: string
    readonly walletHint: string
    readonly sign: string
  }
  readonly away: {
    readonly title: string
    readonly hint: string
    readonly returningTitle: string
  }
  readonly newPassword: {
    readonly title: string
    readonly hint: string
    readonly minLength: Plural
    /** To `password_weak`, where the backend says that it wants several kinds of them. */
    readonly characters: string
    readonly label: string
    readonly submit: string
    readonly signOutOthers: string
  }
  readonly complete: {
    readonly title: string
    /** `{user}` */
    readonly as: string
    readonly already: string
    readonly anonymous: string
    readonly usedBackupCode: string
  }
  readonly unsupported: {
    readonly title: string
    /** `{detail}`: the backend's own key. */
    readonly hint: string
  }
  readonly gate: {
    readonly loading: string
    readonly stepUpTitle: string
    readonly stepUpHint: string
    readonly stepUp: string
    readonly enrollTitle: string
    readonly enrollHint: string
    readonly unknownTitle: string
    readonly unknownHint: string
    readonly stillLow: string
    readonly errorTitle: string
    readonly errorHint: string
    /** While another part of the page asks for what this one needs, too. */
    readonly waiting: string
    readonly opened: string
    /** `{date}` */
    readonly grace: string
    readonly notNow: string
    readonly closingTitle: string
    /** `{wait}`: a time. */
    readonly closing: string
    readonly stayOpen: string
  }
  readonly errors: Readonly<Record<AuthErrorCode, string>>
  /** Said after an error whose wait the backend gives. `{wait}`: a time. */
  readonly waitFor: string
  readonly attemptsLeft: Plural
}

/** What the first screen reads. */
export type FirstMessages = Pick<Messages, 'locale' | 'dir' | 'common' | 'start' | 'errors' | 'waitFor' | 'attemptsLeft'>
