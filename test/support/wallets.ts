import { generatePrivateKey, privateKeyToAccount, type PrivateKeyAccount } from 'viem/accounts'
import type { MemoryBackend } from '../../src/adapters/memory/index.js'
import type { CreateParams, SignInAttempt } from '../../src/core/attempt.js'
import { toAuthError, type AuthErrorCode } from '../../src/core/AuthError.js'
import type { FlowState } from '../../src/core/flow.js'
import type { ActiveSession } from '../../src/core/session.js'
import type { SignInRunner } from '../../src/core/signInVerbs.js'
import type { WalletStrategy } from '../../src/core/strategy.js'
import { walletAccount, walletSignature, type WalletOptions } from '../../src/hooks/walletCeremony.js'

export interface TestWalletOptions {
  readonly name: string
  readonly rdns: string
  readonly icon?: string
  readonly uuid?: string
  /** Called before a method is answered; what it throws is the answer. */
  readonly before?: (wallet: TestWallet, method: string) => unknown
}

/** A wallet in the page: it announces itself by EIP-6963, answers by EIP-1193 and signs with real keys. */
export interface TestWallet {
  readonly uuid: string
  /** The chosen one first. Tests change it. */
  accounts: PrivateKeyAccount[]
  chainId: number
  /** Methods in the order of their calls. */
  readonly calls: string[]
  /** Texts that it was asked to sign. */
  readonly texts: string[]
  announce(): void
  /** Listens for requests until `remove`; says nothing before. */
  install(): TestWallet
  remove(): void
}

const announced = 'eip6963:announceProvider'
const requested = 'eip6963:requestProvider'
const installed = new Set<TestWallet>()

export const metamask = { name: 'MetaMask', rdns: 'io.metamask' }
export const coinbase = { name: 'Coinbase Wallet', rdns: 'com.coinbase.wallet' }
export const okx = { name: 'OKX Wallet', rdns: 'com.okex.wallet' }

/** What the person does who closes the wallet's dialog. */
export const rejects = (method: string) => (_: TestWallet, asked: string) => {
  if (asked === method) throw walletError(4001)
}

/** Another account is chosen once `method` has been answered so many times. */
export function changesAccountAfter(method: string, times = 1) {
  let answered = 0
  let due = false
  return (wallet: TestWallet, asked: string) => {
    if (due) wallet.accounts.reverse()
    due = asked === method && ++answered === times
  }
}

export const walletError = (code: number) => Object.assign(new Error('The wallet said no.'), { code })

export function testWallet({ name, rdns, icon, uuid = crypto.randomUUID(), before }: TestWalletOptions): TestWallet {
  const provider = {
    async request({ method, params = [] }: { method: string; params?: readonly string[] }): Promise<unknown> {
      wallet.calls.push(method)
      await before?.(wallet, method)
      if (method === 'eth_accounts' || method === 'eth_requestAccounts')
        return wallet.accounts.map(({ address }) => address.toLowerCase())
      if (method === 'eth_chainId') return `0x${wallet.chainId.toString(16)}`
      if (method !== 'personal_sign') throw walletError(4200)
      const [raw = '', address = ''] = params
      const account = wallet.accounts.find((one) => one.address.toLowerCase() === address.toLowerCase())
      if (!account) throw walletError(4100)
      wallet.texts.push(textOf(raw))
      return account.signMessage({ message: { raw: raw as `0x${string}` } })
    },
  }
  const wallet: TestWallet = {
    uuid,
    accounts: [privateKeyToAccount(generatePrivateKey()), privateKeyToAccount(generatePrivateKey())],
    chainId: 1,
    calls: [],
    texts: [],
    announce() {
      const info = { uuid, name, rdns, ...(icon !== undefined && { icon }) }
      window.dispatchEvent(new CustomEvent(announced, { detail: Object.freeze({ info, provider }) }))
    },
    install() {
      window.addEventListener(requested, wallet.announce)
      installed.add(wallet)
      return wallet
    },
    remove() {
      window.removeEventListener(requested, wallet.announce)
      installed.delete(wallet)
    },
  }
  return wallet
}

export function removeWallets() {
  for (const wallet of [...installed]) wallet.remove()
}

const textOf = (raw: string) =>
  new TextDecoder().decode(Uint8Array.from(raw.slice(2).match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)))

/** As far as wallets need the flow: begins at the backend, fetches the text, hands the signature on. */
export function walletFlow({ adapter: { signIn } }: MemoryBackend, change: (message: string) => string = (message) => message) {
  let attempt: SignInAttempt | undefined
  let session: ActiveSession | undefined
  let state: FlowState = { step: 'start', pending: null, problem: null, identifier: '' }
  const begun: CreateParams[] = []
  const submitted: unknown[] = []
  const runner: Pick<SignInRunner, 'create' | 'submit'> = {
    async create(beginning) {
      const params = (await beginning) as CreateParams
      begun.push(params)
      const created = await signIn.create(params)
      const [factor] = created.supportedFirstFactors
      if (!factor) throw new Error('The backend offers no factor.')
      attempt = await signIn.prepareFirstFactor(created, { factorId: factor.id })
      const message = change(attempt.firstFactorVerification?.message ?? '')
      state = {
        step: 'first-factor',
        pending: null,
        problem: null,
        identifier: '',
        attempt,
        factors: [factor],
        factor,
        challenge: { sent: 'no', sends: 0, failures: 0, codeLength: 6, codeType: 'numeric', message },
      }
    },
    async submit(proof) {
      const answer = await proof
      submitted.push(answer)
      if (!attempt || state.step !== 'first-factor') throw new Error('Nothing was begun.')
      session = await signIn.finish(await signIn.attemptFirstFactor(attempt, { factorId: state.factor.id, ...answer }))
    },
  }
  return {
    signIn: runner,
    begun,
    submitted,
    get state() {
      return state
    },
    get session() {
      return session
    },
    /** The challenge on screen with something else in it. */
    with(challenge: object): FlowState {
      return state.step === 'first-factor' ? { ...state, challenge: { ...state.challenge, ...challenge } } : state
    },
  }
}

/** `null` where it was done, else why not. */
async function outcome(work: Promise<unknown>): Promise<AuthErrorCode | null> {
  try {
    await work
    return null
  } catch (thrown) {
    return toAuthError(thrown).code
  }
}

export const beginWithWallet = (signIn: Pick<SignInRunner, 'create'>, strategy: WalletStrategy, options: WalletOptions = {}) =>
  outcome(walletAccount(strategy, options).then((params) => signIn.create(params)))

export const signWithWallet = (signIn: Pick<SignInRunner, 'submit'>, state: FlowState, options: WalletOptions = {}) =>
  outcome(walletSignature(state, options).then((proof) => signIn.submit(proof)))
