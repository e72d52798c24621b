/** What the adapter uses of the caller's client (`createAuthClient` of `better-auth/react` or `better-auth/client`). */
export interface BetterAuthClient {
  $fetch(path: string, options: ClientFetchOptions): Promise<unknown>
  readonly $store: {
    notify(signal: '$sessionSignal'): void
    readonly atoms: { readonly session: SessionAtom } | Readonly<Record<string, SessionAtom>>
  }
}

interface SessionAtom {
  listen(listener: (now: Looked, before?: Looked) => void): () => void
}

interface Looked {
  readonly data?: unknown
  readonly isPending?: boolean
}

export interface ClientFetchOptions {
  readonly method: 'GET' | 'POST'
  readonly body?: Readonly<Record<string, unknown>> | undefined
  readonly signal?: AbortSignal | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly throw: false
  readonly retry: 0
  readonly redirect?: 'manual' | undefined
  readonly jsonParser: (text: string) => unknown
  readonly onResponse: (context: { response: Response }) => void
}
