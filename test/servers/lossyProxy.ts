import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { createRequestReader, type RequestHead } from './requestReader.js'

/** `before-headers`: the reply is lost whole. `after-headers`: status and headers (a cookie, say) arrive, the body never does. */
export type Cut = 'before-headers' | 'after-headers'

export interface Passed extends RequestHead {
  /** Not the first request of its connection. A browser sends such a request again by itself when the connection dies. */
  readonly reused: boolean
  readonly fate: 'passed' | 'held' | Cut
}

export interface LossyProxy {
  readonly port: number
  /** Every request that went through, oldest first. */
  readonly log: readonly Passed[]
  /** The next `times` replies to paths that begin so, or are of that form, are lost after the server gave them. */
  cut(path: string | RegExp, when: Cut, times?: number): void
  /** The next reply to a path that begins so waits until the answer is called. */
  hold(pathPrefix: string): () => void
  /** From now on nothing more is lost. */
  heal(): void
  /** While unplugged, connections are cut as soon as they are made, and those that stand are cut at once. Resolves when clients have noticed. */
  unplug(on: boolean): Promise<void>
  close(): Promise<void>
}

interface Rule {
  readonly path: string | RegExp
  readonly fate: Cut | 'held'
  readonly released: Promise<void>
  left: number
}

/**
 * A TCP proxy before an HTTP server on loopback that can lose replies. A reply has to be lost on the wire: a browser's driver that answers
 * in the server's place keeps cookies that in life are lost with it. The server has always done its work when its reply is cut.
 */
export async function createLossyProxy({ targetPort }: { targetPort: number }): Promise<LossyProxy> {
  const log: Passed[] = []
  const rules: Rule[] = []
  const open = new Set<Socket>()
  let unplugged = false

  const ruleFor = (path: string) => {
    const fits = (wanted: string | RegExp) => (typeof wanted === 'string' ? path.startsWith(wanted) : wanted.test(path))
    const rule = rules.find((one) => one.left > 0 && fits(one.path))
    if (rule) rule.left -= 1
    return rule
  }

  const server = createServer({ noDelay: true }, (client) => {
    if (unplugged) return client.destroy()
    const upstream = connect({ port: targetPort, host: 'localhost', noDelay: true })
    let requests = 0
    let rule: Rule | undefined

    const end = () => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', end).on('close', () => {
        open.delete(socket)
        end()
      })
    }

    const read = createRequestReader((head) => {
      requests += 1
      rule = ruleFor(head.path)
      log.push({ ...head, reused: requests > 1, fate: rule?.fate ?? 'passed' })
    })
    client.on('data', (chunk) => {
      read(chunk)
      upstream.write(chunk)
    })

    let head = ''
    upstream.on('data', (chunk) => {
      if (!rule) return client.write(chunk)
      if (rule.fate === 'before-headers') return end()
      if (rule.fate === 'held') {
        upstream.pause()
        void rule.released.then(() => {
          rule = undefined
          client.write(chunk)
          upstream.resume()
        })
        return
      }
      head += chunk.toString('latin1')
      const at = head.indexOf('\r\n\r\n')
      if (at < 0) return
      upstream.pause()
      client.write(head.slice(0, at + 4), 'latin1', end)
    })
  })

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    port: (server.address() as AddressInfo).port,
    log,
    cut: (path, fate, times = 1) => void rules.push({ path, fate, left: times, released: Promise.resolve() }),
    hold(pathPrefix) {
      let release = () => {}
      const released = new Promise<void>((resolve) => (release = resolve))
      rules.push({ path: pathPrefix, fate: 'held', left: 1, released })
      return release
    },
    heal: () => void (rules.length = 0),
    unplug(on) {
      unplugged = on
      if (on) for (const socket of open) socket.destroy()
      // A client that has not yet heard of it would send its next request into a dead connection.
      return new Promise((resolve) => setTimeout(resolve, 20))
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}
