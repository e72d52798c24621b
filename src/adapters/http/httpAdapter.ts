import type { AuthAdapter, CallOptions, MfaApi, ReadOptions, SignInApi, StepUpApi, StepUpLevel } from '../../core/adapter.js'
import type { AttemptRef } from '../../core/attempt.js'
import { toAuthError } from '../../core/AuthError.js'
import * as find from './answers.js'
import type { HttpOffer } from './answers.js'
import { createChanges } from './changes.js'
import { connect, type ConnectionOptions } from './connection.js'

export interface HttpAdapterOptions extends ConnectionOptions {
  /** Given, nothing is asked before the first screen. */
  readonly offer?: HttpOffer
}

/**
 * A server that speaks docs/protocol.openapi.yaml, such as `latchkey/server`. Without `offer` the server is asked for it, once; that rejects with an
 * `AuthError` as every verb does. Nothing is ever sent twice, and nothing but cookies is kept, which pages cannot read.
 */
export function httpAdapter(options: HttpAdapterOptions & { readonly offer: HttpOffer }): AuthAdapter
export function httpAdapter(options: HttpAdapterOptions): Promise<AuthAdapter>
export function httpAdapter({ offer, ...options }: HttpAdapterOptions): AuthAdapter | Promise<AuthAdapter> {
  const { read, send } = connect(options)
  const changes = createChanges(`latchkey:${options.url}`)

  /** A verb after which another session may be there, even if its answer was lost. */
  async function changing<A>(answer: Promise<A>): Promise<A> {
    try {
      const given = await answer
      changes.tell()
      return given
    } catch (thrown) {
      if (toAuthError(thrown).outcome === 'unknown') changes.tell()
      throw thrown
    }
  }

  /** A verb on an attempt, of which only the id crosses. */
  const step =
    (name: string) =>
    ({ id }: AttemptRef, params?: object, o?: CallOptions) =>
      send(`sign-in/${name}`, find.attempt, { ...params, attempt: id }, o)

  function build({ capabilities, verbs, stepUpLevels }: HttpOffer): AuthAdapter {
    const has = (path: string) => verbs.includes(path)

    const signIn: SignInApi = {
      create: (params, o) => send('sign-in/create', find.attempt, params, o),
      ...(has('sign-in/passkey-options') && {
        passkeyOptions: (o?: CallOptions) => send('sign-in/passkey-options', find.passkey, {}, o),
      }),
      resume: (params, o) => send('sign-in/resume', find.resumed, params, o),
      reload: (ref, o) => step('reload')(ref, {}, o),
      prepareFirstFactor: step('prepare-first-factor'),
      attemptFirstFactor: step('attempt-first-factor'),
      prepareSecondFactor: step('prepare-second-factor'),
      attemptSecondFactor: step('attempt-second-factor'),
      ...(has('sign-in/reset-password') && { resetPassword: step('reset-password') }),
      finish: ({ id }, o) => changing(send('sign-in/finish', find.activeSession, { attempt: id }, o)),
      cancel: ({ id }) => silent(changing(send('sign-in/cancel', find.done, { attempt: id }))),
    }

    const stepUp: StepUpApi = {
      levels: stepUpLevels ?? [],
      create: (params, o) => send('step-up/create', find.attempt, params, o),
      // Refused by this adapter, or by an app's own server in the protocol's words.
      detect(refused) {
        const { code, stepUp: asked } = ((refused as Asks | null)?.error ?? Object(refused)) as Asks
        return code === 'step_up_required' ? { level: asked?.level ?? 'second_factor' } : null
      },
    }

    const mfa: MfaApi = {
      listFactors: (o) => read('mfa/list-factors', find.factors, o),
      enroll: ({ attempt, ...params }, o) => send('mfa/enroll', find.enrollment, { ...params, attempt: attempt?.id }, o),
      challenge: (params, o) => send('mfa/challenge', find.enrollment, params, o),
      verify: (params, o) => changing(send('mfa/verify', find.verified, params, o)),
      ...(has('mfa/abandon') && { abandon: (params: object) => silent(send('mfa/abandon', find.done, params)) }),
      unenroll: (params, o) => silent(changing(send('mfa/unenroll', find.done, params, o))),
      ...(has('mfa/make-default') && {
        makeDefault: (params: object, o?: CallOptions) => silent(send('mfa/make-default', find.done, params, o)),
      }),
      ...(has('mfa/accepted-passkeys') && {
        acceptedPasskeys: (o?: ReadOptions) => read('mfa/accepted-passkeys', find.acceptedPasskeys, o),
      }),
      ...(has('mfa/rename') && { rename: (params: object, o?: CallOptions) => send('mfa/rename', find.factor, params, o) }),
      ...(has('mfa/backup-codes/generate') && {
        backupCodes: {
          ...(has('mfa/backup-codes/status') && {
            status: (o?: ReadOptions) => read('mfa/backup-codes/status', find.codesLeft, o),
          }),
          generate: (params: object, o?: CallOptions) => send('mfa/backup-codes/generate', find.codes, params, o),
        },
      }),
    }

    return {
      name: 'http',
      capabilities,
      signIn,
      session: {
        get: (o) => read('session/get', find.sessionOrNone, o),
        signOut: (params) => silent(changing(send('session/sign-out', find.done, params))),
        subscribe: changes.subscribe,
      },
      ...(has('step-up/create') && { stepUp }),
      ...(has('mfa/enroll') && { mfa }),
    }
  }

  return offer ? build(offer) : read('capabilities', find.offer).then(build)
}

/** For verbs that answer with nothing. */
async function silent(answer: Promise<true>): Promise<void> {
  await answer
}

interface Asks {
  readonly code?: unknown
  readonly stepUp?: { readonly level?: StepUpLevel }
  readonly error?: Asks
}
