import { userByIdentifier } from './identifier.js'
import type { FactorRecord, MemoryStore, TotpFactor, UserRecord } from './memoryStore.js'
import type { SeedUser } from './seedUser.js'
import { totpCode } from './totpFactor.js'
import { backupCodesLeft, userRecord } from './user.js'

/** A user as the backend has them now. A copy: changing it changes nothing. */
export interface MemoryUser {
  readonly id: string
  readonly email: string
  readonly label?: string
  readonly phone?: string
  /** The proved authenticator apps' secrets, in base32. */
  readonly totpSecrets: readonly string[]
  readonly backupCodesLeft: number
  /** Milliseconds for which the user is still locked, 0 when not. */
  readonly lockedForMs: number
}

export interface MemoryUsers {
  /** Throws where an id, an address or a number is taken. */
  add(...users: readonly SeedUser[]): void
  /** By id, address or number. */
  find(idOrEmail: string): MemoryUser | undefined
  /**
   * What the user's newest authenticator app shows at the backend's time, or `aheadMs` later. Throws where the user has none. For an
   * enrolment that is still to be proved, any authenticator app will do: `enroll` answers with the secret.
   */
  totpCode(idOrEmail: string, aheadMs?: number): string
}

export function memoryUsers(store: MemoryStore): MemoryUsers {
  const { users, clock, settings } = store
  const find = (idOrEmail: string) => users.get(idOrEmail) ?? userByIdentifier(store, idOrEmail)
  return {
    add(...seeds) {
      for (const seed of seeds) {
        if (users.has(seed.id) || [seed.email, seed.phone].some((one) => one && userByIdentifier(store, one)))
          throw new Error(`${seed.id} or ${seed.email} is there already.`)
        users.set(seed.id, userRecord(seed, clock.now(), settings.lockMs))
      }
    },
    find(idOrEmail) {
      const user = find(idOrEmail)
      return user ? showUser(user, clock.now()) : undefined
    },
    totpCode(idOrEmail, aheadMs = 0) {
      const factor = find(idOrEmail)?.factors.findLast(isApp)
      if (!factor) throw new Error(`${idOrEmail} has no authenticator app.`)
      return totpCode(factor.secret, clock.now() + aheadMs)
    },
  }
}

function showUser(user: UserRecord, now: number): MemoryUser {
  const { id, email, label, phone, factors, lockedUntil } = user
  return {
    id,
    email,
    label,
    phone,
    totpSecrets: factors.filter(isApp).map(({ secret }) => secret),
    backupCodesLeft: backupCodesLeft(user),
    lockedForMs: Math.max(0, lockedUntil - now),
  }
}

const isApp = (factor: FactorRecord): factor is TotpFactor => factor.verified && factor.strategy === 'totp'
