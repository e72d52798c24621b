import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Script } from 'node:vm'
import type { Clerk } from '@clerk/clerk-js/no-rhc'

type Module = { readonly Clerk: typeof Clerk }
export type RealClerk = InstanceType<typeof Clerk>

const path = createRequire(import.meta.url).resolve('@clerk/clerk-js/no-rhc')
/** Read and compiled once: to `require` it anew for every page took most of the tests' time. */
const asFunction = new Script(`(function (exports, require, module) {${readFileSync(path, 'utf8')}\n})`, { filename: path })

function freshModule(): Module {
  const module = { exports: {} }
  const run = asFunction.runInThisContext() as (exports: object, require: NodeJS.Require, module: object) => void
  run(module.exports, createRequire(path), module)
  return module.exports as Module
}

/** A browser, as far as clerk-js needs one: what it keeps of Clerk over a reload, and a network that can fail. */
export interface ClerkBrowser {
  clerk: RealClerk
  /** What clerk-js knows the browser by. */
  token: string | null
  offline: boolean
  /** The page is loaded anew. */
  reload(): Promise<RealClerk>
}

export interface ClerkWay {
  /** A publishable key. */
  readonly key: string
  /** Where the Frontend API is asked, if not at the address in the key. */
  readonly url?: string
  /** Of the Backend API: with it Clerk's protection against bots lets a test pass. */
  readonly testingToken?: string | undefined
}

/** Of no instance: its address is never asked. */
const anyKey = `pk_live_${btoa('clerk.local.test$')}`

/**
 * The real clerk-js in Node, loaded. It keeps its client in the module, so each page gets a module of its own. Without a browser's cookies it is
 * known by a header, as Clerk's native SDKs do it, and so asks a development instance for no `dev_browser`. `to`: the stand-in's address, or the
 * way to a real instance.
 */
export async function openClerk(to: string | ClerkWay): Promise<ClerkBrowser> {
  const { key = anyKey, url, testingToken }: Partial<ClerkWay> = typeof to === 'string' ? { url: to } : to
  const browser: ClerkBrowser = {
    token: null,
    offline: false,
    async reload() {
      return (browser.clerk = await load())
    },
    clerk: undefined as never,
  }
  await browser.reload()
  return browser

  async function load(): Promise<RealClerk> {
    const { Clerk: Real } = freshModule()
    const clerk = new Real(key, url ? { proxyUrl: url } : {})
    clerk.__internal_onBeforeRequest(async (request) => {
      request.credentials = 'omit'
      request.url?.searchParams.set('_is_native', '1')
      if (testingToken) request.url?.searchParams.set('__clerk_testing_token', testingToken)
      request.headers = new Headers(request.headers)
      if (browser.token) request.headers.set('authorization', browser.token)
      // A read would else be tried eleven times.
      if (browser.offline) request.signal = AbortSignal.abort()
    })
    clerk.__internal_onAfterResponse(async (_request, response) => {
      browser.token = response?.headers.get('authorization') ?? browser.token
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
