import { commands, page } from 'vitest/browser'
import { expect, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { SignIn } from '../../../../src/components/SignIn.js'
import type { AuthAdapter } from '../../../../src/core/adapter.js'
import { isSolana } from '../../../../src/core/walletAddress.js'
import type { FirstStrategy, IdentifierType, SecondStrategy } from '../../../../src/core/strategy.js'
import { AuthProvider } from '../../../../src/hooks/context.js'
import { en } from '../../../../src/locales/en.js'
import '../../../../src/styles.css'
import { base64url } from '../../../support/softAuthenticator.js'
import { virtualAuthenticator } from '../../../support/virtualAuthenticator.js'
import table from '../../../provedOnScreen.json'
import type { DeviceKey, KnownPerson, VendorName } from '../../../servers/vendorStages.js'

export interface Offer {
  readonly identifiers: readonly IdentifierType[]
  readonly firstFactors: readonly FirstStrategy[]
  readonly secondFactors: readonly SecondStrategy[]
}

/** A vendor's client as the page has it after it was loaded; called again for the page that is loaded anew. */
export type OpenPage = (offer: Offer) => AuthAdapter | Promise<AuthAdapter>

interface Walk {
  readonly vendor: VendorName
  readonly openPage: OpenPage
}

/** What was walked to the end since the file was loaded: `supabase`, and the steps with their strategies. */
const walked: Record<string, Set<string>> = {}

function mark({ vendor }: Walk, step: string) {
  const [adapter = ''] = vendor.split(' ')
  ;(walked[adapter] ??= new Set()).add(step)
}

/** What the README’s table says that this file has shown on the screens of that adapter is what was walked, no more and no less. */
export function expectAsTheTableSays(adapter: string, file: string) {
  const said = table.filter((one) => one.adapter === adapter && one.file.endsWith(`/${file}`)).flatMap((one) => one.strategies)
  // Its rows are of any provider.
  const seen = [...(walked[adapter] ?? [])].map((step) => step.replace(/oauth_.*/, 'oauth_*'))
  expect(seen.toSorted()).toEqual(said.toSorted())
}

const home = location.pathname + location.search
const signedIn = page.getByRole('heading', { name: en.complete.title })
const identifierField = page.getByRole('textbox', { name: /^(Email|Phone|User)/ })
const passwordField = page.getByLabelText(en.start.password, { exact: true })
const codeField = page.getByRole('textbox', { name: en.code.label, exact: true })
const button = (name: string) => page.getByRole('button', { name, exact: true })
const shown = (what: { query(): Element | null }) => what.query() !== null

/** A machine that does other things meanwhile is no failure. */
const slowly = { timeout: 10_000 }

/** What is open now, closed before the next. */
const closing: (() => unknown)[] = []

/** As after a test: nobody is signed in, and no mark of it is left. */
export async function leaveAll() {
  vi.restoreAllMocks()
  for (const close of closing.splice(0).toReversed()) await close()
  localStorage.clear()
  history.replaceState(null, '', home)
}

async function show(adapter: AuthAdapter) {
  const view = await render(
    <AuthProvider adapter={adapter}>
      <SignIn password={adapter.capabilities.firstFactors.some(({ strategy }) => strategy === 'password')} />
    </AuthProvider>,
  )
  return view
}

async function opened({ openPage }: Walk, offer: Partial<Offer>) {
  const whole = { identifiers: ['email'], firstFactors: ['password'], secondFactors: [], ...offer } as const
  let adapter = await openPage(whole)
  let view = await show(adapter)
  closing.push(
    () => view.unmount(),
    () => adapter.session.signOut().catch(() => undefined),
    // What a test that failed has left half done.
    async () => {
      const { attempt } = await adapter.signIn.resume({})
      if (attempt) await adapter.signIn.cancel({ id: attempt.id })
    },
  )
  return {
    /** The page as it is loaded at this address, a link's or a provider's way back. */
    async landOn(url: string) {
      await view.unmount()
      const { pathname, search, hash, origin } = new URL(url)
      expect(origin).toBe(location.origin)
      history.replaceState(null, '', pathname + search + hash)
      adapter = await openPage(whole)
      view = await show(adapter)
    },
  }
}

async function passPassword({ identifier, password }: KnownPerson) {
  await identifierField.fill(identifier)
  await passwordField.fill(password)
  await button(en.start.submit).click()
}

async function beginBy(strategy: keyof typeof en.start.ways, { identifier }: KnownPerson) {
  await identifierField.fill(identifier)
  await button(en.start.ways[strategy]).click()
}

/** To a factor, which opens by itself or has to be chosen. */
async function choose(name: string, there: { query(): Element | null }) {
  // With what tells it from others of its kind, as a masked address.
  const [other, named] = [button(en.common.otherWay), page.getByRole('button', { name: new RegExp(`^${name}`) })]
  const reached = () => {
    const [here, listed] = [shown(there), shown(named)]
    // A code has opened by itself; the click is refused for as long as it is being sent.
    if (!here && !listed && shown(codeField)) (other.query() as HTMLElement | null)?.click()
    return here || listed
  }
  await expect.poll(reached, slowly).toBe(true)
  if (!shown(there)) await named.click()
}

const isSignedIn = () => expect.element(signedIn, slowly).toBeVisible()

/** Navigations to elsewhere are kept from happening, and listed. */
function watchLeaving(): readonly string[] {
  const left: string[] = []
  const { navigation } = window as unknown as { navigation: EventTarget }
  const onNavigate = (event: Event) => {
    const { destination } = event as Event & { destination: { url: string } }
    if (new URL(destination.url).origin === location.origin) return
    left.push(destination.url)
    event.preventDefault()
  }
  navigation.addEventListener('navigate', onNavigate)
  closing.push(() => navigation.removeEventListener('navigate', onNavigate))
  return left
}

/** Chromium's virtual authenticator with one key; nobody picks anything in the field. */
async function keyOf(kind: DeviceKey['kind']): Promise<DeviceKey> {
  const device = await virtualAuthenticator({ kind: kind === 'passkey' ? 'internal' : 'usb' })
  closing.push(() => device.remove())
  const handle = `key-${crypto.randomUUID()}`
  const { id, publicKey } = await device.seed({ id: handle }, location.hostname)
  const real = navigator.credentials.get.bind(navigator.credentials)
  vi.spyOn(navigator.credentials, 'get').mockImplementation((given) =>
    given?.mediation === 'conditional' ? new Promise(() => {}) : real(given),
  )
  return { id, publicKey: base64url(publicKey), handle, kind }
}

/** A wallet in the page (EIP-6963) whose key is in the person's pocket. */
function install(rdns: string, { identifier, wallet }: KnownPerson) {
  const text = (hex: string) =>
    new TextDecoder().decode(Uint8Array.from(hex.slice(2).match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)))
  const provider = {
    async request({ method, params = [] }: { method: string; params?: readonly string[] }) {
      if (method.endsWith('ccounts')) return [wallet.toLowerCase()]
      if (method === 'eth_chainId') return '0x1'
      return commands.askPerson(identifier, 'sign', text(params[0] ?? ''))
    },
  }
  const info = { uuid: crypto.randomUUID(), name: 'Wallet', rdns }
  const announce = () => dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: { info, provider } }))
  addEventListener('eip6963:requestProvider', announce)
  closing.push(() => removeEventListener('eip6963:requestProvider', announce))
}

/** The same of Solana (Wallet Standard). */
function installSolana(_: string, { identifier, wallet: address }: KnownPerson) {
  const account = { address, publicKey: new Uint8Array(32), chains: ['solana:mainnet'], features: [] }
  const bytes = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
  const standard = {
    version: '1.0.0',
    name: 'Phantom',
    icon: 'data:image/png;base64,AA==',
    chains: ['solana:mainnet'],
    accounts: [account],
    features: {
      'standard:connect': { version: '1.0.0', connect: async () => ({ accounts: [account] }) },
      'solana:signMessage': {
        version: '1.1.0',
        async signMessage({ message }: { message: Uint8Array }) {
          const signature = await commands.askPerson(identifier, 'sign', new TextDecoder().decode(message))
          return [{ signedMessage: message, signature: bytes(signature) }]
        },
      },
    },
  }
  type App = { register(wallet: object): () => void }
  const ready = (event: Event) => void (event as CustomEvent<App>).detail.register(standard)
  addEventListener('wallet-standard:app-ready', ready)
  closing.push(() => removeEventListener('wallet-standard:app-ready', ready))
}

const wallets = {
  web3_metamask_signature: ['MetaMask', 'io.metamask'],
  web3_base_signature: ['Base', 'app.base.account'],
  web3_coinbase_wallet_signature: ['Coinbase Wallet', 'com.coinbase.wallet'],
  web3_okx_wallet_signature: ['OKX Wallet', 'com.okex.wallet'],
  web3_solana_signature: ['Solana', ''],
} as const

/** Signs in by a first factor alone. */
export async function walkFirst(walk: Walk, strategy: FirstStrategy, offer: Partial<Offer> = {}) {
  const key = strategy === 'passkey' ? await keyOf(strategy) : undefined
  const person = await commands.personAt(walk.vendor, { first: [strategy] }, key)
  const { identifier } = person
  const left = watchLeaving()
  const wallet = Object.hasOwn(wallets, strategy) ? wallets[strategy as keyof typeof wallets] : undefined
  if (wallet) (isSolana(strategy) ? installSolana : install)(wallet[1], person)
  const { landOn } = await opened(walk, { firstFactors: ['password', strategy], ...offer })

  if (wallet) await button(`Continue with ${wallet[0]}`).click()
  else if (strategy === 'passkey') await button(en.start.ways.passkey).click()
  else if (strategy.startsWith('oauth_')) await button('Continue with Google').click()
  else await beginBy(strategy as keyof typeof en.start.ways, person)

  if (/^oauth_|^enterprise/.test(strategy)) {
    await expect.poll(() => left, slowly).toHaveLength(1)
    await landOn(await commands.askPerson(identifier, 'visit', left[0]))
  }
  if (strategy === 'email_link') {
    await expect.element(page.getByRole('heading', { name: en.link.title })).toBeVisible()
    await landOn(await mailed(person, strategy))
    await button(en.common.continue).click()
  }
  if (/code$/.test(strategy)) await codeField.fill(await mailed(person, strategy))
  if (/^reset/.test(strategy)) {
    await page.getByLabelText(en.newPassword.label, { exact: true }).fill('another horse battery 9')
    await button(en.newPassword.submit).click()
  }
  await isSignedIn()
  mark(walk, `first/${strategy}`)
}

/** The newest message, which may come later than the screen that speaks of it. */
async function mailed({ identifier }: KnownPerson, strategy: string): Promise<string> {
  let text = ''
  const look = async () => (text = await commands.askPerson(identifier, 'delivered', strategy).catch(() => ''))
  await expect.poll(look, slowly).not.toBe('')
  return text
}

const wanted = {
  totp: { totp: true },
  phone_code: { phoneCode: true },
  email_code: { emailCode: true },
  email_link: { emailCode: true },
  backup_code: { totp: true, backupCodes: true },
  passkey: { webauthn: true },
  security_key: { webauthn: true },
} as const

/** Signs in with a password and a second factor. */
export async function walkSecond(walk: Walk, strategy: SecondStrategy, offer: Partial<Offer> = {}) {
  const isKey = strategy === 'passkey' || strategy === 'security_key'
  const person = await commands.personAt(walk.vendor, wanted[strategy], isKey ? await keyOf(strategy) : undefined)
  const { landOn } = await opened(walk, { secondFactors: [strategy], ...offer })
  await passPassword(person)

  if (strategy === 'phone_code' || strategy === 'email_code') {
    await choose(strategy === 'phone_code' ? en.choose.phoneCode : en.choose.emailCode, codeField)
    await codeField.fill(await mailed(person, strategy))
  } else if (strategy === 'email_link') {
    const there = page.getByRole('heading', { name: en.link.title })
    await choose(en.choose.emailLink, there)
    await expect.element(there).toBeVisible()
    await landOn(await mailed(person, strategy))
    await button(en.common.continue).click()
  } else if (strategy === 'backup_code') {
    const there = page.getByLabelText(en.backupCode.label, { exact: true })
    await choose(en.choose.backupCode, there)
    await there.fill(person.backupCodes[0] ?? '')
    await button(en.backupCode.submit).click()
  } else {
    const [name, title] =
      strategy === 'passkey' ? [en.choose.passkey, en.device.passkeyTitle] : [en.choose.securityKey, en.device.securityKeyTitle]
    const there = page.getByRole('heading', { name: title })
    await choose(name, there)
    await expect.element(there).toBeVisible()
    await button(en.common.continue).click()
  }
  await isSignedIn()
  mark(walk, `second/${strategy}`)
}
