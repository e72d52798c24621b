import { createPublicKey } from 'node:crypto'
import { WorkOS } from '@workos-inc/node'
import { createMemoryBackend } from '../../src/adapters/memory/index.js'
import { workosAdapter } from '../../src/adapters/workos/index.js'
import { isSolana } from '../../src/core/walletAddress.js'
import type { Person, PersonWants } from '../../src/testing/index.js'
import { person as clerkPerson } from '../adapters/clerk/harness.js'
import { byEmail, byPhone, supabaseHarness } from '../adapters/supabase/harness.js'
import { everyWay } from '../support/everyWay.js'
import { memoryPeople } from '../support/memoryPeople.js'
import { startAuthServer } from './authServer.js'
import { openClerkFrontDoor } from './clerkFrontDoor.js'
import { startClerkStandIn } from './clerkStandIn.js'
import { openCrossOriginDoor } from './crossOriginDoor.js'
import { anonKey, serviceKey, startGotrueStandIn } from './gotrueStandIn.js'
import { memoryServerAdapter } from './memoryServerAdapter.js'
import { startWorkOSStandIn } from './workosStandIn.js'

/** A key on the device of a browser, as a backend has it. `handle`: whom it says that it is of. */
export interface DeviceKey {
  readonly id: string
  /** In COSE, as base64url. */
  readonly publicKey: string
  readonly handle: string
  readonly kind: 'passkey' | 'security_key'
}

/** A backend for pages of `origin` in a real browser: a stand-in of the vendor's server, or our own handler, with people in it. */
export interface VendorStage {
  /** What the page's own client is made with. */
  readonly url: string
  readonly key?: string
  person(wants: PersonWants, key?: DeviceKey): Promise<Partial<Person>>
  close(): Promise<void>
}

async function supabase(options: typeof byEmail | typeof byPhone, origin: string): Promise<VendorStage> {
  const server = await startGotrueStandIn()
  const place = { url: server.url, anonKey, serviceKey, now: server.now }
  const { person, close } = await supabaseHarness(place, server, 'supabase', options).open()
  server.settings.origins.push(origin)
  return {
    url: server.url,
    key: anonKey,
    async person(wants, key) {
      const made = await person(wants)
      // Its number was proved just now, and the next message has to wait.
      if (wants.phoneCode) server.advance(61_000)
      if (!key) return made
      const user = server.users.find(({ email }) => email === made.identifier)
      if (key.kind === 'passkey' && user) {
        const publicKey = new Uint8Array(Buffer.from(key.publicKey, 'base64url'))
        user.handle = key.handle
        user.passkeys.push({ id: key.id, credentialId: key.id, publicKey, counter: 0, name: 'Passkey', createdAt: 0 })
      }
      // Of a security key no signature is checked here, only whose key it is and which challenge was signed.
      else for (const factor of user?.factors ?? []) if (factor.type === 'webauthn') factor.credentialId = key.id
      return made
    },
    async close() {
      await close()
      await server.close()
    },
  }
}

async function clerk(origin: string): Promise<VendorStage> {
  const server = await startClerkStandIn()
  server.settings.site = origin
  const door = await openClerkFrontDoor(server.url)
  return {
    url: door.url,
    async person(wants, key) {
      // Their authenticator is in the page.
      const made = clerkPerson(server, { clerk: {} as never }, wants)
      const passkey = server.users.find(({ email }) => email === made.identifier)?.passkeys[0]
      if (key && passkey) Object.assign(passkey, { credentialId: key.id, publicKey: publicKeyOf(key) })
      return made
    },
    async close() {
      await door.close()
      await server.close()
      if (server.violations.length > 0) throw new Error(`Undocumented: ${server.violations.join('; ')}`)
    },
  }
}

/** RFC 9053 §7.1.1, in the one order in which it is written here. */
function publicKeyOf({ publicKey }: DeviceKey) {
  const bytes = Buffer.from(publicKey, 'base64url')
  const [x, y] = [bytes.subarray(10, 42), bytes.subarray(45, 77)].map((part) => part.toString('base64url'))
  return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' }, format: 'jwk' })
}

async function http(origin: string): Promise<VendorStage> {
  const backend = createMemoryBackend({ ...everyWay, webAuthn: { ...everyWay.webAuthn, origin } })
  const server = await startAuthServer({ adapter: memoryServerAdapter(backend), now: backend.clock.now, origins: [origin] })
  const door = await openCrossOriginDoor(server.origin)
  const people = memoryPeople(backend)
  return {
    url: `${door.url}/api/auth`,
    async person(wants, key) {
      if (!key) return people.person(wants)
      const { id, handle, kind, publicKey } = key
      const person = { identifier: `${handle}@example.com`, password: 'correct horse battery' }
      const passkey = { id, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')) }
      const passkeys = [{ ...passkey, ...(kind === 'security_key' && { strategy: kind }) }]
      backend.users.add({ id: handle, email: person.identifier, password: person.password, passkeys })
      return person
    },
    async close() {
      await door.close()
      await server.close()
    },
  }
}

async function workos(origin: string): Promise<VendorStage> {
  const standIn = await startWorkOSStandIn()
  standIn.addOrganization({ domain: 'example.com' })
  const sdk = new WorkOS(standIn.apiKey, { ...standIn.options })
  const of = new Map<string, readonly string[]>()
  const factors = {
    list: async (userId: string) => of.get(userId) ?? [],
    add: async (userId: string, id: string) => void of.set(userId, [...(of.get(userId) ?? []), id]),
    remove: async (userId: string, id: string) =>
      void of.set(
        userId,
        (of.get(userId) ?? []).filter((one) => one !== id),
      ),
  }
  const adapter = workosAdapter(sdk, { firstFactors: ['password', 'email_code', 'oauth_google', 'enterprise_sso'], factors })
  const server = await startAuthServer({ adapter, now: standIn.now, origins: [origin] })
  const door = await openCrossOriginDoor(server.origin)
  let people = 0
  return {
    url: `${door.url}/api/auth`,
    async person({ phoneCode }) {
      const [identifier, password] = [`person${++people}@example.com`, 'correct horse battery']
      const { id } = standIn.addUser({ email: identifier, password })
      const phone = `+155555510${people}`
      if (phoneCode) of.set(id, [standIn.addPlain(phone).id])
      const codeOf = (strategy: string) =>
        strategy === 'email_code'
          ? standIn.magic.findLast(({ email }) => email === identifier)?.code
          : standIn.texts.findLast(({ to }) => to === phone)?.code
      return {
        identifier,
        password,
        delivered: async (strategy) => codeOf(strategy) ?? '',
        visit: (redirectUrl) => standIn.visit(redirectUrl, identifier),
      }
    },
    async close() {
      await door.close()
      await server.close()
      await standIn.close()
      if (standIn.refusals.length > 0) throw new Error(`Undocumented: ${standIn.refusals.join('; ')}`)
    },
  }
}

const makers = {
  supabase: (origin: string) => supabase(byEmail, origin),
  'supabase by phone': (origin: string) => supabase(byPhone, origin),
  clerk,
  http,
  workos,
} satisfies Record<string, (origin: string) => Promise<VendorStage>>

export type VendorName = keyof typeof makers

const open = new Map<VendorName, VendorStage>()
const people = new Map<string, Partial<Person>>()

export interface Door {
  readonly url: string
  /** For clients that want one. */
  readonly key: string
}

export async function openVendor(name: VendorName, origin: string): Promise<Door> {
  const stage = await makers[name](origin)
  open.set(name, stage)
  return { url: stage.url, key: stage.key ?? '' }
}

export interface KnownPerson {
  readonly identifier: string
  readonly password: string
  readonly backupCodes: readonly string[]
  readonly wallet: string
}

export async function personAt(name: VendorName, wants: PersonWants, key?: DeviceKey): Promise<KnownPerson> {
  const person = await open.get(name)?.person(wants, key)
  const { identifier = '', password = '', backupCodes = [] } = person ?? {}
  const wallet = wants.first?.some(isSolana) ? person?.solanaWallet : person?.wallet
  people.set(identifier, { ...person, ...(wallet && { wallet: { chainId: 1, ...wallet } }) })
  return { identifier, password, backupCodes, wallet: wallet?.address ?? '' }
}

/** What somebody has in their mailbox or app, where a provider leads them back to, or what their wallet signs. */
export async function askPerson(identifier: string, what: 'delivered' | 'totp' | 'visit' | 'sign', about = ''): Promise<string> {
  const { delivered, totp, visit, wallet } = people.get(identifier) ?? {}
  const answers = {
    delivered: () => delivered?.(about as 'email_code'),
    totp: () => totp?.(),
    visit: () => visit?.(about),
    sign: () => wallet?.sign(about),
  }
  return (await answers[what]()) ?? ''
}

export async function closeVendor(name: VendorName): Promise<void> {
  await open.get(name)?.close()
  open.delete(name)
}
