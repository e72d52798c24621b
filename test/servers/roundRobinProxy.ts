import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface RoundRobinProxy {
  readonly port: number
  /** The target ports in the order in which they were given a connection. */
  readonly log: readonly number[]
  close(): Promise<void>
}

/** One port before several: each connection goes to the next target in turn, and past those that nobody listens on. */
export async function createRoundRobinProxy(targets: () => readonly number[]): Promise<RoundRobinProxy> {
  const log: number[] = []
  const open = new Set<Socket>()
  let turn = 0

  const server = createServer({ noDelay: true, pauseOnConnect: true }, (client) => {
    open.add(client)
    client.on('error', () => client.destroy()).on('close', () => open.delete(client))
    const ports = targets()
    const start = turn++

    function attempt(tried: number): void {
      const port = ports[(start + tried) % ports.length]
      if (port === undefined || tried >= ports.length) return void client.destroy()
      const upstream = connect({ port, host: '127.0.0.1', noDelay: true })
      open.add(upstream)
      let connected = false
      upstream.on('connect', () => {
        connected = true
        log.push(port)
        client.pipe(upstream)
        upstream.pipe(client)
        client.resume()
      })
      upstream.on('error', () => upstream.destroy())
      upstream.on('close', () => {
        open.delete(upstream)
        if (connected) client.destroy()
        else attempt(tried + 1)
      })
      client.on('close', () => upstream.destroy())
    }
    attempt(0)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    log,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}
