import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface CognitoLocal {
  readonly port: number
  readonly poolId: string
  readonly clientId: string
  /** Asks the server itself, past any proxy, and as its owner. */
  ask(target: string, body: object): Promise<unknown>
  close(): Promise<void>
}

/** The real `cognito-local`, in a process and a folder of its own, with a user pool. */
export async function startCognitoLocal(): Promise<CognitoLocal> {
  const folder = await mkdtemp(join(tmpdir(), 'cognito-local-'))
  const script = createRequire(import.meta.url).resolve('cognito-local/lib/bin/start.js')
  const child = spawn(process.execPath, [script], { cwd: folder, env: { ...process.env, PORT: '0', HOST: '127.0.0.1' } })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))

  const port = await new Promise<number>((resolve, reject) => {
    let said = ''
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      const found = /running on http:\/\/[^\s]*?:(\d+)/.exec(said)
      if (found) resolve(Number(found[1]))
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('exit', () => reject(new Error(`cognito-local did not start: ${said}`)))
  })

  async function ask(target: string, body: object): Promise<unknown> {
    const reply = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSCognitoIdentityProviderService.${target}` },
      body: JSON.stringify(body),
    })
    if (!reply.ok) throw new Error(`${target}: ${reply.status} ${await reply.text()}`)
    return reply.json()
  }

  const pool = (await ask('CreateUserPool', { PoolName: 'people', MfaConfiguration: 'OPTIONAL' })) as { UserPool: { Id: string } }
  const client = (await ask('CreateUserPoolClient', { UserPoolId: pool.UserPool.Id, ClientName: 'app' })) as {
    UserPoolClient: { ClientId: string }
  }

  return {
    port,
    poolId: pool.UserPool.Id,
    clientId: client.UserPoolClient.ClientId,
    ask,
    async close() {
      child.kill()
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}
