import { randomUUID } from 'node:crypto'
import type { MemoryBackend } from '../../src/adapters/memory/index.js'
import type { AuthAdapter, SignInApi } from '../../src/core/adapter.js'
import type { AttemptRef } from '../../src/core/attempt.js'
import { AuthError } from '../../src/core/AuthError.js'
import type { ServerAdapter } from '../../src/core/serverAdapter.js'

/** Whatever connects a browser to one shared memory backend, in this process or in another. */
export type Connect = (browser: string) => AuthAdapter

/**
 * The memory backend as a server's adapter: one for each request, with nothing of its own. The session cell holds which browser this is, the
 * attempt cell which attempts it has begun; an attempt that is not in there is lost, whatever the backend still holds.
 */
export function memoryServerAdapter(
  backend: Pick<MemoryBackend, 'connect'> | { connect(options: { browser: string }): AuthAdapter },
): ServerAdapter {
  return ({ attempt, session }) => {
    const held = session.read() as { browser: string } | null
    const browser = held?.browser ?? randomUUID()
    const adapter = backend.connect({ browser })
    const begun = () => (attempt.read() as readonly string[] | null) ?? []

    const remember = <A extends AttemptRef>(made: A): A => {
      if (!held) session.write({ browser })
      const before = begun()
      // One that is new begins at ten minutes.
      if (!before.includes(made.id)) attempt.write(null)
      attempt.write([...before.filter((one) => one !== made.id).slice(-4), made.id])
      return made
    }
    const own = <A extends unknown[], B>(verb: (ref: AttemptRef, ...rest: A) => Promise<B>) => {
      return async (ref: AttemptRef, ...rest: A): Promise<B> => {
        if (!begun().includes(ref.id)) throw new AuthError('attempt_lost')
        return verb(ref, ...rest)
      }
    }
    const { signIn, stepUp, mfa } = adapter
    const { passkeyOptions, resetPassword } = signIn
    const ownSignIn: SignInApi = {
      create: async (params, options) => remember(await signIn.create(params, options)),
      // A link may be opened in a browser that has begun nothing.
      async resume(params, options) {
        if (begun().length === 0 && !params.url) return { attempt: null }
        const { attempt: found, ...back } = await signIn.resume(params, options)
        return { attempt: found && remember(found), ...back }
      },
      reload: own(signIn.reload),
      prepareFirstFactor: own(signIn.prepareFirstFactor),
      attemptFirstFactor: own(signIn.attemptFirstFactor),
      prepareSecondFactor: own(signIn.prepareSecondFactor),
      attemptSecondFactor: own(signIn.attemptSecondFactor),
      finish: own(signIn.finish),
      ...(passkeyOptions && { passkeyOptions: async (options) => remember(await passkeyOptions(options)) }),
      ...(resetPassword && { resetPassword: own(resetPassword) }),
      async cancel({ id }) {
        await signIn.cancel({ id })
        attempt.write(begun().filter((one) => one !== id))
      },
    }
    return {
      ...adapter,
      signIn: ownSignIn,
      ...(stepUp && {
        stepUp: { ...stepUp, create: async (params, options) => remember(await stepUp.create(params, options)) },
      }),
      ...(mfa && {
        mfa: {
          ...mfa,
          async enroll(params, options) {
            if (params.attempt && !begun().includes(params.attempt.id)) throw new AuthError('attempt_lost')
            return mfa.enroll(params, options)
          },
        },
      }),
    }
  }
}
