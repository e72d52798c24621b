import type { AuthAdapter } from 'latchkey'

declare global {
  interface Window {
    /** Calls of the adapter so far, with `?trace` in the address: by name, as `signIn.create`. */
    latchkeyCalls?: Record<string, number>
  }
}

/** The same adapter, counted. Shows how to put something between the kit and a backend. */
export function traced(adapter: AuthAdapter): AuthAdapter {
  const calls: Record<string, number> = (window.latchkeyCalls = {})
  const counted = <Api extends object>(name: string, api: Api): Api =>
    new Proxy(api, {
      get(target, key) {
        const member: unknown = Reflect.get(target, key)
        if (typeof member !== 'function') return member
        const call = `${name}.${String(key)}`
        return (...args: unknown[]): unknown => {
          calls[call] = (calls[call] ?? 0) + 1
          return Reflect.apply(member, target, args)
        }
      },
    })
  const { signIn, session, stepUp, mfa } = adapter
  return {
    ...adapter,
    signIn: counted('signIn', signIn),
    session: counted('session', session),
    ...(stepUp && { stepUp: counted('stepUp', stepUp) }),
    ...(mfa && { mfa: counted('mfa', mfa) }),
  }
}
