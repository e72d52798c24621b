import type { AttemptRef, CreateParams, PrepareParams, Proof, SignInAttempt } from './attempt.js'
import type { EnrollParams, Enrollment, Factor, Verified } from './enrollment.js'
import type { Json } from './json.js'
import type { ActiveSession, Session } from './session.js'
import type { Channel, EnrollType, FirstStrategy, IdentifierType, SecondStrategy } from './strategy.js'

/**
 * A backend, as the kit sees it. Optional members are the capabilities: absent means unsupported. Every rejection is an `AuthError`;
 * a verb resolves only when the backend has answered.
 */
export interface AuthAdapter {
  readonly name: string
  readonly capabilities: Capabilities
  readonly signIn: SignInApi
  readonly session: SessionApi
  readonly stepUp?: StepUpApi
  readonly mfa?: MfaApi
}

export interface CallOptions {
  signal?: AbortSignal
  /** Serves one call. */
  captchaToken?: string
}

export interface ReadOptions {
  signal?: AbortSignal
  /** From the server, not from a cache or a decoded token. */
  fresh?: boolean
}

/** Sign-in, password reset and step-up are one kind of attempt, on the same verbs. */
export interface SignInApi {
  create(params: CreateParams, options?: CallOptions): Promise<SignInAttempt>
  /** Prefetched for the passkey button and for conditional UI. Not the flow's attempt until a credential goes to `attemptFirstFactor`. */
  passkeyOptions?(options?: CallOptions): Promise<AttemptRef & { readonly publicKey: Json; readonly expiresInMs?: number }>
  /** Answers with the attempt that survived a reload or came back from a provider, `null` where there is none. */
  resume(params: { url?: string }, options?: CallOptions): Promise<{ attempt: SignInAttempt | null; cleanUrl?: string }>
  /** A pure read. Rejects `attempt_lost` when the backend no longer holds the attempt. */
  reload(attempt: AttemptRef, options?: CallOptions): Promise<SignInAttempt>
  prepareFirstFactor(attempt: AttemptRef, params: PrepareParams, options?: CallOptions): Promise<SignInAttempt>
  attemptFirstFactor(attempt: AttemptRef, params: { factorId: string } & Proof, options?: CallOptions): Promise<SignInAttempt>
  prepareSecondFactor(attempt: AttemptRef, params: PrepareParams, options?: CallOptions): Promise<SignInAttempt>
  attemptSecondFactor(
    attempt: AttemptRef,
    params: { factorId: string; trustDevice?: boolean } & Proof,
    options?: CallOptions,
  ): Promise<SignInAttempt>
  resetPassword?(
    attempt: AttemptRef,
    params: { password: string; signOutOfOtherSessions?: boolean },
    options?: CallOptions,
  ): Promise<SignInAttempt>
  /** Refused before `complete`; may be called again; checks whose session it is. */
  finish(attempt: AttemptRef, options?: CallOptions): Promise<ActiveSession>
  /**
   * The person's wish, never an unmount. Called after the verb in flight has settled; undoes what that verb's answer made. After `finish`
   * nothing happens: the person has signed in, and signing out is for `signOut`.
   */
  cancel(attempt: AttemptRef): Promise<void>
}

export interface SessionApi {
  get(options?: ReadOptions): Promise<Session | null>
  signOut(params?: { scope?: SignOutScope }): Promise<void>
  /** Carries no payload and is never called inside the vendor's own callback: ask `get()`. */
  subscribe(changed: () => void): () => void
}

export type SignOutScope = 'this' | 'others' | 'all'
export type StepUpLevel = 'first_factor' | 'second_factor' | 'multi_factor'

export interface StepUpApi {
  readonly levels: readonly StepUpLevel[]
  /** An attempt with purpose `step_up`; then the verbs of `signIn`. */
  create(params: { level: StepUpLevel }, options?: CallOptions): Promise<SignInAttempt>
  /** Does the app's refused call ask for a step-up? */
  detect?(refused: unknown): { level: StepUpLevel; maxAgeMs?: number } | null
}

export interface MfaApi {
  listFactors(options?: ReadOptions): Promise<readonly Factor[]>
  enroll(params: EnrollParams, options?: CallOptions): Promise<Enrollment>
  /** Sends the code, or sends it again. Serves enrolment only. */
  challenge(params: { enrollmentId: string; channel?: Channel }, options?: CallOptions): Promise<Enrollment>
  /** Re-entrant: called again with the same id, it skips what is already done. */
  verify(params: { enrollmentId: string } & Proof, options?: CallOptions): Promise<Verified>
  /** Never touches a verified factor. */
  abandon?(params: { enrollmentId: string }): Promise<void>
  unenroll(params: { factorId: string; password?: string }, options?: CallOptions): Promise<void>
  rename?(params: { factorId: string; friendlyName: string }, options?: CallOptions): Promise<Factor>
  /** From now on sign-in offers this factor first, and the list says so of no other. */
  makeDefault?(params: { factorId: string }, options?: CallOptions): Promise<void>
  /**
   * All passkeys that the backend still takes from this person, first factors too, so that a password manager may drop the others for good.
   * Rejects where it does not know all. Ids and handle in base64url (WebAuthn Level 3 §5.1.10.3).
   */
  acceptedPasskeys?(options?: ReadOptions): Promise<AcceptedPasskeys>
  readonly backupCodes?: {
    status?(options?: ReadOptions): Promise<{ total?: number; remaining?: number }>
    generate(params: { password?: string }, options?: CallOptions): Promise<readonly string[]>
  }
}

export interface AcceptedPasskeys {
  readonly rpId: string
  /** The user handle that every one of them was made with. */
  readonly userHandle: string
  readonly credentialIds: readonly string[]
}

/** What no member says. */
export interface Capabilities {
  readonly identifiers: readonly IdentifierType[]
  readonly firstFactors: readonly { readonly strategy: FirstStrategy; readonly label?: string }[]
  readonly secondFactors: readonly SecondStrategy[]
  /** The backend tells each person's own first factors after the identifier, so the identifier is asked first. */
  readonly firstFactorsPerUser: boolean
  readonly enroll: readonly { readonly type: EnrollType; readonly many: boolean; readonly ceremony?: 'kit' | 'vendor' }[]
  /** `enroll`, `unenroll` and `backupCodes.generate` want `password`. */
  readonly managePassword: boolean
  /** Lengths in code points. */
  readonly newPassword?: { readonly minLength?: number; readonly maxLength?: number }
  readonly survivesReload: 'no' | 'browser'
  readonly emailLink?: 'this_tab' | 'opened_tab'
  readonly trustDevice: boolean
  readonly signOutScopes: readonly SignOutScope[]
}
