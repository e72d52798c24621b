import {
  browserSupportsWebAuthnAutofill,
  startAuthentication,
  WebAuthnAbortService,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser'
import { AuthError, isAuthError } from '../core/AuthError.js'
import type { Engine } from '../core/engine.js'
import { hasChallenge } from '../core/flow.js'
import type { Json } from '../core/json.js'
import type { PasskeyAsk } from '../core/passkeyOptions.js'
import { webAuthnAllowed } from './webAuthnAllowed.js'

/** A challenge is renewed so long before its end: whoever has just picked a passkey needs the time. Milliseconds. */
const marginMs = 30_000

/** What ends sooner without anybody's act ends by itself, and asking again would end the same way. Milliseconds. */
const humanMs = 1_000

export interface PasskeyCeremony {
  /** Offers passkeys in the first screen's field, where the browser can (conditional mediation), as long as that screen is there. */
  attend(): void
  detach(): void
  /** With the browser's own dialog. To be called in the click. */
  ask(given?: { readonly trustDevice?: true }): Promise<void>
}

/** WebAuthn at sign-in: one ceremony at a time, each with a challenge of its own (WebAuthn Level 3 §5.1.4, §5.7). */
export function createPasskeyCeremony({ signIn, passkeys, clock, warn }: Engine): PasskeyCeremony {
  let attended = false
  let asking: 'autofill' | 'dialog' | null = null
  /** Something has used the challenge, or may have. */
  let due = false
  /** Counts what makes an offer stale. */
  let turn = 0
  let renewal: unknown

  function end() {
    turn++
    clock.clearTimeout(renewal)
    if (asking) WebAuthnAbortService.cancelCeremony()
    asking = null
  }

  const offerable = () => attended && !signIn.get().pending && signIn.get().step === 'start'

  async function offer(): Promise<void> {
    end()
    due = false
    const mine = turn
    const still = () => mine === turn && offerable()
    if (!webAuthnAllowed()) return
    try {
      // Also where the field cannot offer it: the button's click has no time to fetch it.
      const [{ id, publicKey, until }, conditional] = await Promise.all([passkeys.get(), browserSupportsWebAuthnAutofill()])
      if (!conditional || !still()) return
      asking = 'autofill'
      const now = clock.now()
      const leftMs = until - now
      renewal = clock.setTimeout(renew, Math.max(leftMs / 2, leftMs - marginMs))
      const credential = await startAuthentication({ optionsJSON: optionsOf(publicKey), useBrowserAutofill: true }).catch(
        (thrown: unknown) => {
          if (mine === turn && clock.now() - now > humanMs) due = true
          throw thrown
        },
      )
      if (!still()) return
      asking = null
      passkeys.take()
      void signIn.submitPasskey({ id, credential: credential as object as Json })
    } catch {
      // An offer that cannot be made is no fault of the person's: the field is there all the same.
      if (mine !== turn) return
      asking = null
      if (!due) return
      passkeys.take()
      void offer()
    }
  }

  /** A page that nobody looks at asks for nothing. */
  function renew() {
    passkeys.take()
    if (!document.hidden) return void offer()
    end()
    document.addEventListener('visibilitychange', () => offerable() && void offer(), { once: true })
  }

  signIn.subscribe(() => {
    const { pending, step } = signIn.get()
    if (asking === 'dialog' ? !pending : asking && (pending || step !== 'start')) end()
    if (pending) due = true
    else if (due && offerable()) void offer()
  })

  async function credentialFor(publicKey: Json): Promise<Json> {
    end()
    if (!webAuthnAllowed()) throw new AuthError('not_supported')
    asking = 'dialog'
    const mine = turn
    try {
      return (await startAuthentication({ optionsJSON: optionsOf(publicKey) })) as object as Json
    } catch (thrown) {
      throw refusal(thrown, warn)
    } finally {
      if (mine === turn) asking = null
    }
  }

  const answer = async ({ id, publicKey }: PasskeyAsk) => ({ id, credential: await credentialFor(publicKey) })

  return {
    attend() {
      attended = true
      if (offerable()) void offer()
      else due = true
    },
    detach() {
      attended = false
      if (asking === 'autofill') end()
    },
    async ask({ trustDevice } = {}) {
      const state = signIn.get()
      if (state.pending) return
      if (!hasChallenge(state)) {
        const kept = passkeys.take()
        // What is fetched now is used now, so it is not kept for the offer.
        return signIn.submitPasskey(kept ? answer(kept) : passkeys.get().then((fresh) => answer(passkeys.take() ?? fresh)))
      }
      const { publicKey, expiresAt } = state.challenge
      const proof = async (options: Json) => ({ credential: await credentialFor(options), ...(trustDevice && { trustDevice }) })
      const good = publicKey !== undefined && !(expiresAt !== undefined && expiresAt <= clock.now())
      if (good) return signIn.submit(proof(publicKey))
      await signIn.send()
      const now = signIn.get()
      const fresh = hasChallenge(now) && !now.problem && now.challenge.publicKey
      if (fresh) return signIn.submit(proof(fresh))
    },
  }
}

const optionsOf = (publicKey: Json) => publicKey as object as PublicKeyCredentialRequestOptionsJSON

/** `NotAllowedError` says that it did not come about, and hides why on purpose (WebAuthn Level 3 §14.5): nobody is blamed. */
function refusal(thrown: unknown, warn: (message: string) => void): AuthError {
  if (isAuthError(thrown)) return thrown
  const name = thrown instanceof Error ? thrown.name : ''
  if (name === 'NotAllowedError' || name === 'AbortError') return new AuthError('cancelled')
  if (name === 'SecurityError')
    warn('the passkey was refused: this page’s domain is not the relying party’s (WebAuthn §5.1.4.1).')
  return new AuthError('not_supported')
}
