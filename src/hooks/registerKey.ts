import { AuthError, type AuthErrorCode } from '../core/AuthError.js'
import type { Json } from '../core/json.js'

type Browser = typeof import('@simplewebauthn/browser')
let browser: Browser | undefined

/** Fetches what the ceremony needs, so that it can begin in the click itself. */
export async function prefetchCeremony(): Promise<Browser> {
  return (browser ??= await import('@simplewebauthn/browser'))
}

/**
 * Has the browser make a passkey or a security key's credential (WebAuthn Level 3 §5.1.3), at once if `prefetchCeremony` is done. Rejects with an
 * `AuthError`; `warn` hears of what only a developer can mend.
 */
export function registerKey(publicKey: Json, warn: (message: string) => void): Promise<Json> {
  const start = ({ startRegistration }: Browser) => startRegistration({ optionsJSON: publicKey as never })
  const made = browser ? start(browser) : prefetchCeremony().then(start)
  return made.then(
    (credential) => JSON.parse(JSON.stringify(credential)) as Json,
    (thrown: unknown) => Promise.reject(ceremonyError(thrown, warn)),
  )
}

export function cancelCeremony(): void {
  browser?.WebAuthnAbortService.cancelCeremony()
}

/** WebAuthn Level 3 §5.1.3 and §6.3.2: what each refusal means to the person. */
const codes: Readonly<Record<string, AuthErrorCode>> = {
  InvalidStateError: 'factor_exists',
  ConstraintError: 'not_supported',
  NotSupportedError: 'not_supported',
  NotAllowedError: 'cancelled',
  AbortError: 'cancelled',
}

function ceremonyError(thrown: unknown, warn: (message: string) => void): AuthError {
  // The library's error carries the browser's.
  const { name, cause } = Object(thrown) as { name?: string; cause?: unknown }
  const named = (Object(cause) as { name?: string }).name ?? name ?? ''
  if (named === 'SecurityError')
    warn('The browser refuses to make a passkey here: the relying party’s id does not belong to this page’s domain.')
  return new AuthError(codes[named] ?? 'unknown', `The browser made no credential: ${named}.`)
}
