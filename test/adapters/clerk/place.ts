import type { ClerkAPIErrorJSON } from '@clerk/shared/types'
import { realClock, type ServerClock } from '../../support/authenticators.js'

/** Where a Clerk instance is, and with which keys it is spoken to. */
export interface Place extends ServerClock {
  /** The publishable key. */
  readonly key: string
  /** The address of the Frontend API, without `/v1`. */
  readonly frontend: string
  readonly backend: string
  /** Without it nobody can be made. */
  readonly secretKey?: string | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

/** By the environment: `CLERK_PUBLISHABLE_KEY`, `CLERK_SECRET_KEY`, and `CLERK_FRONTEND_API_URL` and `CLERK_BACKEND_API_URL` for other addresses than Clerk's. */
export function placeOf(env: Environment): Place | undefined {
  const { CLERK_PUBLISHABLE_KEY: key, CLERK_SECRET_KEY: secretKey, CLERK_FRONTEND_API_URL, CLERK_BACKEND_API_URL } = env
  if (!key) return undefined
  const host = atob(key.split('_')[2] ?? '').replace(/\$.*$/, '')
  return {
    key,
    frontend: CLERK_FRONTEND_API_URL ?? `https://${host}`,
    backend: CLERK_BACKEND_API_URL ?? 'https://api.clerk.com',
    secretKey,
    ...realClock,
  }
}

/** A real instance, where the environment names one. */
export const realPlace = placeOf(process.env)

/** The newest version of the Backend API whose published specification was read for this. */
const version = '2026-05-12'
/** A test's wait for the Backend API's limit, 100 requests in 10 seconds for development instances. */
const mostWaits = 3

export interface Admin {
  /** `POST /users`. Its addresses count as verified. Answers with the id. */
  createUser(params: {
    email_address: readonly string[]
    phone_number?: readonly string[]
    password: string
    skip_password_checks: true
    totp_secret?: string
    backup_codes?: readonly string[]
    bypass_client_trust: true
  }): Promise<string>
  /** `POST /phone_numbers`. */
  addPhone(params: { user_id: string; phone_number: string; verified: true; reserved_for_second_factor: true }): Promise<void>
  deleteUser(id: string): Promise<void>
  /** `POST /testing_tokens`. It holds for about an hour. */
  testingToken(): Promise<string>
}

export class Refused extends Error {
  constructor(
    line: string,
    readonly status: number,
    readonly errors: readonly ClerkAPIErrorJSON[],
  ) {
    const words = errors.map(({ code, long_message: words, meta }) => `${code} (${meta?.param_name ?? '-'}): ${words ?? ''}`)
    super(`${line} was refused with ${status}: ${words.join('; ')}`)
  }
}

/** Clerk's Backend API, as far as tests need it. Rejects with `Refused`. */
export function adminOf({ backend, secretKey, wait }: Place): Admin {
  async function ask(method: string, path: string, body?: object, waits = 0): Promise<{ id?: string; token?: string }> {
    const answer = await fetch(`${backend}/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${secretKey}`,
        'clerk-api-version': version,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (answer.status === 429 && waits < mostWaits) {
      await wait(Number(answer.headers.get('retry-after') ?? 10) * 1000)
      return ask(method, path, body, waits + 1)
    }
    const said = (await answer.json()) as { id?: string; token?: string; errors?: ClerkAPIErrorJSON[] }
    if (!answer.ok) throw new Refused(`${method} ${path}`, answer.status, said.errors ?? [])
    return said
  }

  return {
    createUser: async (params) => (await ask('POST', '/users', params)).id ?? '',
    addPhone: async (params) => void (await ask('POST', '/phone_numbers', params)),
    deleteUser: async (id) => void (await ask('DELETE', `/users/${id}`)),
    testingToken: async () => (await ask('POST', '/testing_tokens')).token ?? '',
  }
}
