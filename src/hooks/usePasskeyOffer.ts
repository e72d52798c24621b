'use client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { isActive } from '../core/session.js'
import { createStore, type Store } from '../core/store.js'
import type { AuthClient } from './client.js'
import { useAuth } from './context.js'
import { useFactors } from './useFactors.js'
import { useSession } from './useSession.js'
import { webAuthnAllowed } from './webAuthnAllowed.js'

export interface UsePasskeyOffer {
  /** The moment for it is now. False until everything that it rests on is known. */
  readonly offered: boolean
  /** The person does not want to. Kept as long as this page is, for this person. */
  dismiss(): void
}

/** Who has said no, by provider. Nothing of it is stored: what a person declines tells of them. */
const dismissals = new WeakMap<AuthClient, Store<string | null> & { set(id: string | null): void }>()

/**
 * Whether to offer a passkey: to somebody who has just shown two factors and has none yet, where the backend can enrol one and this device can keep
 * one.
 */
export function usePasskeyOffer(): UsePasskeyOffer {
  const { client } = useAuth()
  const { status, factors, addable } = useFactors()
  const { session } = useSession()
  const [isAble, setIsAble] = useState(false)
  const dismissed = dismissals.get(client) ?? createStore<string | null>(null)
  dismissals.set(client, dismissed)
  const dismissedBy = useSyncExternalStore(dismissed.subscribe, dismissed.get, () => null)

  useEffect(() => {
    if (!webAuthnAllowed()) return
    let here = true
    // Where the browser does not say, nothing is offered.
    void Promise.resolve(PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable?.()).then(
      (able) => here && setIsAble(able === true),
      () => undefined,
    )
    return () => {
      here = false
    }
  }, [])

  const person = session && isActive(session) ? session : null
  const isStrong = person?.currentLevel === 'aal2' || person?.currentLevel === 'aal3'
  const hasOne = factors.some((one) => one.strategy === 'passkey' && one.status === 'verified')
  return {
    offered:
      isStrong && isAble && status === 'ready' && addable.includes('webauthn') && !hasOne && dismissedBy !== person.user.id,
    dismiss: () => dismissed.set(person?.user.id ?? null),
  }
}
