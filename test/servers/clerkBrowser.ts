import { createRequire } from 'node:module'
import type { Clerk } from '@clerk/clerk-js/no-rhc'

type Module = { readonly Clerk: typeof Clerk }
export type RealClerk = InstanceType<typeof Clerk>

const require = createRequire(import.meta.url)

/** A browser, as far as clerk-js needs one: what it keeps of Clerk over a reload, and a network that can fail. */
export interface ClerkBrowser {
  readonly clerk: RealClerk
  /** What clerk-js knows the browser by. */
  token: string | null
  offline: boolean
  /** The page is loaded anew. */
  reload(): Promise<RealClerk>
}

/**
 * The real clerk-js in Node, loaded. It keeps its client in the module, so each page gets a module of its own. Without a browser's cookies it is
 * known by a header, as Clerk's native SDKs do it.
 */
export async function openClerk(
  url: string,
  state: { token: string | null; offline: boolean } = { token: null, offline: false },
): Promise<ClerkBrowser> {
  const browser: ClerkBrowser = Object.assign(state, {
    clerk: await load(),
    async reload() {
      return Object.assign(browser, { clerk: await load() }).clerk
    },
  })
  return browser

  async function load(): Promise<RealClerk> {
    const path = require.resolve('@clerk/clerk-js/no-rhc')
    delete require.cache[path]
    const { Clerk: Real } = require(path) as Module
    const clerk = new Real(`pk_live_${btoa('clerk.local.test$')}`, { proxyUrl: url })
    clerk.__internal_onBeforeRequest(async (request) => {
      request.credentials = 'omit'
      request.headers = new Headers(request.headers)
      if (state.token) request.headers.set('authorization', state.token)
      // A read would else be tried eleven times.
      if (state.offline) request.signal = AbortSignal.abort()
    })
    clerk.__internal_onAfterResponse(async (_request, response) => {
      state.token = response?.headers.get('authorization') ?? state.token
    })
    await clerk.load({ standardBrowser: false, telemetry: false })
    const signOut = clerk.signOut.bind(clerk) as (...params: unknown[]) => Promise<void>
    clerk.signOut = async (...params: unknown[]) => {
      // When all is done it looks at `window.location` for a line in its log.
      Object.defineProperty(globalThis, 'window', { value: {}, configurable: true })
      await signOut(...params).finally(() => Reflect.deleteProperty(globalThis, 'window'))
    }
    return clerk
  }
}
