import type { CallOptions, ReadOptions } from '../../core/adapter.js'
import { AuthError, type AuthErrorDetails, knownCode } from '../../core/AuthError.js'
import { backendError, noAnswer } from '../../core/backendError.js'
import { attempt, type Body, type Find } from './answers.js'

export interface ConnectionOptions {
  /** Where the handler is mounted, such as `/api/auth`. */
  readonly url: string
  /** Default: the page's own. For a handler of another origin, one that sets `credentials: 'include'`. */
  readonly fetch?: typeof fetch
  /** Sent with every request; a function is asked each time. */
  readonly headers?: HeadersInit | (() => HeadersInit)
}

export type Connection = ReturnType<typeof connect>

/** Speaks docs/protocol.openapi.yaml. Sends each request once. */
export function connect({ url, fetch: given, headers }: ConnectionOptions) {
  async function ask<A>(path: string, find: Find<A>, init: RequestInit, sent: object = {}): Promise<A> {
    let status = 0
    let answered: Response
    let text: string
    try {
      const all = new Headers(typeof headers === 'function' ? headers() : headers)
      all.set('accept', 'application/json')
      if (init.body) all.set('content-type', 'application/json')
      // Following a redirect would send a password twice, and to another place.
      const fixed = { credentials: 'same-origin', cache: 'no-store', redirect: 'error', headers: all } as const
      answered = await (given ?? fetch)(`${url.replace(/\/$/, '')}/${path}`, { ...fixed, ...init })
      status = answered.status
      text = await answered.text()
    } catch (thrown) {
      throw noAnswer(thrown)
    }
    const body = bodyOf(text)
    if (!answered.ok) throw errorOf(status, answered.headers, body, sent)
    const found = find(body)
    if (found === undefined) throw noAnswer()
    return found
  }

  return {
    read: <A>(path: string, find: Find<A>, { fresh, signal }: ReadOptions = {}) =>
      ask(fresh ? `${path}?fresh=true` : path, find, { method: 'GET', signal }),

    send: <A>(path: string, find: Find<A>, params: object = {}, { signal, captchaToken }: CallOptions = {}) =>
      ask(path, find, { method: 'POST', signal, body: JSON.stringify({ ...params, captchaToken }) }, params),
  }
}

function bodyOf(text: string): Body {
  try {
    return Object(JSON.parse(text)) as Body
  } catch {
    return {}
  }
}

/** The server's own error, or what a proxy in its place says by its status. After a 5xx it is not known whether the request was carried out. */
function errorOf(status: number, headers: Headers, body: object, sent: object): AuthError {
  const { error } = body as { error?: AuthErrorDetails & Body & { code?: unknown; problem?: unknown } }
  const { code, message, outcome, field, retryInMs, cause } = backendError(
    undefined,
    { status, code: error?.code, message: error?.problem },
    headers,
    sent,
  )
  const known = knownCode(error?.code)
  const reasons = error?.reasons
  return new AuthError(known === 'unknown' ? code : known, message, {
    outcome: error?.outcome === 'unknown' ? 'unknown' : outcome,
    field: error?.field ?? field,
    retryInMs: numberOf(error?.retryInMs) ?? retryInMs,
    attemptsLeft: numberOf(error?.attemptsLeft),
    reasons: Array.isArray(reasons) ? reasons.map(String) : undefined,
    attempt: error && attempt(error),
    stepUp: error?.stepUp,
    cause,
  })
}

const numberOf = (value: unknown) => (typeof value === 'number' ? value : undefined)
