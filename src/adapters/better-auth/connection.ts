import type { CallOptions, ReadOptions } from '../../core/adapter.js'
import { toAuthError } from '../../core/AuthError.js'
import type { FactorOption } from '../../core/attempt.js'
import { levels } from '../../core/assurance.js'
import type { ActiveSession, Level } from '../../core/session.js'
import type { SecondStrategy } from '../../core/strategy.js'
import type { BetterAuthClient, ClientFetchOptions } from './betterAuthClient.js'
import { noAnswer, refusal } from './refusal.js'

export interface State {
  readonly session: ActiveSession | null
  /** Second factors of whoever is signed in, or half signed in. `null`: the server does not say. */
  readonly secondFactors: readonly FactorOption<SecondStrategy>[] | null
  readonly twoFactorEnabled: boolean
  /** The half-done sign-in that this browser holds. `undefined`: the server does not say. */
  readonly challenge: { readonly id: string; readonly ageMs: number; readonly expiresInMs?: number } | null | undefined
}

export type Connection = ReturnType<typeof connect>
type Fields = Record<string, unknown>

/** Asks through the caller's client, so that its base URL, headers and hooks hold. Never twice. */
export function connect(client: BetterAuthClient, serverPlugin: boolean) {
  async function settle(
    send: (options: ClientFetchOptions) => Promise<unknown>,
    { signal, captchaToken }: CallOptions = {},
    rest: Pick<ClientFetchOptions, 'method' | 'body' | 'query'> = {},
  ): Promise<unknown> {
    let headers: Headers | undefined
    const answer = await send({
      ...rest,
      ...(signal && { signal }),
      ...(captchaToken && { headers: { 'x-captcha-response': captchaToken } }),
      throw: false,
      retry: 0,
      jsonParser: parse,
      onResponse: ({ response }) => void (headers = response.headers),
    }).catch((thrown: unknown) => {
      throw noAnswer('network', thrown)
    })
    const { data, error } = fields(answer)
    if (error) throw refusal(fields(error), headers, rest.body ?? {})
    return data
  }

  const post = async (path: string, body: Fields, options?: CallOptions): Promise<Fields> =>
    fields(await settle((o) => client.$fetch(path, o), options, { method: 'POST', body }))

  async function read({ fresh, ...options }: ReadOptions = {}): Promise<State> {
    if (serverPlugin) {
      try {
        return toState(fields(await settle((o) => client.$fetch('/latchkey/state', o), options)))
      } catch (thrown) {
        // 404: plain Better Auth.
        if (toAuthError(thrown).code !== 'not_supported') throw thrown
      }
    }
    const rest = fresh ? { query: { disableCookieCache: 'true' } } : {}
    const plain = await settle((o) => client.$fetch('/get-session', o), options, rest)
    return plain === null ? nobody : toPlainState(fields(plain))
  }

  return {
    post,
    read,
    serverPlugin,
    /** Through the client's own member, which also tells the browser's other tabs. */
    signOut: () => settle((fetchOptions) => client.signOut({ fetchOptions })),
    /** The host's `useSession` reads again. */
    changed: () => client.$store.notify('$sessionSignal'),
  }
}

const nobody: State = { session: null, secondFactors: null, twoFactorEnabled: false, challenge: undefined }

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A body that is no object (a proxy's page, nothing at all) is no answer. */
export function fields(value: unknown): Fields {
  if (typeof value !== 'object' || value === null) throw noAnswer('unavailable')
  return value as Fields
}

/** Better Auth's ids are strings, or numbers where the database counts. */
export function idOf({ id }: Fields): string {
  if (typeof id !== 'string' && typeof id !== 'number') throw noAnswer('unavailable')
  return String(id)
}

const ms = (value: unknown) => (typeof value === 'number' && value >= 0 ? value : undefined)
const level = (value: unknown) => levels.find((known) => known === value) ?? (null as Level | null)

function toState({ session, attempt }: Fields): State {
  if (session === null && attempt === null) return { ...nobody, challenge: null }
  if (session === null) {
    const challenge = fields(attempt)
    return {
      session,
      secondFactors: options(challenge.secondFactors),
      twoFactorEnabled: true,
      challenge: { id: idOf(challenge), ageMs: ms(challenge.ageMs) ?? 0, ...optional(challenge, ['expiresInMs']) },
    }
  }
  const its = fields(session)
  const methods = Array.isArray(its.methods) ? its.methods.map(fields) : []
  return {
    session: {
      ...person(its, fields(its.user)),
      currentLevel: level(its.currentLevel),
      nextLevel: level(its.nextLevel),
      methods: methods.map((m) => ({ method: String(m.method), ...optional(m, ['ageMs']) })),
      ...optional(its, ['firstFactorAgeMs', 'secondFactorAgeMs', 'expiresInMs']),
    },
    secondFactors: options(its.secondFactors),
    twoFactorEnabled: its.nextLevel === 'aal2',
    challenge: null,
  }
}

function toPlainState({ session, user }: Fields): State {
  const its = fields(user)
  return {
    ...nobody,
    session: { ...person(fields(session), its), currentLevel: null, nextLevel: null, methods: [] },
    twoFactorEnabled: its.twoFactorEnabled === true,
  }
}

function person(session: Fields, user: Fields) {
  const label = user.label ?? user.email
  return { id: idOf(session), user: { id: idOf(user), ...(typeof label === 'string' && { label }) } }
}

function optional<K extends string>(from: Fields, keys: readonly K[]): { readonly [key in K]?: number } {
  return Object.fromEntries(keys.flatMap((key) => (ms(from[key]) === undefined ? [] : [[key, ms(from[key])]]))) as {
    [key in K]?: number
  }
}

/** The server lists them in its own order of preference. */
export function secondFactor(strategy: SecondStrategy, index: number, hint?: string): FactorOption<SecondStrategy> {
  return { id: strategy, strategy, ...(hint && { hint }), ...(index === 0 && { primary: true }) }
}

const strategies: readonly unknown[] = ['totp', 'email_code', 'backup_code'] satisfies SecondStrategy[]

function options(listed: unknown): readonly FactorOption<SecondStrategy>[] {
  if (!Array.isArray(listed)) throw noAnswer('unavailable')
  return listed
    .map(fields)
    .filter(({ strategy }) => strategies.includes(strategy))
    .map(({ strategy, hint }, index) =>
      secondFactor(strategy as SecondStrategy, index, typeof hint === 'string' ? hint : undefined),
    )
}
