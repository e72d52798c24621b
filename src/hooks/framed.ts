import type { AuthAdapter } from '../core/adapter.js'
import { AuthError } from '../core/AuthError.js'

/** Does a page of another origin show this one in a frame? It could lay something over it (clickjacking). */
export function framedByAnother(): boolean {
  // A server draws for whoever will have the page.
  if (typeof window === 'undefined') return false
  try {
    return window.top !== null && window.top.location.origin !== location.origin
  } catch {
    // Another origin's address may not even be read.
    return true
  }
}

/** The adapter with everything refused, so that nobody is led into a step and gates stay closed. */
export function refuseAll(adapter: AuthAdapter): AuthAdapter {
  const refuse = () => Promise.reject(new AuthError('not_supported', 'Framed by another site.'))
  const closed = <T extends object>(api: T): T =>
    new Proxy(api, {
      get(target, key): unknown {
        const member: unknown = Reflect.get(target, key)
        if (typeof member === 'function') return refuse
        return typeof member === 'object' && member && !Array.isArray(member) ? closed(member) : member
      },
    })
  const { signIn, session, stepUp, mfa } = adapter
  return {
    ...adapter,
    signIn: closed(signIn),
    session: { ...session, get: refuse, signOut: refuse },
    ...(stepUp && { stepUp: closed(stepUp) }),
    ...(mfa && { mfa: closed(mfa) }),
  }
}
