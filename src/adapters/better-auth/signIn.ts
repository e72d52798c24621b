import type { CallOptions, SignInApi, StepUpApi } from '../../core/adapter.js'
import type { AttemptRef, SignInAttempt } from '../../core/attempt.js'
import { awaiting, createAttemptBook, isTheirs, type KeptAttempt } from '../../core/attemptBook.js'
import { AuthError } from '../../core/AuthError.js'
import type { FirstStrategy } from '../../core/strategy.js'
import type { Connection, State } from './connection.js'

interface Kept extends KeptAttempt {
  /** Of a step-up, in monotonic milliseconds: a second factor passed earlier was not for it. */
  since?: number
  /** The server's id of the half-done sign-in. */
  challenge?: string | undefined
}

interface Given {
  readonly factorId?: string
  readonly trustDevice?: boolean
  readonly password?: string
  readonly code?: string
}

/** Better Auth's names. */
const paths = { totp: 'totp', email_code: 'otp', backup_code: 'backup-code' } as const
export const strategies = Object.keys(paths) as (keyof typeof paths)[]

const first = 'needs_first_factor'
const second = 'needs_second_factor'

export function createSignIn(
  { post, read, changed }: Connection,
  firstFactors: readonly FirstStrategy[],
): { signIn: SignInApi; stepUp: StepUpApi } {
  const { open, find, giveUp, expect, move, sent, complete, finish } = createAttemptBook(firstFactors)
  /** The newest `create` with password: `resume` looks for what it made, if its answer was lost. */
  let lost: Kept | undefined

  function toSecond(kept: Kept, { attempt, secondFactors }: State): SignInAttempt {
    kept.challenge = attempt?.id
    return move(kept, { status: second, supportedSecondFactors: secondFactors })
  }

  function prepare(status: typeof first | typeof second): SignInApi['prepareFirstFactor'] {
    return async (ref, { factorId }, options) => {
      const kept = expect(ref, status, factorId)
      if (factorId !== 'email_code') throw new AuthError('not_supported')
      if (status === first) {
        await post('/email-otp/send-verification-otp', { email: kept.attempt.identifier, type: 'sign-in' }, options)
      } else await post('/two-factor/send-otp', {}, options)
      return sent(kept, factorId)
    }
  }

  async function passFirst(kept: Kept, { password, code }: Given, options?: CallOptions): Promise<SignInAttempt> {
    const email = kept.attempt.identifier
    const asked =
      password === undefined
        ? post('/sign-in/email-otp', { email, otp: digitsOf(code) }, options, 'user')
        : post('/sign-in/email', { email, password }, options, 'user')
    const answer = await awaiting(kept, asked)
    if (!answer.twoFactorRedirect) return complete(kept, answer)
    // Backup codes come with the authenticator app and are not named.
    const secondFactors = strategies
      .filter((strategy) => answer.twoFactorMethods?.includes(strategy === 'email_code' ? 'otp' : 'totp'))
      .map((strategy) => ({ id: strategy, strategy }))
    const state = await read(options).catch(() => null)
    return toSecond(kept, state?.attempt ? state : { session: null, secondFactors })
  }

  async function reload(ref: AttemptRef, options?: CallOptions): Promise<SignInAttempt> {
    const kept: Kept = find(ref)
    const { purpose, status } = kept.attempt
    const state = await read(options)
    const { session, attempt } = state
    if (status === first && !kept.doubt) return kept.attempt
    if (isTheirs(session, kept)) {
      const raised = (session.secondFactorAgeMs ?? Infinity) <= performance.now() - (kept.since ?? Infinity)
      return raised || purpose === 'sign_in' ? complete(kept, session) : kept.attempt
    }
    if (attempt && attempt.id === (kept.challenge ?? attempt.id)) return toSecond(kept, state)
    // Plain Better Auth does not tell of an attempt, so as far as is known it stands where it stood.
    if (status === first || (attempt === undefined && purpose === 'sign_in')) return kept.attempt
    giveUp(ref)
    throw new AuthError('attempt_lost')
  }

  const signIn: SignInApi = {
    async create(params, options) {
      if ('strategy' in params) throw new AuthError('not_supported')
      const { identifier, password } = params
      const kept = open({ identifier })
      if (password === undefined) return kept.attempt
      lost = kept
      return passFirst(kept, { password }, options)
    },

    async resume(_params, options) {
      const kept = lost
      lost = undefined
      if (kept?.doubt) {
        const attempt = await reload(kept.attempt, options)
        return { attempt: attempt.status === first ? null : attempt }
      }
      const state = await read(options)
      // Whoever is signed in was so before, which makes no attempt.
      return { attempt: state.attempt ? toSecond(open({}), state) : null }
    },

    reload,
    prepareFirstFactor: prepare(first),
    prepareSecondFactor: prepare(second),

    attemptFirstFactor: async (ref, params, options) => passFirst(expect(ref, first, params.factorId), params, options),

    async attemptSecondFactor(ref, { factorId, trustDevice, code }: Given & { factorId: string }, options) {
      const kept = expect(ref, second, factorId)
      const path = `/two-factor/verify-${paths[factorId as 'totp']}`
      const body = { code: factorId === 'backup_code' ? backupCodeOf(code) : digitsOf(code), trustDevice }
      return complete(kept, await awaiting(kept, post(path, body, options, 'user')))
    },

    async finish(ref, options) {
      const kept = find(ref)
      const session = finish(kept, (await read(options)).session)
      changed()
      return session
    },

    async cancel(ref) {
      const kept = giveUp(ref)
      if (!kept) return
      const { session, attempt } = await read()
      // The plugin makes signing out end a half-done sign-in too.
      if (attempt || isTheirs(session, kept)) {
        await post('/sign-out', {})
        changed()
      }
    },
  }

  const stepUp: StepUpApi = {
    levels: ['second_factor'],
    async create({ level }, options) {
      const { session, secondFactors } = await read(options)
      if (!session || !secondFactors || level !== 'second_factor') throw new AuthError(session ? 'not_supported' : 'session_lost')
      const { id, label } = session.user
      const start = { purpose: 'step_up', identifier: label, status: second, supportedFirstFactors: [] }
      const kept: Kept = open({ ...start, supportedSecondFactors: secondFactors }, id)
      kept.since = performance.now()
      return kept.attempt
    },
    detect(refused) {
      const { code, error } = Object(refused) as { code?: unknown; error?: { code?: unknown } }
      return (code ?? error?.code) === 'STEP_UP_REQUIRED' ? { level: 'second_factor' } : null
    },
  }

  return { signIn, stepUp }
}

/** Better Auth compares codes as text. */
export const digitsOf = (code = '') => code.replace(/\D/g, '')

/** Better Auth's own shape is `xxxxx-xxxxx`, and the case counts; a code of another shape goes as it was typed. */
const backupCodeOf = (code = '') => code.replace(/\s/g, '').replace(/^(\w{5})\W?(\w{5})$/, '$1-$2')
