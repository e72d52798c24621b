import type { AuthAdapter } from '../core/adapter.js'
import type { Json } from '../core/json.js'
import type { Strategy } from '../core/strategy.js'

/** What answers the adapter while the suite runs: the worth of a green case. */
export type Evidence = 'real server' | 'vendor client, stand-in server' | 'own server over memory' | 'in memory'

/**
 * All that the suite asks of you: a way to open a backend with people in it. Write one for your adapter and run `adapterContract(harness)`
 * with any test runner.
 */
export interface AdapterHarness {
  readonly name: string
  readonly evidence: Evidence
  /** An adapter to look at, never called: its capabilities and its optional members decide which cases there are. */
  readonly sample: AuthAdapter
  /** A backend, or a corner of one, that no other case has touched. Opened once for each case. */
  open(): Promise<Stage>
  /**
   * What your backend cannot do, each with the reason, said in one sentence. A key is a case's id (`second/totp/reused`), the beginning of
   * some (`second/phone_code`), either with `*` for a part, or a lever (`passTime`). A gap must be true: a case that has
   * one is run all the same and fails when it passes, and a lever that is there after all is an error.
   */
  readonly gaps?: Readonly<Record<string, string>>
  /**
   * Strategies that the backend has and the adapter does not offer yet, of one step (`second/passkey`; `enroll` is what people add by themselves)
   * or all, each with what there is. What is neither claimed nor owed counts as not offered by the vendor.
   */
  readonly owed?: Readonly<Partial<Record<Strategy | `${'first' | 'second' | 'enroll'}/${Strategy}`, string>>>
}

/** A browser on a backend, for one case. Members with `?` are levers; one that your backend cannot have is a gap, with its reason. */
export interface Stage {
  /** In a browser that holds nothing yet. */
  readonly adapter: AuthAdapter
  /** An address of the app, to which links and providers lead back. Default `http://localhost/callback`. */
  readonly redirectUrl?: string
  /** In another browser, on the same backend. */
  another?(): Promise<AuthAdapter>
  /** In the same browser after its page was loaded anew: nothing in memory is left, cookies and storage are. */
  reloaded?(): Promise<AuthAdapter>
  /** Makes somebody who can sign in. Rejects for what the backend cannot give a person. */
  person(wants?: PersonWants): Promise<Person>
  /** What an authenticator app with this base32 secret shows, by the backend's time: a code that was not used yet. */
  authenticator?(secret: string): Promise<string>
  /** Time passes for the backend: expiry and waits follow. Milliseconds. */
  passTime?(ms: number): void | Promise<void>
  /**
   * The next call of this verb is carried out by the backend, and its answer never arrives; what an answer brings along (a cookie, a token) is
   * lost with it. Where the backend is spoken to over HTTP, the reply is lost on the wire, not in the client's code.
   */
  loseNextReply?(of: Act): void | Promise<void>
  /**
   * The next call of this verb is answered so by the backend, and not carried out: in the backend's own words, so that it is seen how they are
   * understood. Resolves with what the answer tells. Rejects for what the backend never answers.
   */
  answerNext?(of: Act, trouble: Trouble): Told | Promise<Told>
  /** Nothing reaches the backend until it is called with `false`. */
  offline?(on: boolean): void | Promise<void>
  /** The device's clock is wrong by so many milliseconds; the backend's is right. */
  skewClock?(ms: number): void | Promise<void>
  /** How often the backend has been asked for this so far, answers lost or not. */
  sent?(of: Act): number | Promise<number>
  /** Tokens and cookies that this browser holds now: they must not be in anything that the adapter hands back. */
  secrets?(): readonly string[] | Promise<readonly string[]>
  /** What a call of the app's own is refused with because it wants a step-up: what `stepUp.detect` is shown. Somebody is signed in. */
  refusedForStepUp?(): unknown
  /** The captcha tokens that have reached the backend so far, in order. */
  captchas?(): readonly string[] | Promise<readonly string[]>
  close(): Promise<void>
}

/** `failure`: an error of the backend's own, a 5xx. `throttled`: too many requests, a 429. `locked`: the account, for some time. */
export type Trouble = 'failure' | 'throttled' | 'locked'

export interface Told {
  /** The wait, where the answer says one. Milliseconds. */
  readonly retryInMs?: number
}

/** The levers, by the names under which they are declared as gaps. */
export type Lever = Exclude<keyof Stage, 'adapter' | 'redirectUrl' | 'person' | 'close'>

/** One thing that the backend is asked for. A harness maps it to the request in which the adapter asks for it. */
export interface Act {
  readonly verb:
    | 'signIn.create'
    | 'signIn.prepareFirstFactor'
    | 'signIn.attemptFirstFactor'
    | 'signIn.prepareSecondFactor'
    | 'signIn.attemptSecondFactor'
    | 'mfa.enroll'
    | 'mfa.verify'
    | 'mfa.unenroll'
    | 'mfa.rename'
    | 'mfa.makeDefault'
    | 'mfa.backupCodes.generate'
    | 'session.signOut'
  /** Of the factor that the call is about. `create` with a password has `password`. */
  readonly strategy: Strategy
}

/** Second factors that the person has from the start. None by default. Everybody has a password where the backend knows passwords. */
export interface PersonWants {
  readonly totp?: boolean
  readonly emailCode?: boolean
  readonly phoneCode?: boolean
  readonly backupCodes?: boolean
  /** Passkey or security key, as the second factor. */
  readonly webauthn?: boolean
  /** None of the above, and the backend lets them in only when they have enrolled an authenticator app. */
  readonly mustEnroll?: boolean
  /** First factors that not everybody has (`passkey`, `oauth_google`, …). */
  readonly first?: readonly Strategy[]
}

interface TestedWallet {
  readonly address: string
  readonly chainId: number
  readonly origin: string
  sign(message: string): Promise<string>
}

export interface Person {
  /** What they type first, at least in one place unlike everybody else's. */
  readonly identifier: string
  readonly password: string
  /** The newest code or link that was delivered to them for this strategy, as it stood in the message. Rejects when there is none. */
  delivered(strategy: Strategy): Promise<string>
  /** What their authenticator app shows: a code that was not used yet. */
  totp?(): Promise<string>
  readonly backupCodes?: readonly string[]
  /** A number of theirs that is no factor yet. */
  readonly phone?: string
  /** Answers WebAuthn options, of a sign-in or an enrolment, with their passkey or security key. */
  credential?(publicKey: Json): Promise<Json>
  readonly wallet?: TestedWallet
  /** Of Solana. Signs as `Proof` says, in base64. */
  readonly solanaWallet?: Omit<TestedWallet, 'chainId'>
  /** Goes through the provider's pages from `redirectUrl`; answers with the address at which the browser comes back. */
  visit?(redirectUrl: string): Promise<string>
  /** The same, and says no there. */
  deny?(redirectUrl: string): Promise<string>
}
