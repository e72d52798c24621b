import type { StepUpLevel } from './adapter.js'
import type { AttemptRef, Proof, SignInAttempt } from './attempt.js'
import type { Beginning } from './beginning.js'
import type { OnComplete } from './completion.js'
import type { Way } from './continueSignIn.js'
import type { FlowState } from './flow.js'
import type { Json } from './json.js'
import type { Store } from './store.js'
import type { WalletChoice } from './walletChoice.js'

export type Answer = Proof & { readonly trustDevice?: boolean }
export type PasskeyAnswer = AttemptRef & { readonly credential: Json }

export interface SignInRunner extends Store<FlowState> {
  /**
   * Looks for a session or an attempt that is already there. Shows nothing while it looks and no error if it cannot. `interrupted`: there was an
   * attempt before the page was loaded anew; if the backend has not kept it, that is said.
   */
  restore(interrupted?: boolean): Promise<void>
  /** Takes up what a provider or a mailed link has led back with. Without an address: the last one again, whose answer was lost. */
  resume(url?: string): Promise<void>
  /** Another tab may have signed in or out: where that changes this one's screen, it is changed. Says nothing if it cannot tell. */
  look(): Promise<void>
  /** Begins a sign-in. What is still being asked for (of a wallet) holds the turn meanwhile; it rejects with an `AuthError`. */
  create(params: Beginning | Promise<Beginning>): Promise<void>
  /** Several wallets fit a strategy: shows them. Nothing is begun. */
  chooseWallet(choice: WalletChoice): void
  /** Opens a factor. An act of the person: where the strategy sends a code, it is sent, once per attempt while its wait runs. */
  choose(factorId: string, way?: Way): Promise<void>
  /** Sends the code or link again, nothing while its wait runs; goes to the provider; asks for another challenge to sign. */
  send(way?: Way): Promise<void>
  /** A proof that is still being asked for (of a key, of a wallet) holds the turn meanwhile; it rejects with an `AuthError`. */
  submit(proof: Answer | Promise<Answer>): Promise<void>
  /** Signs in with a passkey that answers the adapter's `passkeyOptions`. */
  submitPasskey(answer: PasskeyAnswer | Promise<PasskeyAnswer>): Promise<void>
  /** The new password of a reset. It is not kept. */
  resetPassword(params: { password: string; signOutOfOtherSessions?: boolean }): Promise<void>
  /** Back to the list of factors. Asks the backend nothing. */
  otherWays(): void
  /** Gives the attempt up and goes back to the start; the identifier is kept. Refused while a backup code is being checked. */
  back(): Promise<void>
  /** Asks the backend where the attempt stands. */
  reload(): Promise<void>
  stepUp(level: StepUpLevel): Promise<void>
  signOut(): Promise<void>
  /** The person changed what they typed, so the error no longer speaks of it. */
  edited(): void
  /** An enrolment inside the sign-in is done. */
  enrolled(attempt: SignInAttempt): Promise<void>
  /** Takes the session that `restore` found as this sign-in's outcome. */
  proceed(): void
  /**
   * Called once for each sign-in, after the session is committed. The answer ends it; a sign-in that is under way then is still told of, so that a
   * component need not stay for it.
   */
  onComplete(complete: OnComplete | undefined): () => void
  /** The page is leaving: aborts what is in flight. Nothing late changes state or calls back. */
  stop(): void
}
