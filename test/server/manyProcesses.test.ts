// @vitest-environment node
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { httpAdapter } from '../../src/adapters/http/index.js'
import type { MemoryBackend } from '../../src/adapters/memory/index.js'
import type { AuthAdapter } from '../../src/core/adapter.js'
import { house, lastCode, optionId, plain, refused, totp, totpNow, withPassword } from '../adapters/memory/house.js'
import { cookieFetch } from '../servers/cookieFetch.js'
import { serveBackend, type RemoteBackend } from '../servers/remoteBackend.js'
import { createRoundRobinProxy, type RoundRobinProxy } from '../servers/roundRobinProxy.js'
import { root } from '../support/sources.js'

interface Copy {
  readonly port: number
  readonly process: ChildProcess
}

let folder: string
let backend: MemoryBackend
let remote: RemoteBackend
let proxy: RoundRobinProxy
let copies: Copy[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-'))
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: 'test/servers/handlerProcess.ts',
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'handler.mjs' } },
    },
  })
}, 60_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

beforeEach(async () => {
  backend = house({ manualTime: Date.now() })
  remote = await serveBackend(backend)
  copies = []
  proxy = await createRoundRobinProxy(() => copies.map(({ port }) => port))
  copies.push(await startCopy(), await startCopy())
}, 30_000)

afterEach(async () => {
  for (const copy of copies) copy.process.kill('SIGKILL')
  await proxy.close()
  await remote.close()
})

const origin = () => `http://127.0.0.1:${proxy.port}`

async function startCopy(): Promise<Copy> {
  const { capabilities } = backend.adapter
  const given = { backendPort: remote.port, capabilities, origin: origin() }
  const child = fork(join(folder, 'handler.mjs'), {
    env: { ...process.env, HANDLER: JSON.stringify(given) },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve(Number(message)))
    child.once('exit', (code) => reject(new Error(`A copy of the handler ended with ${code}.`)))
  })
  return { port, process: child }
}

async function kill(copy: Copy): Promise<void> {
  const gone = new Promise((resolve) => copy.process.once('exit', resolve))
  copy.process.kill('SIGKILL')
  await gone
}

const browser = async (): Promise<AuthAdapter> => httpAdapter({ url: `${origin()}/api/auth`, fetch: cookieFetch(origin()).fetch })
const served = (copy: Copy | undefined) => proxy.log.filter((port) => port === copy?.port).length

describe('two copies of the handler behind one port', () => {
  it('serve one flow in turns', async () => {
    const adapter = await browser()
    const attempt = await withPassword(adapter, totp)
    await adapter.signIn.attemptSecondFactor(attempt, { factorId: optionId(attempt, 'totp'), code: totpNow(backend) })
    expect(await adapter.signIn.finish(attempt)).toMatchObject({ user: { id: totp.id }, currentLevel: 'aal2' })
    expect(await adapter.session.get()).toMatchObject({ user: { id: totp.id } })
    await adapter.session.signOut()
    expect(await adapter.session.get()).toBeNull()
    const [one, two] = copies
    expect(proxy.log.length).toBe(7)
    expect([served(one), served(two)]).toEqual([4, 3])
  })

  it('of which one is killed in the middle: the flow goes on', async () => {
    const adapter = await browser()
    const attempt = await adapter.signIn.create({ identifier: plain.email })
    await adapter.signIn.prepareFirstFactor(attempt, { factorId: 'email_code:1' })
    const [one, two] = copies
    expect([served(one), served(two)]).toEqual([2, 1])
    await kill(one ?? expect.unreachable())
    await adapter.signIn.attemptFirstFactor(attempt, { factorId: 'email_code:1', code: lastCode(backend) })
    expect(await adapter.signIn.finish(attempt)).toMatchObject({ user: { id: plain.id } })
    expect([served(one), served(two)]).toEqual([2, 3])
  })

  it('of which one is killed while it serves: the outcome is unknown, found by the other, and nothing was sent twice', async () => {
    const adapter = await browser()
    const attempt = await withPassword(adapter, totp)
    const held = remote.hold('signIn.attemptSecondFactor')
    const proof = { factorId: optionId(attempt, 'totp'), code: totpNow(backend) }
    const asked = refused(adapter.signIn.attemptSecondFactor(attempt, proof), 'network', { outcome: 'unknown' })
    await held.carriedOut
    const busy = copies.find(({ port }) => port === proxy.log.at(-1))
    await kill(busy ?? expect.unreachable())
    await asked
    held.release()
    expect(await adapter.signIn.reload(attempt)).toMatchObject({ status: 'complete' })
    expect(await adapter.signIn.finish(attempt)).toMatchObject({ currentLevel: 'aal2' })
    expect(backend.calls.filter(({ verb }) => verb === 'signIn.attemptSecondFactor')).toHaveLength(1)
  })

  it('both replaced by new ones: an attempt and a session outlive them', async () => {
    const adapter = await browser()
    const attempt = await withPassword(adapter, totp)
    for (const copy of copies.splice(0)) await kill(copy)
    copies.push(await startCopy(), await startCopy())
    await adapter.signIn.attemptSecondFactor(attempt, { factorId: optionId(attempt, 'totp'), code: totpNow(backend) })
    await adapter.signIn.finish(attempt)
    for (const copy of copies.splice(0)) await kill(copy)
    copies.push(await startCopy())
    expect(await adapter.session.get()).toMatchObject({ user: { id: totp.id }, currentLevel: 'aal2' })
  })
})
