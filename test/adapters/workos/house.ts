import { WorkOS } from '@workos-inc/node'
import { workosAdapter, type FactorStore, type WorkOSAdapterOptions } from '../../../src/adapters/workos/index.js'
import type { AuthAdapter } from '../../../src/core/adapter.js'
import type { AuthError } from '../../../src/core/AuthError.js'
import type { Json } from '../../../src/core/json.js'
import type { RequestContext, Sealed, ServerAdapter } from '../../../src/core/serverAdapter.js'
import { startWorkOSStandIn, type WorkOSStandIn } from '../../servers/workosStandIn.js'

export interface Browser {
  readonly adapter: AuthAdapter
  /** What the browser keeps, as text. */
  readonly cells: { attempt: string | null; session: string | null }
}

/** A stand-in for what `latchkey/server` gives an adapter: two cells that seal nothing. Every call of a verb is a request with an adapter of its own. */
export function standInBrowser(make: ServerAdapter, now: () => number = Date.now, headers: Record<string, string> = {}): Browser {
  const cells: Browser['cells'] = { attempt: null, session: null }
  const ends = { attempt: Infinity, session: Infinity }
  const cell = (name: keyof Browser['cells']): Sealed => ({
    read: () => (cells[name] === null || ends[name] <= now() ? null : (JSON.parse(cells[name]) as Json)),
    write(value, ttlMs = Infinity) {
      const latest = name === 'session' || cells[name] === null || ends[name] <= now() ? Infinity : ends[name]
      cells[name] = value === null ? null : JSON.stringify(value)
      ends[name] = Math.min(latest, now() + ttlMs)
    },
  })
  const request: RequestContext = {
    header: (name) => headers[name.toLowerCase()] ?? null,
    ip: '203.0.113.7',
    attempt: cell('attempt'),
    session: cell('session'),
  }
  return { adapter: perRequest(() => make(request)), cells }
}

function perRequest(make: () => AuthAdapter): AuthAdapter {
  const sample = make()
  const part = <Key extends 'signIn' | 'session' | 'stepUp' | 'mfa'>(key: Key): AuthAdapter[Key] =>
    new Proxy(sample[key] as object, {
      get: (shape, name) => {
        if (typeof Reflect.get(shape, name) !== 'function') return Reflect.get(shape, name) as unknown
        return (...args: unknown[]) => {
          const verbs = make()[key] as unknown as Record<PropertyKey, (...given: unknown[]) => unknown>
          return verbs[name]?.(...args)
        }
      },
    }) as AuthAdapter[Key]
  return { ...sample, signIn: part('signIn'), session: part('session'), stepUp: part('stepUp'), mfa: part('mfa') }
}

/** A store of plain factors in memory; `fail` makes the next call reject. */
export function memoryFactors(): FactorStore & { readonly of: Map<string, Set<string>>; fail: boolean } {
  const of = new Map<string, Set<string>>()
  const mine = (userId: string) => of.get(userId) ?? of.set(userId, new Set()).get(userId)!
  const store = {
    of,
    fail: false,
    async list(userId: string) {
      breakIf()
      return [...mine(userId)]
    },
    async add(userId: string, factorId: string) {
      breakIf()
      mine(userId).add(factorId)
    },
    async remove(userId: string, factorId: string) {
      breakIf()
      mine(userId).delete(factorId)
    },
  }
  function breakIf() {
    if (!store.fail) return
    store.fail = false
    throw new Error('database down')
  }
  return store
}

export interface House {
  readonly workos: WorkOSStandIn
  readonly sdk: WorkOS
  /** Codes of Magic Auth that were sent, newest last. */
  readonly mail: { email: string; code: string; expiresInMs?: number }[]
  browser(options?: WorkOSAdapterOptions): Browser
  person(wants?: { totp?: boolean }): { id: string; email: string; password: string; secret: string; factorId: string }
}

export async function openHouse(): Promise<House> {
  const workos = await startWorkOSStandIn()
  const sdk = new WorkOS(workos.apiKey, { ...workos.options })
  const mail: House['mail'] = []
  let count = 0
  return {
    workos,
    sdk,
    mail,
    browser: (options) =>
      standInBrowser(
        workosAdapter(sdk, { firstFactors: ['password', 'email_code'], deliver: (message) => mail.push(message), ...options }),
        workos.now,
        { 'user-agent': 'Test/1' },
      ),
    person({ totp = false } = {}) {
      const email = `person${++count}@example.com`
      const password = `pw-sentinel-${count}`
      const { id } = workos.addUser({ email, password })
      const app = totp ? workos.addTotp(id) : { id: '', secret: '' }
      return { id, email, password, secret: app.secret, factorId: app.id }
    },
  }
}

export const refused = (promise: Promise<unknown>): Promise<AuthError> =>
  promise.then(
    () => {
      throw new Error('It did not reject.')
    },
    (error: AuthError) => error,
  )

export const credentials = ({ email, password }: { email: string; password: string }) => ({ identifier: email, password })
