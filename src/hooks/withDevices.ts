import { AuthError } from '../core/AuthError.js'
import type { Engine } from '../core/engine.js'
import type { SignInRunner } from '../core/signInVerbs.js'
import { hasChallenge } from '../core/flow.js'
import { isWallet, screenOf } from '../core/screenOf.js'
import { unaliased, type Strategy, type WalletStrategy } from '../core/strategy.js'
import { keepHistory, mark } from './flowHistory.js'
import { openPopup } from './openPopup.js'

/** What is asked of a device or a wallet instead of being typed. */
export type DeviceStrategy = 'passkey' | 'security_key' | WalletStrategy

/** What goes with the device's answer: to a second factor, or with the first call of a sign-in. */
export interface DeviceGiven {
  readonly trustDevice?: true
  readonly captchaToken?: string | undefined
  /** `uuid` of a wallet that `useWallets` told, where several fit the strategy. */
  readonly wallet?: string | undefined
}

export interface PageSignIn extends Omit<SignInRunner, 'chooseWallet'> {
  /**
   * Asks the person's key or wallet: on the first screen to sign in with it, later for the factor on screen. To be called in the click. One at a
   * time; giving the sign-in up ends it.
   */
  askDevice(strategy: DeviceStrategy, given?: DeviceGiven): Promise<void>
  /** The screens have gone: passkeys are no longer offered in the first one's field. */
  detach(): void
}

export interface PageEngine extends Omit<Engine, 'signIn'> {
  readonly signIn: PageSignIn
}

export interface PageOptions {
  /** Providers open in a window of their own. */
  readonly popup?: boolean | undefined
  /** Back leaves the sign-in, not the page. */
  readonly history?: boolean | undefined
}

/** Adds what only a page can do and ask for. The code of each ceremony is fetched when it is needed. */
export function withDevices(engine: Engine, { popup, history = true }: PageOptions): PageEngine {
  const { signIn, adapter } = engine
  const passkeys = onDemand(async () => (await import('./passkeyCeremony.js')).createPasskeyCeremony(engine))
  const wallets = onDemand(() => import('./walletCeremony.js'))
  let attended = false
  /** Which wallet, and what came with the click that asked to choose. */
  let chosen: DeviceGiven = {}
  // Browsers want the ceremony in the click, so its code has to be here by then.
  signIn.subscribe(() => {
    const state = signIn.get()
    // What was chosen for a sign-in that is over is not for the next.
    if (state.step === 'start' && !state.pending) chosen = {}
    const screen = hasChallenge(state) && screenOf(state.factor.strategy)
    const ceremony = screen === 'passkey' ? passkeys : screen === 'wallet' && wallets
    if (ceremony) ceremony.load().catch(() => undefined)
  })
  let leave = () => {}

  function attend() {
    if (attended) return
    attended = true
    const ends = history && keepHistory(signIn)
    const shown = ({ persisted }: PageTransitionEvent) => void (persisted && signIn.look())
    addEventListener('pageshow', shown)
    leave = () => {
      removeEventListener('pageshow', shown)
      if (ends) ends()
    }
    if (!adapter.signIn.passkeyOptions) return
    // Who cannot be offered a passkey in the field still has the button.
    void passkeys.load().then(
      (ceremony) => attended && ceremony.attend(),
      () => undefined,
    )
  }

  /** In the same tick where the code is here: browsers want the ceremony in the click. */
  function ask<T>(ceremony: OnDemand<T>, run: (loaded: T) => Promise<void>): Promise<void> {
    const here = ceremony.loaded()
    if (here) return run(here)
    return ceremony.load().then(run, () => signIn.submit(Promise.reject(new AuthError('network'))))
  }

  /** The signal ends with the verb's turn. */
  async function inTurn(run: (options: { signal: AbortSignal }) => Promise<void>): Promise<void> {
    const turn = new AbortController()
    const unsubscribe = signIn.subscribe(() => signIn.get().pending ?? turn.abort())
    await run(turn)
    unsubscribe()
  }

  /** An account first, then its signature on the text that the backend has made for it: both in the wallet, and one act of the person here. */
  async function askWallet(
    strategy: WalletStrategy,
    { walletChoices, walletAccount, walletSignature }: WalletCeremony,
    given: DeviceGiven,
  ): Promise<void> {
    if (signIn.get().pending) return
    if (!hasChallenge(signIn.get())) {
      chosen = { ...chosen, ...given }
      const wallets = given.wallet ? [] : walletChoices(strategy)
      if (wallets.length > 0) return signIn.chooseWallet({ strategy, wallets })
      await inTurn(({ signal }) =>
        signIn.create(
          walletAccount(strategy, { signal, uuid: given.wallet }).then((account) => {
            const { captchaToken } = chosen
            // A token serves one call, which a wallet that is closed does not come to.
            chosen = given
            return { ...account, captchaToken }
          }),
        ),
      )
      if (signIn.get().problem) return
    }
    const state = signIn.get()
    // While the ceremony was fetched the person may have come elsewhere.
    if (hasChallenge(state) && isWallet(state.factor.strategy))
      await inTurn(({ signal }) => signIn.submit(walletSignature(state, { signal, uuid: chosen.wallet })))
  }

  /** In the click, before it is known where to. */
  const windowFor = (strategy: Strategy) => (popup && screenOf(strategy) === 'redirect' ? { popup: openPopup() } : {})

  return {
    ...engine,
    signIn: {
      ...signIn,
      restore() {
        const interrupted = !attended && mark() !== undefined
        attend()
        return signIn.restore(interrupted)
      },
      resume(url) {
        attend()
        return signIn.resume(url)
      },
      detach() {
        attended = false
        leave()
        passkeys.loaded()?.detach()
      },
      create(beginning) {
        if (beginning instanceof Promise) return signIn.create(beginning)
        const leads = unaliased('strategy' in beginning ? beginning.strategy : (beginning.prefer ?? ''))
        return signIn.create(
          'strategy' in beginning || leads === 'enterprise_sso' ? { ...windowFor(leads as Strategy), ...beginning } : beginning,
        )
      },
      choose: (factorId, way) => {
        const state = signIn.get()
        const factor = 'factors' in state && state.factors.find(({ id }) => id === factorId)
        return signIn.choose(factorId, factor ? { ...windowFor(factor.strategy), ...way } : way)
      },
      send(way) {
        const state = signIn.get()
        return signIn.send('factor' in state ? { ...windowFor(state.factor.strategy), ...way } : way)
      },
      askDevice: (strategy, given = {}) =>
        isWallet(strategy) ? ask(wallets, (one) => askWallet(strategy, one, given)) : ask(passkeys, (one) => one.ask(given)),
    },
  }
}

type WalletCeremony = typeof import('./walletCeremony.js')

interface OnDemand<T> {
  load(): Promise<T>
  loaded(): T | undefined
}

function onDemand<T>(load: () => Promise<T>): OnDemand<T> {
  let value: T | undefined
  let coming: Promise<T> | undefined
  const fetch = async () => {
    try {
      return (value = await load())
    } finally {
      coming = undefined
    }
  }
  return { loaded: () => value, load: () => (value ? Promise.resolve(value) : (coming ??= fetch())) }
}
