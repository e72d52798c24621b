import { AuthError, knownCode, type ActiveSession, type AuthAdapter, type SignInAttempt } from '../../src/core.js'

type Answer = { error?: string; next?: 'totp'; user?: { id: string; email: string } | null }

export function myAdapter(api = '/api/auth'): AuthAdapter {
  const attempts = new Map<string, SignInAttempt>()
  const listeners = new Set<() => void>()

  async function ask(path: string, body?: object): Promise<Answer> {
    const headers = { 'content-type': 'application/json' }
    const init = body && { method: 'POST', headers, body: JSON.stringify(body) }
    const reply = await fetch(api + path, init).catch(() => null)
    const answer = (await reply?.json().catch(() => null)) as Answer | null | undefined
    if (!reply || !answer || reply.status >= 500) throw new AuthError('network', 'No answer.', { outcome: 'unknown' })
    if (!reply.ok) throw new AuthError(knownCode(answer.error)) // the server answers with the kit's codes
    return answer
  }

  async function get(): Promise<ActiveSession | null> {
    const { user } = await ask('/me')
    const session = { id: null, currentLevel: null, nextLevel: null, methods: [] }
    return user ? { ...session, user: { id: user.id, label: user.email } } : null
  }

  function find(ref: { id: string }, ...at: SignInAttempt['status'][]): SignInAttempt {
    const attempt = attempts.get(ref.id)
    if (!attempt) throw new AuthError('attempt_lost')
    if (at.length > 0 && !at.includes(attempt.status)) throw new AuthError('not_supported')
    return attempt
  }

  function move(attempt: SignInAttempt, change: object): SignInAttempt {
    const moved: SignInAttempt = { ...attempt, ...change }
    attempts.set(moved.id, moved)
    return moved
  }

  const totp = [{ id: 'totp', strategy: 'totp' }] as const
  const tell = () => queueMicrotask(() => listeners.forEach((changed) => changed()))
  const complete = { status: 'complete', cancelSignsOut: true }

  async function pass(attempt: SignInAttempt, path: string, body: object): Promise<SignInAttempt> {
    const { next } = await ask(path, body)
    return move(attempt, next ? { status: 'needs_second_factor', supportedSecondFactors: totp } : complete)
  }

  async function nothingToSend(ref: { id: string }, { factorId }: { factorId: string }): Promise<never> {
    find(ref)
    throw new AuthError(factorId === 'password' || factorId === 'totp' ? 'not_supported' : 'factor_not_found')
  }

  return {
    name: 'mine',
    capabilities: {
      identifiers: ['email'],
      firstFactors: [{ strategy: 'password' }],
      secondFactors: ['totp'],
      firstFactorsPerUser: false,
      enroll: [],
      managePassword: false,
      survivesReload: 'no',
      trustDevice: false,
      signOutScopes: ['this'],
    },
    signIn: {
      async create(params) {
        if ('strategy' in params) throw new AuthError('not_supported')
        const { identifier, password } = params
        const attempt: SignInAttempt = {
          id: crypto.randomUUID(),
          purpose: 'sign_in',
          status: 'needs_first_factor',
          identifier,
          supportedFirstFactors: [{ id: 'password', strategy: 'password' }],
          supportedSecondFactors: null,
          firstFactorVerification: null,
          secondFactorVerification: null,
          cancelSignsOut: false,
        }
        attempts.set(attempt.id, attempt)
        return password === undefined ? attempt : pass(attempt, '/password', { email: identifier, password })
      },
      resume: async () => ({ attempt: null }),
      async reload(ref) {
        const attempt = find(ref)
        const { user, next } = await ask('/me')
        const isIn = user?.email === attempt.identifier
        if (!isIn && !next && attempt.status !== 'needs_first_factor') throw new AuthError('attempt_lost')
        return isIn && attempt.status !== 'complete' ? move(attempt, complete) : attempt
      },
      prepareFirstFactor: nothingToSend,
      prepareSecondFactor: nothingToSend,
      async attemptFirstFactor(ref, params) {
        const attempt = find(ref, 'needs_first_factor')
        if (params.factorId !== 'password' || !('password' in params)) throw new AuthError('factor_not_found')
        return pass(attempt, '/password', { email: attempt.identifier, password: params.password })
      },
      async attemptSecondFactor(ref, params) {
        const attempt = find(ref, 'needs_second_factor')
        if (params.factorId !== 'totp' || !('code' in params)) throw new AuthError('factor_not_found')
        return pass(attempt, '/code', { code: params.code })
      },
      async finish(ref) {
        const attempt = find(ref, 'complete')
        const session = await get()
        if (!session) throw new AuthError('session_lost')
        if (session.user.label !== attempt.identifier) throw new AuthError('session_mismatch')
        move(attempt, { cancelSignsOut: false })
        tell()
        return session
      },
      async cancel({ id }) {
        const attempt = attempts.get(id)
        attempts.delete(id)
        if (attempt?.cancelSignsOut || attempt?.status === 'needs_second_factor') await ask('/sign-out', {})
      },
    },
    session: {
      get,
      async signOut() {
        await ask('/sign-out', {})
        tell()
      },
      subscribe(changed) {
        listeners.add(changed)
        return () => void listeners.delete(changed)
      },
    },
  }
}
