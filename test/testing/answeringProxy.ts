import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { createRequestReader } from '../servers/requestReader.js'

export interface Reply {
  readonly status: number
  readonly body: object
  readonly headers?: Readonly<Record<string, string>>
}

export interface AnsweringProxy {
  readonly port: number
  /** The next request whose path is so is answered with this, and never arrives at the server. */
  answerNext(path: RegExp, reply: Reply): void
  close(): Promise<void>
}

/** A TCP proxy before an HTTP server on loopback, which answers in its place where it is told to. */
export async function createAnsweringProxy(targetPort: number): Promise<AnsweringProxy> {
  const planned: { readonly path: RegExp; readonly reply: Reply }[] = []
  const open = new Set<Socket>()

  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: targetPort, host: 'localhost', noDelay: true })
    for (const socket of [client, upstream]) {
      const end = () => {
        open.delete(socket)
        client.destroy()
        upstream.destroy()
      }
      open.add(socket)
      socket.on('error', end).on('close', end)
    }
    /** Of the request that is being read: its bytes go nowhere. */
    let mine = false
    const read = createRequestReader(({ path }) => {
      const plan = planned.find((one) => one.path.test(path))
      mine = plan !== undefined
      if (!plan) return
      planned.splice(planned.indexOf(plan), 1)
      client.write(inBytes(plan.reply))
    })
    client.on('data', (chunk) => {
      read(chunk)
      if (!mine) upstream.write(chunk)
    })
    upstream.pipe(client)
  })

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    port: (server.address() as AddressInfo).port,
    answerNext: (path, reply) => void planned.push({ path, reply }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

function inBytes({ status, body, headers = {} }: Reply): string {
  const text = JSON.stringify(body)
  const all = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers }
  return [`HTTP/1.1 ${status} -`, ...Object.entries(all).map(([name, value]) => `${name}: ${value}`), '', text].join('\r\n')
}
