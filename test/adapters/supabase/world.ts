import { randomUUID } from 'node:crypto'
import { AuthClient, GoTrueAdminApi, type GoTrueClientOptions } from '@supabase/auth-js'
import { TOTP } from 'otpauth'
import { supabaseAdapter, type SupabaseAdapterOptions } from '../../../src/adapters/supabase/index.js'
import type { AuthError } from '../../../src/core/AuthError.js'
import type { Json } from '../../../src/core/json.js'
import { anonKey, serviceKey, startGotrueStandIn, type GotrueStandIn } from '../../servers/gotrueStandIn.js'
import type { Message, UserRecord } from '../../servers/gotrueStandInState.js'
import { createLossyProxy, type LossyProxy } from '../../servers/lossyProxy.js'
import { softAuthenticator } from '../../support/softAuthenticator.js'

/** Where a Supabase Auth server is, and with which keys it is spoken to. */
export interface Place {
  readonly url: string
  readonly anonKey: string
  readonly serviceKey: string
  /** Milliseconds. */
  now(): number
}

const { SUPABASE_AUTH_URL, SUPABASE_ANON_KEY, SUPABASE_SERVICE_KEY } = process.env

/**
 * A real server, where the environment names one. Its users are made with the service key. `SUPABASE_AUTH_URL=stand-in` puts the stand-in in its
 * place, with a real server's limits and nothing known of it but its keys: so the run against a real one can be tried without.
 */
export async function realPlace(): Promise<Place | undefined> {
  const now = () => Date.now()
  if (SUPABASE_AUTH_URL === 'stand-in') {
    const { url, settings } = await startGotrueStandIn()
    settings.limits = true
    return { url, anonKey, serviceKey, now }
  }
  return SUPABASE_AUTH_URL && SUPABASE_ANON_KEY && SUPABASE_SERVICE_KEY
    ? { url: SUPABASE_AUTH_URL, anonKey: SUPABASE_ANON_KEY, serviceKey: SUPABASE_SERVICE_KEY, now }
    : undefined
}

export const password = 'correct horse battery'

/** What a browser keeps. */
export function createStorage() {
  const items = new Map<string, string>()
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  }
}

export type Storage = ReturnType<typeof createStorage>

/** A page in a browser: a real auth-js client, and the adapter on it. The same `storage` again is the same browser after a reload. */
export function openPage(
  place: Place,
  options: SupabaseAdapterOptions & { storage?: Storage; client?: Partial<GoTrueClientOptions>; port?: number } = {},
) {
  const { storage = createStorage(), client, port, ...adapterOptions } = options
  const auth = new AuthClient({
    url: port ? `http://127.0.0.1:${port}` : place.url,
    headers: { apikey: place.anonKey },
    storage,
    storageKey: 'sb',
    autoRefreshToken: false,
    detectSessionInUrl: false,
    experimental: { passkey: true },
    ...client,
  })
  const adapter = supabaseAdapter(auth, adapterOptions)
  return {
    auth,
    storage,
    adapter,
    mfa: adapter.mfa!,
    stepUp: adapter.stepUp!,
    ...adapter.signIn,
    signIn: adapter.signIn,
    session: adapter.session,
  }
}

export const adminOf = ({ url, serviceKey: key }: Place) =>
  new GoTrueAdminApi({ url, headers: { apikey: key, Authorization: `Bearer ${key}` } })

let count = 0

/**
 * A new person, made by the administrator; with `totp` they have enrolled an authenticator app as anybody would. `note`: is told the id at once,
 * whatever fails later.
 */
export async function addPerson(
  place: Place,
  { totp: hasTotp = false, phone = false, email = true } = {},
  note: (id: string) => void = () => {},
) {
  const unique = `${Date.now().toString(36)}${++count}`
  const contact = {
    ...(email && { email: `ada-${unique}@example.com`, email_confirm: true }),
    ...(phone && { phone: `4915${String(Date.now() + count).slice(-8)}`, phone_confirm: true }),
  }
  const { data, error } = await adminOf(place).createUser({ ...contact, password })
  if (error) throw error
  note(data.user.id)
  const person = {
    id: data.user.id,
    email: contact.email ?? '',
    phone: contact.phone ? `+${contact.phone}` : '',
    secret: '',
    factorId: '',
  }
  if (!hasTotp) return person
  const { auth } = openPage(place)
  const signedIn = await auth.signInWithPassword(
    person.email ? { email: person.email, password } : { phone: person.phone, password },
  )
  if (signedIn.error) throw signedIn.error
  const enrolled = await auth.mfa.enroll({ factorType: 'totp', friendlyName: 'My phone' })
  if (enrolled.error) throw enrolled.error
  const { id, totp: key } = enrolled.data
  const proved = await auth.mfa.challengeAndVerify({ factorId: id, code: codeOf(place, key.secret) })
  if (proved.error) throw proved.error
  return { ...person, secret: key.secret, factorId: id }
}

export type Person = Awaited<ReturnType<typeof addPerson>>

/** What an authenticator app shows by the server's clock. `steps`: that many periods later. */
export function codeOf(place: Place, secret: string, steps = 0): string {
  return new TOTP({ secret }).generate({ timestamp: place.now() + steps * 30_000 })
}

/** A code that is not the one. */
export const wrongCode = (right: string) => (right === '000000' ? '000001' : '000000')

function unreachable(why: string): never {
  throw new Error(why)
}

export const refused = (promise: Promise<unknown>) =>
  promise.then(
    () => unreachable('It should have been refused.'),
    (error: AuthError) => error,
  )

/** One that lets tests wait for what comes without an act. */
export async function until(holds: () => boolean) {
  for (let tries = 0; !holds() && tries < 200; tries++) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** A security key's credential as a browser makes it, without the signature that the stand-in does not check. */
export function credentialFor(publicKey: unknown, id: string, type: 'create' | 'get') {
  const { challenge } = publicKey as { challenge: string }
  const clientDataJSON = Buffer.from(
    JSON.stringify({ type: `webauthn.${type}`, challenge, origin: 'http://localhost' }),
  ).toString('base64url')
  return { id, rawId: id, type: 'public-key', response: { clientDataJSON }, clientExtensionResults: {} }
}

/** A person's authenticators, with real signatures: a new one for each key that is made, and the newest of its kind answers. */
export function createKeychain() {
  const create = () => softAuthenticator({ origin: 'http://localhost' })
  const newest = { passkey: create(), key: create() }
  return {
    /** A passkey from before, as the server has it. */
    async seed(user: UserRecord): Promise<void> {
      const { id, publicKey } = await newest.passkey.seed({ id: user.handle }, 'localhost')
      const bytes = new Uint8Array(publicKey)
      user.passkeys.push({ id: randomUUID(), credentialId: id, publicKey: bytes, counter: 0, name: 'Passkey', createdAt: 0 })
    },
    /** WebAuthn options tell by themselves whether a key is made, and which kind answers. */
    credential(publicKey: Json): Promise<Json> {
      const { user, authenticatorSelection, allowCredentials } = publicKey as Record<string, { residentKey?: string } | undefined>
      const isPasskey = user ? authenticatorSelection?.residentKey === 'required' : !allowCredentials
      const kind = isPasskey ? 'passkey' : 'key'
      if (user) newest[kind] = create()
      return newest[kind].answer(publicKey)
    },
  }
}

export interface StandInPlace extends Place {
  readonly server: GotrueStandIn
  readonly proxy: LossyProxy
  /** The newest message to an address. */
  mail(to: string): Message
  close(): Promise<void>
}

export async function startStandInPlace(): Promise<StandInPlace> {
  const server = await startGotrueStandIn()
  const proxy = await createLossyProxy({ targetPort: server.port })
  return {
    server,
    proxy,
    url: server.url,
    anonKey,
    serviceKey,
    now: server.now,
    mail(to) {
      const message = server.outbox.findLast((one) => one.to === to.replace(/^\+/, ''))
      return message ?? unreachable(`Nothing was sent to ${to}.`)
    },
    async close() {
      await proxy.close()
      await server.close()
    },
  }
}
