import type { AcceptedPasskeys, AuthAdapter, CallOptions } from './adapter.js'
import { AuthError } from './AuthError.js'
import type { Clock } from './clock.js'
import type { Factor } from './enrollment.js'
import type { SecondStrategy } from './strategy.js'

/** What the backend tells of a person's factors. */
export interface FactorReading {
  readonly factors: readonly Factor[]
  /** Absent where the backend has none or does not say. `failed`: this part could not be read. */
  readonly backupCodes?: { readonly total?: number; readonly remaining?: number } | 'failed'
}

const inTime =
  (clock: Clock, timeoutMs: number) =>
  <T>(call: (options: CallOptions & { fresh: true }) => Promise<T>): Promise<T> => {
    const controller = new AbortController()
    return new Promise<T>((resolve, reject) => {
      const timer = clock.setTimeout(() => {
        controller.abort()
        reject(new AuthError('network', `No list of factors within ${timeoutMs} ms.`, { outcome: 'unknown' }))
      }, timeoutMs)
      Promise.resolve()
        .then(() => call({ fresh: true, signal: controller.signal }))
        .then(resolve, reject)
        .finally(() => clock.clearTimeout(timer))
    })
  }

/** Reads the factors, bounded in time. Rejects with an `AuthError`; an answer that is no list of factors is a rejection, not an empty list. */
export async function readFactors(adapter: AuthAdapter, clock: Clock, timeoutMs: number): Promise<FactorReading> {
  const { mfa } = adapter
  if (!mfa) throw new AuthError('not_supported', `The ${adapter.name} adapter lists no factors.`)
  const { status } = mfa.backupCodes ?? {}
  const bounded = inTime(clock, timeoutMs)
  const [factors, backupCodes] = await Promise.all([
    bounded((o) => mfa.listFactors(o)),
    status && bounded((o) => status(o)).catch(() => 'failed' as const),
  ])
  return { factors: wellFormed(factors), ...(backupCodes && { backupCodes }) }
}

function wellFormed(factors: readonly Factor[]): readonly Factor[] {
  const isFactor = (one: Factor) => typeof one?.id === 'string' && typeof one.strategy === 'string'
  const isList: boolean = Array.isArray(factors)
  if (isList && factors.every(isFactor)) return factors
  throw new AuthError('unavailable', 'The adapter answered with something that is no list of factors.', { outcome: 'unknown' })
}

/**
 * Who this factor is the last of: without it nothing but the first factor is left. Backup codes stand in for a factor and are none. `second`: what
 * the adapter says of second factors, where a passkey may be a first factor only.
 */
export function isLastFactor(factors: readonly Factor[], id: string, second: readonly SecondStrategy[] = ['passkey']): boolean {
  const isNone = (strategy: SecondStrategy) =>
    strategy === 'backup_code' || (strategy === 'passkey' && !second.includes(strategy))
  const stands = ({ status, strategy }: Factor) => status === 'verified' && !isNone(strategy)
  return factors.some((one) => one.id === id && stands(one)) && !factors.some((one) => one.id !== id && stands(one))
}

/** Reads them, bounded in time. Rejects with an `AuthError`, also for an answer of which a part is not as it has to be: it is not complete. */
export async function readAcceptedPasskeys(adapter: AuthAdapter, clock: Clock, timeoutMs: number): Promise<AcceptedPasskeys> {
  const { mfa } = adapter
  if (!mfa?.acceptedPasskeys) throw new AuthError('not_supported', `The ${adapter.name} adapter tells no accepted passkeys.`)
  const accepted = await inTime(
    clock,
    timeoutMs,
  )((o) => mfa.acceptedPasskeys?.(o) ?? Promise.reject(new AuthError('not_supported')))
  const { rpId, userHandle, credentialIds } = Object(accepted) as Partial<AcceptedPasskeys>
  const isText = (one: unknown) => typeof one === 'string' && one !== ''
  if (isText(rpId) && isText(userHandle) && Array.isArray(credentialIds) && credentialIds.every(isText)) return accepted
  throw new AuthError('unavailable', 'The adapter answered with something that is no list of passkeys.', { outcome: 'unknown' })
}
