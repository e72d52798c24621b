import type { CallOptions, ReadOptions } from '../../core/adapter.js'
import type { FactorOption } from '../../core/attempt.js'
import type { AuthError } from '../../core/AuthError.js'
import { backendError, noAnswer, type ErrorAnswer } from '../../core/backendError.js'
import type { Factor } from '../../core/enrollment.js'
import type { ActiveSession } from '../../core/session.js'
import type { SecondStrategy } from '../../core/strategy.js'
import type { BetterAuthClient } from './betterAuthClient.js'
import { errorCodeOf } from './errorCodes.js'

/** What `GET /latchkey/state` answers. */
export interface State {
  readonly session: ActiveSession | null
  /** Of whoever is signed in. */
  readonly phone?: string | undefined
  /** The half-done sign-in that this browser holds. Absent: plain Better Auth does not say. */
  readonly attempt?: { readonly id: string } | null
  /** Of whoever is signed in, or half signed in. Absent: plain Better Auth does not say. */
  readonly secondFactors?: readonly FactorOption<SecondStrategy>[]
  /** Of whoever is signed in. Absent: there are some, and plain Better Auth does not say which. */
  readonly factors?: readonly Factor[] | undefined
  /** Of whoever is signed in. Absent: plain Better Auth does not say. */
  readonly backupCodes?: { readonly remaining?: number }
}

/** As much of Better Auth's answers as is read. Nothing in it is sure. */
export interface Answer {
  readonly user?: {
    readonly id?: string
    readonly email?: string
    readonly phoneNumber?: string
    readonly twoFactorEnabled?: boolean
  }
  readonly session?: { readonly id?: string }
  readonly twoFactorRedirect?: boolean
  readonly twoFactorMethods?: readonly string[]
  readonly totpURI?: string
  readonly backupCodes?: readonly string[]
  readonly status?: boolean
  readonly success?: boolean
  readonly message?: string
  readonly nonce?: string
  readonly url?: string
  readonly challenge?: string
  /** Of a passkey. */
  readonly id?: string
  readonly name?: string | null
  readonly createdAt?: string | null
  readonly passkey?: Answer
}

type Body = Readonly<Record<string, unknown>>

export type Connection = ReturnType<typeof connect>

/** Asks through the caller's client, so that its base URL, headers and hooks hold. Never twice. */
export function connect({ $fetch, $store }: BetterAuthClient) {
  let changes = 0

  async function ask<T>(path: string, options?: CallOptions, body?: Body): Promise<T> {
    const { signal, captchaToken } = options ?? {}
    let headers: Headers | undefined
    const answered = await $fetch(path, {
      method: body ? 'POST' : 'GET',
      body,
      signal,
      // Where its captcha plugin looks.
      headers: captchaToken ? { 'x-captcha-response': captchaToken } : undefined,
      throw: false,
      retry: 0,
      // It answers a bad link by leading elsewhere, to where the page may not read.
      redirect: path.startsWith('/magic') ? 'manual' : undefined,
      jsonParser: JSON.parse,
      onResponse: ({ response }) => void (headers = response.headers),
    }).catch((thrown: unknown) => {
      throw noAnswer(thrown)
    })
    const { data, error } = answered as { data: T; error?: ErrorAnswer | null }
    if (error) {
      const code = errorCodeOf(error.code ?? `${error.status} ${path}`)
      const details = code === 'step_up_required' ? { stepUp: { level: 'second_factor' } as const } : undefined
      throw backendError(code, error, headers, body, details)
    }
    return data
  }

  return {
    /** `body`: `undefined` for a GET. `key`: what a success is known by; a body without it is no answer. */
    async post(path: string, body: Body | undefined, options?: CallOptions, key: keyof Answer = 'status'): Promise<Answer> {
      const answer = await ask<Answer | null | undefined>(path, options, body)
      if (!answer?.[key] && !answer?.success && !answer?.twoFactorRedirect) throw noAnswer()
      return answer
    },

    async read(options?: ReadOptions): Promise<State> {
      try {
        const state = await ask<State | null | undefined>('/latchkey/state', options)
        if (!state?.secondFactors) throw noAnswer()
        return state
      } catch (thrown) {
        // Where there is no such path, the server runs without the plugin.
        if ((thrown as AuthError).code !== 'not_supported') throw thrown
      }
      const path = '/get-session?disableCookieCache=true'
      const plain = await ask<Answer | null | undefined>(path, options)
      if (plain === null) return { session: null }
      const { id, email: label, phoneNumber: phone, twoFactorEnabled } = plain?.user ?? {}
      if (!id) throw noAnswer()
      const user = { id, label }
      const session = { id: plain?.session?.id ?? null, user, currentLevel: null, nextLevel: null, methods: [] }
      return { session, phone, factors: twoFactorEnabled ? undefined : [] }
    },

    /** How often this adapter has changed something. */
    get changes() {
      return changes
    },

    /** The host's `useSession` reads again. */
    changed() {
      changes++
      $store.notify('$sessionSignal')
    },
  }
}
