import { spawn, type ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import { test as base } from '@playwright/test'
import { watch, type Watch, type WatchOptions } from '../watch.js'

/** A free port on loopback. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

export interface HostedDemo {
  readonly origin: string
  readonly seen: Watch
}

interface Fixtures {
  /** Starts the demo as `npm start` does, with the backend named in the environment; the page is watched. */
  demoOn: (env: Readonly<Record<string, string>>, options?: WatchOptions) => Promise<HostedDemo>
}

export const test = base.extend<Fixtures>({
  demoOn: async ({ context }, use) => {
    const running: ChildProcess[] = []
    const watching: Watch[] = []
    const start = async (env: Readonly<Record<string, string>>): Promise<string | null> => {
      const port = await freePort()
      const origin = `http://localhost:${port}`
      const server = spawn(process.execPath, ['demo/dist/server/main.js'], {
        env: { ...process.env, ...env, PORT: String(port) },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      running.push(server)
      return new Promise((resolve) => {
        server.stdout.on('data', (text) => String(text).includes(origin) && resolve(origin))
        server.on('exit', () => resolve(null))
      })
    }
    await use(async (env, options) => {
      // Somebody else may have taken the port by the time that the demo asks for it.
      const origin = (await start(env)) ?? (await start(env))
      if (!origin) throw new Error('The demo does not start.')
      const seen = await watch(context, origin, options)
      watching.push(seen)
      return { origin, seen }
    })
    for (const seen of watching) await seen.check()
    for (const server of running) server.kill()
  },
})
