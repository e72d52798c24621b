/** What the adapter uses of the caller's client (`createAuthClient` of `better-auth/react` or `better-auth/client`). */
export interface BetterAuthClient {
  $fetch(path: string, options: ClientFetchOptions): Promise<unknown>
  readonly $store: {
    notify(signal: '$sessionSignal'): void
    readonly atoms: Readonly<Record<string, { get(): unknown; listen(listener: () => void): () => void } | undefined>>
  }
  signOut(params: { fetchOptions: ClientFetchOptions }): Promise<unknown>
}

export interface ClientFetchOptions {
  readonly method?: 'POST'
  readonly body?: Record<string, unknown>
  readonly query?: Record<string, string>
  readonly headers?: Record<string, string>
  readonly signal?: AbortSignal
  readonly throw: false
  readonly retry: 0
  readonly jsonParser: (text: string) => unknown
  readonly onResponse: (context: { response: Response }) => void
}
