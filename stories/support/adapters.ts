import { AuthError, type AuthAdapter, type AuthErrorCode, type Session } from '../../src/index.js'

type Attempt = Awaited<ReturnType<AuthAdapter['signIn']['create']>>

/** An adapter whose every call after the sign-in's beginning fails, as without a connection. */
export function cutOff({ signIn, ...adapter }: AuthAdapter, code: AuthErrorCode = 'network'): AuthAdapter {
  const fail = () => Promise.reject(new AuthError(code, undefined, { outcome: 'unknown' }))
  return {
    ...adapter,
    signIn: { ...signIn, attemptFirstFactor: fail, attemptSecondFactor: fail, reload: fail, resume: fail, finish: fail },
  }
}

/** An adapter that changes the attempt with which a sign-in begins. */
export function opensWith({ signIn, ...adapter }: AuthAdapter, change: (attempt: Attempt) => Attempt): AuthAdapter {
  return {
    ...adapter,
    signIn: {
      ...signIn,
      create: async (...args) => change(await signIn.create(...args)),
      reload: async (...args) => change(await signIn.reload(...args)),
    },
  }
}

/** An adapter that changes the session that it tells of. */
export function tellsOf({ session, ...adapter }: AuthAdapter, change: (session: Session) => Session): AuthAdapter {
  return {
    ...adapter,
    session: {
      ...session,
      async get(options) {
        const found = await session.get(options)
        return found && change(found)
      },
    },
  }
}

/** An adapter with which reading the session fails, as often as it is tried. */
export function tellsNothing({ session, ...adapter }: AuthAdapter): AuthAdapter {
  return {
    ...adapter,
    session: { ...session, get: () => Promise.reject(new AuthError('unavailable', undefined, { outcome: 'unknown' })) },
  }
}
