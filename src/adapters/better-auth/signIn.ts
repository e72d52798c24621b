import type { CallOptions, SignInApi, StepUpApi } from '../../core/adapter.js'
import type { AttemptRef, Proof } from '../../core/attempt.js'
import { AuthError, toAuthError } from '../../core/AuthError.js'
import { isTheirs, toSecond, type AttemptRecord, type Attempts } from './attempts.js'
import { fields, idOf, secondFactor, type Connection, type State } from './connection.js'
import { noAnswer } from './refusal.js'

const secondPaths = new Map([
  ['totp', '/two-factor/verify-totp'],
  ['email_code', '/two-factor/verify-otp'],
  ['backup_code', '/two-factor/verify-backup-code'],
])

export function createSignIn({ post, read, changed, signOut, serverPlugin }: Connection, attempts: Attempts): SignInApi {
  /** A `create` with password whose answer was lost: `resume` looks for what it made. */
  let lost: Pick<AttemptRecord, 'identifier' | 'since'> | null = null

  /** A request that may move the attempt. */
  async function push(record: AttemptRecord, path: string, body: Record<string, unknown>, options?: CallOptions) {
    record.since = performance.now()
    try {
      return await post(path, body, options)
    } catch (thrown) {
      if (toAuthError(thrown).outcome === 'unknown') record.doubt = true
      throw thrown
    }
  }

  function complete(record: AttemptRecord, answer: Record<string, unknown>) {
    const user = fields(answer.user)
    const session = { user: { id: idOf(user), label: String(user.email) } }
    // Another tab may have put another person's challenge in this one's place.
    if (!isTheirs(session as never, record)) throw new AuthError('session_mismatch', 'Somebody else was signed in.')
    Object.assign(record, { status: 'complete', userId: session.user.id, doubt: false })
  }

  async function firstFactor(ref: AttemptRef, path: string, body: Record<string, unknown>, options?: CallOptions) {
    const record = attempts.get(ref)
    const answer = await push(record, path, body, options)
    if (answer.twoFactorRedirect !== true) complete(record, answer)
    else {
      const named = Array.isArray(answer.twoFactorMethods) ? (answer.twoFactorMethods as unknown[]) : []
      const factors = (['totp', 'otp'] as const).filter((name) => named.includes(name))
      // Better Auth names no backup codes; they come with the authenticator app.
      const listed = factors.flatMap((name) => (name === 'totp' ? (['totp', 'backup_code'] as const) : (['email_code'] as const)))
      const told = { secondFactors: listed.map((strategy, index) => secondFactor(strategy, index)), challenge: undefined }
      const state = serverPlugin ? await read(options).catch(() => null) : null
      toSecond(record, state?.challenge ? state : ({ ...told } as unknown as State))
    }
    record.first = null
    return attempts.view(ref.id)
  }

  function option(ref: AttemptRef, factorId: string, status: AttemptRecord['status']) {
    const record = attempts.get(ref)
    if (record.status !== status) throw new AuthError('not_confirmed', 'This is not what the attempt is waiting for.')
    const { supportedFirstFactors: first, supportedSecondFactors: second } = attempts.view(ref.id)
    const found = (status === 'needs_first_factor' ? first : (second ?? [])).find(({ id }) => id === factorId)
    if (!found) throw new AuthError('factor_not_found', 'The attempt does not offer this factor.')
    return { record, strategy: found.strategy }
  }

  return {
    async create(params, options) {
      if ('strategy' in params) throw new AuthError('not_supported', 'The Better Auth adapter does not offer this way yet.')
      const { identifier, password } = params
      const ref = attempts.open({ purpose: 'sign_in', identifier, status: 'needs_first_factor' })
      if (password === undefined) return attempts.view(ref.id)
      try {
        return await firstFactor(ref, '/sign-in/email', { email: identifier, password }, options)
      } catch (thrown) {
        lost = toAuthError(thrown).outcome === 'unknown' ? { identifier, since: attempts.get(ref).since } : null
        attempts.drop(ref)
        throw thrown
      }
    },

    async resume(_params, options) {
      const before = lost
      const state = await read(options)
      lost = null
      const { session, challenge } = state
      if (session) {
        // Without a lost answer, whoever is signed in was so before: no attempt of ours.
        if (!before || !isTheirs(session, before)) return { attempt: null }
        const made = { identifier: before.identifier, userId: session.user.id }
        const { id } = attempts.open({ purpose: 'sign_in', status: 'complete', ...made })
        return { attempt: attempts.view(id) }
      }
      if (!challenge || (before && challenge.ageMs > performance.now() - before.since)) return { attempt: null }
      const identifier = before?.identifier ?? null
      const id =
        attempts.ofChallenge(challenge.id) ?? attempts.open({ purpose: 'sign_in', identifier, status: 'needs_second_factor' }).id
      toSecond(attempts.get({ id }), state)
      return { attempt: attempts.view(id) }
    },

    async reload(ref, options) {
      const record = attempts.get(ref)
      const state = await read(options)
      const { session, challenge } = state
      const elapsed = performance.now() - record.since
      const gone = (code: 'attempt_lost' | 'session_lost') => {
        attempts.drop(ref)
        return new AuthError(code, 'Better Auth no longer holds this attempt.')
      }
      if (record.purpose === 'step_up' || record.status === 'complete') {
        if (!session || !isTheirs(session, record)) throw gone('session_lost')
        if ((session.secondFactorAgeMs ?? Infinity) <= elapsed) record.status = 'complete'
      } else if (session) {
        if (!isTheirs(session, record)) throw gone('attempt_lost')
        Object.assign(record, { status: 'complete', userId: session.user.id, doubt: false })
      } else if (record.status === 'needs_second_factor') {
        // `undefined`: plain Better Auth does not say, so nothing has changed as far as is known.
        if (challenge === null || (challenge && challenge.id !== (record.challengeId ?? challenge.id))) throw gone('attempt_lost')
        if (challenge) toSecond(record, state)
      } else if (record.doubt && challenge && challenge.ageMs <= elapsed) {
        toSecond(record, state)
        record.doubt = false
      }
      return attempts.view(ref.id)
    },

    async prepareFirstFactor(ref, { factorId }, options) {
      const { record, strategy } = option(ref, factorId, 'needs_first_factor')
      if (strategy !== 'email_code') throw new AuthError('not_supported', 'There is nothing to prepare.')
      await post('/email-otp/send-verification-otp', { email: record.identifier, type: 'sign-in' }, options).then(done('success'))
      record.first = { status: 'unverified', factorId }
      return attempts.view(ref.id)
    },

    async attemptFirstFactor(ref, { factorId, ...proof }, options) {
      const { record, strategy } = option(ref, factorId, 'needs_first_factor')
      const email = record.identifier
      return strategy === 'password' && 'password' in proof
        ? firstFactor(ref, '/sign-in/email', { email, password: proof.password }, options)
        : firstFactor(ref, '/sign-in/email-otp', { email, otp: digits(proof) }, options)
    },

    async prepareSecondFactor(ref, { factorId }, options) {
      const { record, strategy } = option(ref, factorId, 'needs_second_factor')
      if (strategy !== 'email_code') throw new AuthError('not_supported', 'There is nothing to prepare.')
      await post('/two-factor/send-otp', {}, options).then(done('status'))
      record.second = { status: 'unverified', factorId }
      return attempts.view(ref.id)
    },

    async attemptSecondFactor(ref, { factorId, trustDevice, ...proof }, options) {
      const { record, strategy } = option(ref, factorId, 'needs_second_factor')
      const code = strategy === 'backup_code' ? backupCode(proof) : digits(proof)
      const body = { code, ...(trustDevice && { trustDevice }) }
      complete(record, await push(record, secondPaths.get(strategy) ?? '', body, options))
      return attempts.view(ref.id)
    },

    async finish(ref, options) {
      const record = attempts.get(ref)
      if (record.status !== 'complete') throw new AuthError('not_confirmed', 'The attempt is not complete.')
      const { session } = await read({ ...options, fresh: true })
      if (!session) throw new AuthError('session_lost', 'Nobody is signed in.')
      if (!isTheirs(session, record)) throw new AuthError('session_mismatch', 'Somebody else is signed in.')
      if (!record.finished) changed()
      attempts.finish(ref, record)
      return session
    },

    async cancel(ref) {
      const record = attempts.get(ref)
      attempts.drop(ref)
      if (record.finished || record.purpose === 'step_up') return
      if (record.status === 'complete' || record.doubt) {
        const { session } = await read()
        if (session && isTheirs(session, record)) return void (await signOut())
      }
      if (record.status === 'needs_first_factor' && !record.doubt) return
      if (serverPlugin) {
        await post('/latchkey/cancel', {}).catch((thrown: unknown) => {
          if (toAuthError(thrown).code !== 'not_supported') throw thrown
        })
      }
    },
  }
}

export function createStepUp({ read }: Connection, attempts: Attempts): StepUpApi {
  return {
    levels: ['second_factor'],
    async create({ level }, options) {
      if (level !== 'second_factor') throw new AuthError('not_supported', 'Better Auth can ask for the second factor only.')
      const { session, secondFactors } = await read(options)
      if (!session) throw new AuthError('session_lost', 'Nobody is signed in.')
      if (!secondFactors) throw new AuthError('not_supported', 'The server runs without the latchkey plugin.')
      const of = { purpose: 'step_up', identifier: session.user.label ?? null, userId: session.user.id } as const
      return attempts.view(attempts.open({ ...of, status: 'needs_second_factor', secondFactors }).id)
    },
    detect(refused) {
      const asks = (value: unknown, deep: boolean): boolean =>
        typeof value === 'object' &&
        value !== null &&
        (('code' in value && value.code === 'STEP_UP_REQUIRED') ||
          (deep && (['error', 'body', 'data'] as const).some((key) => asks((value as Record<string, unknown>)[key], false))))
      return asks(refused, true) ? { level: 'second_factor' } : null
    },
  }
}

/** Success that says so; anything else is no answer. */
function done(key: 'success' | 'status') {
  return (answer: Record<string, unknown>) => {
    if (answer[key] !== true) throw noAnswer('unavailable')
  }
}

/** Better Auth compares codes as text. */
export function digits(proof: Proof | object): string {
  return 'code' in proof ? proof.code.replace(/\D/g, '') : ''
}

/** Better Auth's own shape is `xxxxx-xxxxx`, and the case counts. A code of another shape goes as it was typed. */
function backupCode(proof: Proof): string {
  if (!('code' in proof)) return ''
  const bare = proof.code.replace(/[\s\u2010-\u2015-]/g, '')
  return /^[a-z0-9]{10}$/i.test(bare) ? `${bare.slice(0, 5)}-${bare.slice(5)}` : proof.code.trim()
}
