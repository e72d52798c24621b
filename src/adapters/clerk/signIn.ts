import type { SignInApi, StepUpApi } from '../../core/adapter.js'
import { AuthError } from '../../core/AuthError.js'
import { comesLater } from '../../core/comesLater.js'
import type { ActiveSession } from '../../core/session.js'
import { run } from './ask.js'
import { first, second, type Attempts, type Lost, type SignInOptions } from './attempts.js'
import type { ClerkInstance } from './clerkInstance.js'
import { detect, levels } from './detect.js'
import { findFactor, proofOf, strategyIn, targetOf } from './factorOption.js'
import { sessionOf, taskOf, type Sessions } from './session.js'

/** Factors that are typed: a password or a code. Everything else comes when it is asked for. */
export function createSignIn(
  clerk: ClerkInstance,
  sessions: Sessions,
  attempts: Attempts,
  options: SignInOptions,
): { signIn: SignInApi; stepUp: StepUpApi } {
  const { find, expect, open, begin, call } = attempts
  const { client, current, lookUp } = sessions
  /** `lost`: the newest `create` with a password; `resume` looks for what it made, if its answer was lost. */
  const beginning: { lost?: Lost | undefined } = {}

  const later = comesLater(async () => {
    const { createLaterSteps } = await import('./later.js')
    return createLaterSteps(clerk, sessions, attempts, options, beginning)
  })

  function prepare(level: 'First' | 'Second'): SignInApi['prepareFirstFactor'] {
    return async (ref, params) => {
      const { factorId, channel } = params
      const kept = expect(ref, level === 'First' ? first : second, factorId)
      const strategy = strategyIn(factorId)
      kept[`sent${level}`] = factorId
      const to = { strategy, ...targetOf(findFactor(kept.on?.[`supported${level}Factors`], factorId)) }
      return /^(password|totp|backup_code|oauth_|email_link|enterprise_sso)/.test(strategy)
        ? later('prepareOther')(kept, level, to, params)
        : call(kept, 'prepare', level, { ...to, channel })
    }
  }

  function attempt(level: 'First' | 'Second'): SignInApi['attemptFirstFactor'] {
    return async (ref, { factorId, ...proof }) => {
      const kept = expect(ref, level === 'First' ? first : second, factorId)
      const strategy = strategyIn(factorId)
      return 'credential' in proof
        ? later('attemptPasskey')(kept, level, strategy, proof.credential)
        : call(kept, 'attempt', level, proofOf(strategy, proof))
    }
  }

  const signIn: SignInApi = {
    async create(params) {
      beginning.lost = undefined
      if ('strategy' in params) return later('create')(params)
      const { identifier, password } = params
      const kept = open({ identifier })
      // Naming another strategy would send a code at once; a code is sent when its factor is prepared.
      if (password === undefined) return begin(kept, { identifier })
      const { signIn, sessions: known } = client()
      beginning.lost = { kept, before: { signInId: signIn.id, sessions: known } }
      return begin(kept, { strategy: 'password', identifier, password })
    },

    async resume({ url }) {
      const { session } = clerk
      const isKnown = url || beginning.lost?.kept.doubt || client().signIn.id || (session && taskOf(session))
      return isKnown ? later('resume')(url) : { attempt: null }
    },

    reload: later('reload'),
    prepareFirstFactor: prepare('First'),
    prepareSecondFactor: prepare('Second'),
    attemptFirstFactor: attempt('First'),
    attemptSecondFactor: attempt('Second'),
    resetPassword: later('resetPassword'),

    async finish(ref): Promise<ActiveSession> {
      const kept = find(ref)
      const { session, sessionId, finished, attempt: now } = kept
      if (now.status !== 'complete') throw new AuthError('not_supported')
      // The token that the app's server sees tells the ages.
      if (session) await run(() => session.getToken({ skipCache: true }))
      // Clerk takes an id that it does not know for none, and signs out.
      else if (sessionId && !finished && (await lookUp(sessionId))) await run(() => clerk.setActive({ session: sessionId }))
      const inUse = await current()
      if (inUse && inUse.id !== sessionId) throw new AuthError('session_mismatch')
      const said = inUse && sessionOf(inUse)
      if (said?.pending) throw new AuthError('not_supported')
      return attempts.finish(kept, said as ActiveSession | null)
    },

    cancel: (ref) => later('cancel')(ref),

    ...(options.firstFactors.includes('passkey') && { passkeyOptions: later('passkeyOptions') }),
  }

  return { signIn, stepUp: { levels, create: later('stepUp'), detect } }
}
