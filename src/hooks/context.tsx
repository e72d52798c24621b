'use client'
import { createContext, useContext, useEffect, useMemo, type ReactNode } from 'react'
import type { AuthAdapter } from '../core/adapter.js'
import type { AuthEvent } from '../core/events.js'
import type { Messages } from '../core/messages.js'
import { createClient, type AuthClient } from './client.js'

export interface AuthProviderProps {
  /** Made once, outside of render: another adapter is another sign-in. */
  adapter: AuthAdapter
  /** A catalogue from `latchkey/locales/*`, or your own. Default: English. */
  messages?: Messages
  /** Direction of writing. Default: that of the catalogue. */
  dir?: 'ltr' | 'rtl'
  /** Hears every step, send, error and outcome. Gets no address, code or token. */
  onEvent?: (event: AuthEvent) => void
  /** After which a call counts as unanswered. Milliseconds; default 15,000. */
  timeoutMs?: number
  /**
   * Where providers and mailed links lead back to: a page of this origin that shows `SignIn`. Default: the page that asks. The parameter
   * `latchkey` is added to it.
   */
  redirectUrl?: string
  children?: ReactNode
}

export interface AuthContextValue {
  readonly client: AuthClient
  /** Absent: English. */
  readonly messages: Messages | undefined
  readonly dir: 'ltr' | 'rtl' | undefined
}

const AuthContext = createContext<AuthContextValue | null>(null)

/** Holds one sign-in. Everything below it looks at the same one. */
export function AuthProvider({ adapter, messages, dir, onEvent, timeoutMs = 15_000, redirectUrl, children }: AuthProviderProps) {
  const client = useMemo(() => createClient({ adapter, timeoutMs, redirectUrl }), [adapter, timeoutMs, redirectUrl])
  useEffect(() => (onEvent ? client.listen(onEvent) : undefined), [client, onEvent])
  useEffect(() => () => client.signIn.stop(), [client])
  const value = useMemo(() => ({ client, messages, dir: dir ?? messages?.dir }), [client, messages, dir])
  return <AuthContext.Provider value={value}>{children}</AuthContext.Provider>
}

/** Throws outside of an `AuthProvider`; the message names the mend. */
export function useAuth(): AuthContextValue {
  const value = useContext(AuthContext)
  if (!value) throw new Error('Latchkey found no AuthProvider. Wrap this part of your app in <AuthProvider adapter={…}>.')
  return value
}
