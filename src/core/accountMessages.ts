import type { Plural } from './plural.js'

/** What people read of their factors, once they are signed in. */
export interface AccountMessages {
  readonly factors: {
    readonly title: string
    readonly hint: string
    readonly list: string
    readonly loading: string
    readonly empty: string
    readonly failed: string
    readonly stale: string
    readonly unsupported: string
    readonly phone: string
    readonly email: string
    readonly emailLink: string
    readonly passkey: string
    readonly securityKey: string
    readonly isDefault: string
    readonly pending: string
    /** `{date}` */
    readonly added: string
    /** `{date}` */
    readonly lastUsed: string
    readonly rename: string
    readonly makeDefault: string
    readonly remove: string
    readonly addTotp: string
    readonly addPhone: string
    readonly addWebauthn: string
    readonly renamed: string
    readonly madeDefault: string
    readonly removed: string
    readonly wasAdded: string
    readonly notConfirmed: string
    readonly renameTitle: string
    /** `{name}` */
    readonly renameHint: string
    readonly nameLabel: string
    readonly nameMissing: string
    readonly save: string
    readonly cancel: string
    readonly codesLeft: Plural
    readonly codesLow: string
    readonly codesUnknown: string
    readonly makeCodes: string
    readonly makeTitle: string
    readonly makeHint: string
    readonly make: string
    readonly codesLost: string
    /** To whoever signed in with a backup code. */
    readonly recovered: string
  }
  readonly removal: {
    /** `{name}` */
    readonly title: string
    readonly hint: string
    readonly last: string
    readonly required: string
    readonly keep: string
    readonly remove: string
    readonly close: string
  }
  readonly phoneEnroll: {
    readonly title: string
    readonly intro: string
    readonly risk: string
    readonly label: string
    readonly missing: string
    readonly channel: string
    readonly sms: string
    readonly whatsapp: string
    readonly submit: string
    readonly codeTitle: string
    readonly change: string
    readonly verify: string
    readonly expiredHint: string
    readonly doneTitle: string
    readonly doneHint: string
  }
  readonly passkeyEnroll: {
    readonly title: string
    readonly intro: string
    readonly start: string
    readonly createTitle: string
    readonly createHint: string
    readonly create: string
    readonly exists: string
    readonly impossible: string
    readonly cancelled: string
    readonly expiredHint: string
    readonly doneTitle: string
    readonly doneHint: string
  }
  readonly passkeyOffer: {
    readonly title: string
    readonly hint: string
    readonly add: string
    readonly notNow: string
    readonly declined: string
  }
  readonly stepUp: { readonly title: string; readonly cancel: string }
  readonly enroll: {
    readonly title: string
    /** Where there is more than one kind. */
    readonly chooseTitle: string
    readonly required: string
    readonly intro: string
    readonly password: string
    readonly passwordMissing: string
    readonly start: string
    readonly scanTitle: string
    readonly scanHint: string
    /** On a touch screen, whose app is likely to be on the same device. */
    readonly hereTitle: string
    readonly hereHint: string
    /** There is nothing to scan or to open. */
    readonly keyOnlyHint: string
    readonly keyHere: string
    readonly scanElsewhere: string
    readonly qr: string
    readonly keyHint: string
    readonly key: string
    readonly copyKey: string
    readonly openApp: string
    readonly issuer: string
    readonly account: string
    /** `{digits}`, `{period}` */
    readonly parameters: string
    readonly pending: string
    readonly codeLabel: string
    readonly submit: string
    readonly cancel: string
    readonly expiredTitle: string
    readonly expiredHint: string
    readonly startAgain: string
    readonly doneTitle: string
    readonly doneHint: string
    /** The backend has signed out whoever had shown no second factor. */
    readonly othersEnded: string
    readonly offerCodes: string
    readonly offerAnother: string
    readonly lostTitle: string
    readonly lostHint: string
    readonly generate: string
  }
  readonly backupCodes: {
    readonly title: string
    readonly hint: string
    readonly list: string
    readonly copy: string
    readonly copied: string
    readonly copyFailed: string
    readonly download: string
    readonly print: string
    /** Name of the file. */
    readonly fileName: string
    /** First lines of the file. `{site}` */
    readonly fileTitle: string
    /** `{account}` */
    readonly fileAccount: string
    /** `{date}` */
    readonly fileDate: string
    readonly acknowledge: string
    /** Where one of them is to be typed back. */
    readonly typeBack: string
    readonly typeBackWrong: string
    readonly acknowledgeMissing: string
    readonly done: string
  }
}
