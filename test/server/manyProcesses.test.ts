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
import type { CopyOf } from '../servers/handlerProcess.js'
import { serveBackend, type RemoteBackend } from '../servers/remoteBackend.js'
import { createRoundRobinProxy, type RoundRobinProxy } from '../servers/roundRobinProxy.js'
import { startWorkOSStandIn, type WorkOSStandIn } from '../servers/workosStandIn.js'
import { root } from '../support/sources.js'

interface Copy {
  readonly port: number
  readonly process: ChildProcess
}

let folder: string
let backend: MemoryBackend
let remote: RemoteBackend
let workos: WorkOSStandIn
let proxy: RoundRobinProxy
let copies: Copy[]
let copyOf: CopyOf

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

async function open(of: CopyOf): Promise<void> {
  copyOf = of
  copies = []
  proxy = await createRoundRobinProxy(() => copies.map(({ port }) => port))
  copies.push(await startCopy(), await startCopy())
}

afterEach(async () => {
  for (const copy of copies) copy.process.kill('SIGKILL')
  await proxy.close()
})

const origin = () => `http://127.0.0.1:${proxy.port}`

async function startCopy(): Promise<Copy> {
  const child = fork(join(folder, 'handler.mjs'), {
    env: { ...process.env, HANDLER: JSON.stringify({ ...copyOf, origin: origin() }) },
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
  beforeEach(async () => {
    backend = house({ manualTime: Date.now() })
    remote = await serveBackend(backend)
    await open({ backendPort: remote.port, capabilities: backend.adapter.capabilities })
  }, 30_000)
  afterEach(() => remote.close())

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

describe('two copies whose cookies hold all that is pending', () => {
  const ada = { email: 'ada@example.com', password: 'correct horse battery' }
  let app: { id: string; secret: string }

  beforeEach(async () => {
    workos = await startWorkOSStandIn()
    app = workos.addTotp(workos.addUser(ada).id)
    await open({ apiKey: workos.apiKey, options: workos.options })
  }, 30_000)
  afterEach(async () => {
    await workos.close()
    expect(workos.refusals).toEqual([])
  })

  const proof = (code: string) => ({ factorId: `totp:${app.id}`, code })
  const begin = async (adapter: AuthAdapter) => {
    const attempt = await adapter.signIn.create({ identifier: ada.email, password: ada.password })
    expect(attempt.status).toBe('needs_second_factor')
    return attempt
  }

  it('serve one sign-in in turns, and go on with it when one is killed in the middle', async () => {
    const adapter = await browser()
    const attempt = await begin(adapter)
    await refused(adapter.signIn.attemptSecondFactor(attempt, proof('000000')), 'code_incorrect')
    const [one, two] = copies
    expect([served(one), served(two)]).toEqual([2, 1])
    await kill(one ?? expect.unreachable())
    expect(await adapter.signIn.resume({})).toMatchObject({ attempt: { id: attempt.id, status: 'needs_second_factor' } })
    const done = await adapter.signIn.attemptSecondFactor(attempt, proof(workos.totp(app.secret)))
    expect(await adapter.signIn.finish(done)).toMatchObject({ user: { label: ada.email }, currentLevel: 'aal2' })
    expect([served(one), served(two)]).toEqual([2, 4])
  })

  it('of which the one that passed the second factor is killed: the other finishes, and knows the session', async () => {
    const adapter = await browser()
    const attempt = await begin(adapter)
    const done = await adapter.signIn.attemptSecondFactor(attempt, proof(workos.totp(app.secret)))
    const passed = copies.find(({ port }) => port === proxy.log.at(-1))
    await kill(passed ?? expect.unreachable())
    await adapter.signIn.finish(done)
    for (const copy of copies.splice(0)) if (copy !== passed) await kill(copy)
    copies.push(await startCopy())
    expect(await adapter.session.get()).toMatchObject({ user: { label: ada.email }, currentLevel: 'aal2' })
  })

  it('SI-24 of which one sends the person to a provider and the other takes the answer, with nobody left who sent them', async () => {
    const adapter = await browser()
    const redirectUrl = `${origin()}/sign-in`
    const away = await adapter.signIn.create({ strategy: 'oauth_google', redirectUrl })
    if (away.status !== 'needs_redirect') throw new Error(`It is at ${away.status}.`)
    const url = await workos.visit(away.redirectUrl, ada.email)
    const sender = copies.find(({ port }) => port === proxy.log.at(-1)) ?? expect.unreachable()
    await kill(sender)
    copies.splice(copies.indexOf(sender), 1)
    const { attempt, cleanUrl } = await adapter.signIn.resume({ url })
    expect([attempt?.id, attempt?.status, cleanUrl]).toEqual([away.id, 'needs_second_factor', redirectUrl])
    const done = await adapter.signIn.attemptSecondFactor(attempt ?? expect.unreachable(), proof(workos.totp(app.secret)))
    expect(await adapter.signIn.finish(done)).toMatchObject({ user: { label: ada.email }, currentLevel: 'aal2' })
    await refused(adapter.signIn.resume({ url }), 'attempt_lost')
  })
})
