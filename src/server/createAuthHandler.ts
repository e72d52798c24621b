import type { ServerAdapter } from '../core/serverAdapter.js'
import { openCell, type Cell } from './cell.js'
import { createCookieJar } from './cookieJar.js'
import { failureOf, Refusal } from './failure.js'
import { inputOf, operationOf, requireOwnPage } from './readRequest.js'
import { createSeal } from './seal.js'
import { Malformed } from './shape.js'

export interface AuthHandlerOptions {
  readonly adapter: ServerAdapter
  /**
   * At least 32 characters from a random source, the same in every copy of the server. Of several the first seals and all open: a new one is put
   * in front, and the old one taken away a session's life later.
   */
  readonly secret: string | readonly string[]
  /**
   * The origins of the pages that may ask (`https://app.example.com`). Default: the one of the request's own URL. To be given where a proxy ends
   * TLS or changes the host, because then the request's URL is not what the browser sees.
   */
  readonly origins?: readonly string[]
  /** Cookies for https only, with the `__Host-` prefix. Default: whether any of the origins is https. */
  readonly secure?: boolean
  /** Bytes. Default 65,536. */
  readonly maxBodyBytes?: number
  /** What the cookies' names begin with. Default `latchkey`. */
  readonly cookieName?: string
  /** The person's address, for the backend's own limits. Default: what the server's shim says; a header only from a proxy that sets it. */
  readonly ip?: (request: Request) => string | undefined
  /** Milliseconds since 1970, for tests. Default: the machine's time. */
  readonly now?: () => number
  /** Whatever the adapter threw that is no `AuthError`, and faults of the handler: for the server's log alone. */
  readonly onError?: (thrown: unknown) => void
}

/** Never rejects. */
export type AuthHandler = (request: Request, from?: { readonly ip?: string | undefined }) => Promise<Response>

/** Milliseconds. */
const mostOfAnAttempt = 10 * 60_000

/**
 * Serves a backend's adapter to browsers that use `latchkey/adapters/http`, by the protocol in docs/protocol.openapi.yaml. Keeps nothing in memory:
 * what an adapter seals lives in the browser's cookies, an attempt for 10 minutes from its beginning at the most, so that any copy of the server
 * can answer any request. A request that is played again is for the backend to refuse.
 *
 * Throws a `RangeError` for a secret that is too short.
 */
export function createAuthHandler(options: AuthHandlerOptions): AuthHandler {
  const { adapter, maxBodyBytes = 65_536, cookieName = 'latchkey', ip, now = Date.now, onError } = options
  const secrets = [options.secret].flat()
  if (secrets.length === 0 || secrets.some((secret) => secret.length < 32)) {
    throw new RangeError('A secret has at least 32 characters.')
  }
  const origins = options.origins?.map((origin) => origin.replace(/\/$/, ''))
  const seals = { attempt: createSeal(secrets, 'attempt', now), session: createSeal(secrets, 'session', now) }

  async function answer(request: Request, from: { readonly ip?: string | undefined }): Promise<Answered> {
    const url = new URL(request.url)
    const own = origins ?? [url.origin]
    const isOwn = (origin: string) => own.includes(origin)
    requireOwnPage(request, isOwn)
    const operation = operationOf(request, url)
    const input = await inputOf(request, url, maxBodyBytes)
    const ready = operation.read(input, isOwn)

    const secure = options.secure ?? own.some((origin) => origin.startsWith('https:'))
    const jar = createCookieJar(request.headers.get('cookie'), secure)
    const [attempt, session] = await Promise.all([
      openCell(`${cookieName}.attempt`, jar, seals.attempt, now, mostOfAnAttempt),
      openCell(`${cookieName}.session`, jar, seals.session, now),
    ])
    const lines = async () => (await Promise.all([attempt.lines(), session.lines()])).flat()
    try {
      const address = ip?.(request) ?? from.ip
      const context = { header: (name: string) => request.headers.get(name), attempt, session, ...(address && { ip: address }) }
      const backend = adapter(context)
      if (!operation.offeredBy(backend)) throw new Refusal(404, 'not_offered')
      const body = await ready(backend)
      return { status: 200, body: noLongerThan(attempt, body), cookies: await lines() }
    } catch (thrown) {
      return { ...failed(thrown), cookies: await lines() }
    }
  }

  function failed(thrown: unknown): Answered {
    const failure = failureOf(thrown)
    if (failure.status === 500) {
      try {
        onError?.(thrown)
      } catch {
        // A log that fails must not take the answer with it.
      }
    }
    return failure
  }

  return async (request, from = {}) => {
    const { status, body, headers, cookies } = await answer(request, from).catch((thrown: unknown) =>
      failed(thrown instanceof Malformed ? new Refusal(400, 'malformed') : thrown),
    )
    const all = new Headers({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    })
    for (const line of cookies ?? []) all.append('set-cookie', line)
    return new Response(JSON.stringify(body), { status, headers: all })
  }
}

interface Answered {
  readonly status: number
  readonly body: object
  readonly headers?: Record<string, string>
  readonly cookies?: readonly string[]
}

/** An attempt that is kept in the browser's cell ends with it, whatever the backend would still allow. */
function noLongerThan(cell: Cell, body: object): object {
  const { attempt } = body as { attempt?: { readonly expiresInMs?: number } | null }
  const leftMs = cell.leftMs()
  if (!attempt || leftMs === undefined) return body
  return { ...body, attempt: { ...attempt, expiresInMs: Math.max(0, Math.min(attempt.expiresInMs ?? leftMs, leftMs)) } }
}
