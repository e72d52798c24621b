import { createServer } from 'node:http'
import type { MemoryBackend } from '../../src/adapters/memory/index.js'
import type { AuthAdapter, Capabilities } from '../../src/core/adapter.js'
import { AuthError, isAuthError, type AuthErrorCode, type AuthErrorDetails } from '../../src/core/AuthError.js'
import { listen } from './authServer.js'

interface Call {
  readonly browser: string
  /** `signIn.create` */
  readonly verb: string
  readonly args: readonly unknown[]
}

type Reply =
  { readonly answer: unknown } | { readonly error: { readonly code: AuthErrorCode; readonly details: AuthErrorDetails } }

export interface RemoteBackend {
  readonly port: number
  /** The next call of this verb is carried out; its answer waits until the result is called, and `carriedOut` tells when it was. */
  hold(verb: string): { readonly carriedOut: Promise<void>; release(): void }
  close(): Promise<void>
}

/** A memory backend that other processes can ask, over loopback: what handlers that remember nothing have in common. */
export async function serveBackend(backend: MemoryBackend): Promise<RemoteBackend> {
  const held = new Map<string, { done(): void; released: Promise<void> }>()

  async function answer({ browser, verb, args }: Call): Promise<Reply> {
    const [name = '', ...owners] = verb.split('.').toReversed()
    const adapter = backend.connect({ browser })
    const owner = owners.toReversed().reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], adapter)
    try {
      return { answer: await (owner as Record<string, (...given: unknown[]) => Promise<unknown>>)[name]?.(...args) }
    } catch (thrown) {
      if (!isAuthError(thrown)) throw thrown
      return { error: { code: thrown.code, details: { ...thrown } } }
    }
  }

  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    request.on('end', () => {
      const call = JSON.parse(text) as Call
      void answer(call).then(async (reply) => {
        const wait = held.get(call.verb)
        held.delete(call.verb)
        wait?.done()
        await wait?.released
        response.end(JSON.stringify(reply))
      })
    })
  })
  return {
    port: await listen(server),
    hold(verb) {
      let release = () => {}
      let done = () => {}
      const released = new Promise<void>((resolve) => (release = resolve))
      const carriedOut = new Promise<void>((resolve) => (done = resolve))
      held.set(verb, { done, released })
      return { carriedOut, release }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The other side, in a process of its own. */
export function remoteBackend(port: number, capabilities: Capabilities): { connect(options: { browser: string }): AuthAdapter } {
  return {
    connect({ browser }) {
      const verb =
        (name: string) =>
        async (...args: unknown[]): Promise<never> => {
          const body = JSON.stringify({ browser, verb: name, args } satisfies Call)
          const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body })
          const reply = (await response.json()) as Reply
          if ('error' in reply) throw new AuthError(reply.error.code, undefined, reply.error.details)
          return reply.answer as never
        }
      return {
        name: 'remote memory',
        capabilities,
        signIn: {
          create: verb('signIn.create'),
          resume: verb('signIn.resume'),
          reload: verb('signIn.reload'),
          prepareFirstFactor: verb('signIn.prepareFirstFactor'),
          attemptFirstFactor: verb('signIn.attemptFirstFactor'),
          prepareSecondFactor: verb('signIn.prepareSecondFactor'),
          attemptSecondFactor: verb('signIn.attemptSecondFactor'),
          finish: verb('signIn.finish'),
          cancel: verb('signIn.cancel'),
        },
        session: { get: verb('session.get'), signOut: verb('session.signOut'), subscribe: () => () => {} },
      }
    },
  }
}
