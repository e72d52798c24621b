import type { Proof, SignInAttempt } from './attempt.js'
import { AuthError, errorTable, toAuthError } from './AuthError.js'
import type { SignInParts } from './continueSignIn.js'
import { hasChallenge, type FlowEvent, type FlowState, type Verb } from './flow.js'
import type { Ask, Wait } from './lane.js'
import { recover, Restart } from './recover.js'
import type { SignInRunner } from './signInVerbs.js'
import { preparationOf } from './screenOf.js'

export interface ProvingParts {
  readonly get: () => FlowState
  readonly dispatch: (event: FlowEvent) => void
  readonly verb: (name: Verb, work: (ask: Ask, wait: Wait) => Promise<void>) => Promise<void>
  readonly go: (ask: Ask, attempt: SignInAttempt) => Promise<void>
  readonly renew: (ask: Ask, state: Extract<FlowState, { challenge: unknown }>) => Promise<void>
  /** An attempt was made that has to be undone if nobody waits for it any more. */
  readonly made: (attempt: SignInAttempt) => SignInAttempt
}

/** The verbs that prove something, and what their lost replies mean. */
export function createProving({ adapter: { signIn } }: SignInParts, parts: ProvingParts) {
  const { get, dispatch, verb, go, renew, made } = parts
  /** Set after a lost reply: a refusal of the same challenge may be the echo of an answer that was never seen. */
  let unconfirmed = false

  /** Asks for the answer to a proof; where it was lost, where the attempt stands. */
  async function prove(ask: Ask, before: Pick<SignInAttempt, 'id' | 'status'>, call: Parameters<typeof ask<SignInAttempt>>[0]) {
    const { step } = get()
    try {
      await go(ask, await ask(call))
      unconfirmed = false
    } catch (thrown) {
      if (get().step !== step) throw thrown
      const error = toAuthError(thrown)
      const refused = error.outcome === 'refused'
      if (refused && errorTable[error.code] !== 'restart' && !(unconfirmed && error.field === 'code')) throw error
      const doubt = unconfirmed || !refused
      unconfirmed = !refused
      await go(ask, await recover(signIn, ask, before, error, doubt))
    }
  }

  const submit: SignInRunner['submit'] = (answer) =>
    verb('attempt', async (ask, wait) => {
      const { trustDevice, ...proof }: Proof & { trustDevice?: boolean } = await wait(answer)
      const state = get()
      if (!hasChallenge(state)) throw new AuthError('attempt_lost', 'There is no challenge to answer.')
      const { attempt, factor } = state
      const params = { factorId: factor.id, ...proof }
      try {
        await prove(ask, attempt, (o) =>
          state.step === 'first-factor'
            ? signIn.attemptFirstFactor({ id: attempt.id }, params, o)
            : signIn.attemptSecondFactor({ id: attempt.id }, { ...params, ...(trustDevice && { trustDevice }) }, o),
        )
      } catch (thrown) {
        // What was signed is used up, and the next click must not wait for another: Safari forgets it meanwhile.
        const here = get()
        const again = hasChallenge(here) && here.factor.id === factor.id && preparationOf(factor.strategy) === 'silent'
        if (again && !(thrown instanceof Restart)) await renew(ask, here).catch(() => undefined)
        throw thrown
      }
    })

  const submitPasskey: SignInRunner['submitPasskey'] = (answer) =>
    verb('attempt', async (ask, wait) => {
      const { id, credential } = await wait(answer)
      await prove(ask, { id, status: 'needs_first_factor' }, async (o) =>
        made(await signIn.attemptFirstFactor({ id }, { factorId: 'passkey', credential }, o)),
      ).catch((thrown: unknown) => {
        // The challenge was all that there was of this attempt.
        throw toAuthError(thrown).code === 'code_expired' ? new AuthError('attempt_lost') : thrown
      })
    })

  const resetPassword: SignInRunner['resetPassword'] = (params) =>
    verb('attempt', async (ask) => {
      const state = get()
      const reset = signIn.resetPassword
      if (state.step !== 'new-password' || !reset) throw new AuthError('attempt_lost', 'There is no password to be set.')
      const { attempt } = state
      try {
        await go(ask, await ask((o) => reset({ id: attempt.id }, params, o)))
      } catch (thrown) {
        const error = toAuthError(thrown)
        if (error.outcome === 'refused' || get().step !== state.step) throw thrown
        const now = await recover(signIn, ask, attempt, error, true).catch((lost: unknown) => {
          if (!(lost instanceof Restart)) throw lost
        })
        if (now) return go(ask, now)
        // The attempt is gone, and it may have gone because the password was set.
        dispatch({ type: 'left', notice: 'password_maybe_changed' })
      }
    })

  return {
    submit,
    submitPasskey,
    resetPassword,
    /** What was unconfirmed belongs to what is over. */
    forget: () => void (unconfirmed = false),
  }
}
