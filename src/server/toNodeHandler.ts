import type { AuthHandler } from './createAuthHandler.js'

/** As much of Node's `IncomingMessage`, and of Express's request, as is read. */
export interface NodeRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  /** Express: `url` as it was before a router took its own part away. */
  readonly originalUrl?: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly socket: { readonly remoteAddress?: string | undefined; readonly encrypted?: boolean }
  /** Express: set by a body parser that has read the stream. */
  readonly body?: unknown
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown
  on(event: 'end' | 'error' | 'close', listener: () => void): unknown
}

/** As much of Node's `ServerResponse` as is used. */
export interface NodeResponse {
  statusCode: number
  setHeader(name: string, value: string | string[]): unknown
  end(text: string): unknown
}

/**
 * The handler for `http.createServer`, Express and Connect, on any path. It always answers, so it calls no `next`. `request.url` is taken for
 * `http` unless the socket itself is TLS: behind a proxy that ends TLS, give the handler its `origins`.
 */
export function toNodeHandler(handler: AuthHandler): (request: NodeRequest, response: NodeResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    const answer = await answerTo(incoming, handler)
    outgoing.statusCode = answer.status
    answer.headers.forEach((value, name) => {
      if (name !== 'set-cookie') outgoing.setHeader(name, value)
    })
    const cookies = answer.headers.getSetCookie()
    if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies)
    outgoing.end(await answer.text())
  }
}

async function answerTo(incoming: NodeRequest, handler: AuthHandler): Promise<Response> {
  let request: Request
  try {
    request = requestOf(incoming)
  } catch {
    // A host or a method that the Fetch standard does not let through.
    return new Response(null, { status: 400, headers: { 'cache-control': 'no-store' } })
  }
  return handler(request, { ip: incoming.socket.remoteAddress })
}

function requestOf(incoming: NodeRequest): Request {
  const { method = 'GET', socket, headers: given } = incoming
  const headers = new Headers()
  for (const [name, value] of Object.entries(given)) {
    // HTTP/2 hands the request line on as headers.
    if (value !== undefined && !name.startsWith(':')) headers.set(name, String(value))
  }
  const host = String(given[':authority'] ?? given.host)
  const url = `http${socket.encrypted ? 's' : ''}://${host}${incoming.originalUrl ?? incoming.url}`
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers })
  const body = incoming.body === undefined ? streamOf(incoming) : JSON.stringify(incoming.body)
  // Node wants it said that the answer may come before the body has been read; the types do not know the word.
  const streamed: RequestInit & { duplex: 'half' } = { method, headers, body, duplex: 'half' }
  return new Request(url, streamed)
}

function streamOf(incoming: NodeRequest): ReadableStream<Uint8Array> {
  let open = true
  return new ReadableStream<Uint8Array>({
    start(controller) {
      // What comes after nobody listens any more is read all the same: an unread rest would hold up the connection.
      incoming.on('data', (chunk) => open && controller.enqueue(chunk))
      const end = (finish: () => void) => () => {
        if (open) finish()
        open = false
      }
      incoming.on(
        'end',
        end(() => controller.close()),
      )
      incoming.on(
        'error',
        end(() => controller.error(new TypeError('The request broke off.'))),
      )
      incoming.on(
        'close',
        end(() => controller.error(new TypeError('The request broke off.'))),
      )
    },
    cancel() {
      open = false
    },
  })
}
