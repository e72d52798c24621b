import { expect } from 'vitest'
import { betterAuthAdapter, type BetterAuthAdapterOptions } from '../../../src/adapters/better-auth/index.js'
import type { AuthError } from '../../../src/core/AuthError.js'
import type { Browser, RunningServer } from '../../servers/betterAuthServer.js'
import { byEmail } from './harness.js'

export const minutes = 60_000

/** A page in a browser of its own, or one more in that browser. */
export function openPage(
  server: RunningServer,
  options: BetterAuthAdapterOptions = byEmail,
  browser: Browser = server.browser(),
) {
  const adapter = betterAuthAdapter(browser.client, options)
  return { browser, ...adapter.signIn, session: adapter.session }
}

export const refused = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: AuthError) => error,
  )

/** All that can be seen of an error. */
export const seen = (error: AuthError) => ({ ...error, message: error.message, cause: error.cause })

export const newest = ({ outbox }: RunningServer) => outbox[0]?.code ?? ''
