import { Refusal } from './failure.js'
import { operations, type Operation } from './operations.js'
import type { IsOwn } from './shape.js'

/** The operation whose path this one ends with, wherever the handler is mounted. Refuses 404 and 405. */
export function operationOf({ method }: Request, { pathname }: URL): Operation {
  const parts = pathname.split('/')
  for (const length of [3, 2, 1]) {
    const operation = operations.get(parts.slice(-length).join('/'))
    if (!operation) continue
    if (operation.method !== method) throw new Refusal(405, 'method', { allow: operation.method })
    return operation
  }
  throw new Refusal(404, 'path')
}

/**
 * Refuses 403. Browsers name the page's origin in every POST (Fetch §3.2), so one that is not named comes from no page of ours. A read need not name it;
 * then only what the browser calls cross-site is refused.
 */
export function requireOwnPage({ method, headers }: Request, isOwn: IsOwn): void {
  const origin = headers.get('origin')
  const foreign = origin === null ? method === 'POST' || headers.get('sec-fetch-site') === 'cross-site' : !isOwn(origin)
  if (foreign) throw new Refusal(403, 'origin')
}

/** The body as JSON, or the query of a read. Refuses 415, 413 and 400. */
export async function inputOf(request: Request, url: URL, mostBytes: number): Promise<unknown> {
  if (request.method === 'GET') return Object.fromEntries(url.searchParams)
  // Only a page that this server lets may send this type across origins (Fetch, CORS-safelisted request-header).
  if (!/^application\/json\s*(;|$)/i.test(request.headers.get('content-type') ?? '')) throw new Refusal(415, 'content_type')
  try {
    const bytes = await bytesOf(request, mostBytes)
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (thrown) {
    throw thrown instanceof Refusal ? thrown : new Refusal(400, 'malformed')
  }
}

async function bytesOf({ headers, body }: Request, most: number): Promise<Uint8Array> {
  if (Number(headers.get('content-length')) > most) throw new Refusal(413, 'too_large')
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = (body as ReadableStream<Uint8Array> | null)?.getReader()
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    length += part.value.length
    if (length > most) {
      await reader?.cancel()
      throw new Refusal(413, 'too_large')
    }
    chunks.push(part.value)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
