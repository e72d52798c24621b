import { readAcceptedPasskeys } from '../core/factorSource.js'
import { isActive } from '../core/session.js'
import { webAuthnAllowed } from './webAuthnAllowed.js'
import type { PageEngine } from './withDevices.js'

/** As browsers have it that tell password managers. */
interface Signalling {
  signalAllAcceptedCredentials(list: {
    readonly rpId: string
    readonly userId: string
    readonly allAcceptedCredentialIds: readonly string[]
  }): Promise<void>
}

/**
 * Tells the browser which passkeys the backend still takes, so that a password manager no longer offers the others (WebAuthn Level 3 §5.1.10.3). One
 * that is left out may be gone for good, so only the whole list of who is signed in counts, and none while a passkey may be on its way to the
 * backend. Never rejects: nobody waits for it.
 */
export async function signalPasskeys({ adapter, clock, timeoutMs, sessions, lane }: PageEngine): Promise<void> {
  if (!webAuthnAllowed()) return
  const browser = PublicKeyCredential as Partial<Signalling>
  if (!browser.signalAllAcceptedCredentials) return
  let changed = false
  const stop = sessions.subscribe(() => (changed = true))
  try {
    await lane.idle()
    const { session } = await sessions.read()
    if (!isActive(session)) return
    const { rpId, userHandle, credentialIds } = await readAcceptedPasskeys(adapter, clock, timeoutMs)
    if (lane.busy || changed) return
    await browser.signalAllAcceptedCredentials({ rpId, userId: userHandle, allAcceptedCredentialIds: credentialIds })
  } catch {
    // What was not said can be said the next time.
  } finally {
    stop()
  }
}
