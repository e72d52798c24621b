import type { AuthAdapter } from '../../core/adapter.js'
import { mfaLater } from '../../core/mfaLater.js'
import type { FirstStrategy } from '../../core/strategy.js'
import { connect } from './connection.js'
import { createChallenges, strategies, type FactorType } from './factors.js'
import { createSignIn } from './signIn.js'
import type { SupabaseAuth } from './supabaseAuth.js'

export interface SupabaseAdapterOptions {
  /** What people may type to be known by. Default `['email']`. */
  readonly identifiers?: readonly ('email' | 'phone')[]
  /**
   * The first factors that the project offers; a client cannot know them. `email_code` and `email_link` are one message there, whose
   * template decides which it holds. `web3_solana_signature` is Solana and
   * any other `web3_*` Ethereum, with any wallet. Default `['password']`.
   */
  readonly firstFactors?: readonly FirstStrategy[]
  /** The second factors that the project lets people enrol. Those that they have are asked for either way. Default `['totp']`. */
  readonly secondFactors?: readonly ('totp' | 'phone_code' | 'security_key')[]
  /** Characters of the codes in messages, where the project has changed them. Those of authenticator apps have 6. */
  readonly codeLength?: number
}

/**
 * Supabase Auth through the caller's own client: `supabase.auth`, or an `AuthClient` of `@supabase/auth-js`. A password (or any first factor)
 * makes a session at aal1 there; as long as its person has a second factor and has not passed it, the session is `pending` and nobody is signed
 * in, so the app's own policies have to ask for aal2 too. Nobody is signed up: an unknown address gets no message, and is not told apart.
 * A session that this page did not see begin is refreshed once when it is read, because nothing else tells its age.
 */
export function supabaseAdapter(auth: SupabaseAuth, options: SupabaseAdapterOptions = {}): AuthAdapter {
  const { identifiers = ['email'], firstFactors = ['password'], secondFactors = ['totp'], codeLength } = options
  const resets = firstFactors.some((strategy) => strategy.startsWith('reset_'))
  const connection = connect(auth, resets)
  const challenges = createChallenges(connection)
  const { read, show, signOut, subscribe } = connection
  return {
    name: 'supabase',
    capabilities: {
      identifiers,
      firstFactors: firstFactors.map((strategy) => ({ strategy })),
      secondFactors,
      firstFactorsPerUser: false,
      enroll: (Object.keys(strategies) as FactorType[])
        .filter((type) => secondFactors.includes(strategies[type]))
        .map((type) => ({ type, many: true })),
      managePassword: false,
      survivesReload: 'browser',
      emailLink: 'opened_tab',
      trustDevice: false,
      signOutScopes: ['this', 'others', 'all'],
    },
    ...createSignIn(connection, challenges, firstFactors, resets, codeLength),
    mfa: mfaLater(async () => (await import('./later.js')).createMfa(connection, challenges)),
    session: {
      async get() {
        const state = await read()
        return state && show(state)
      },
      signOut: ({ scope } = {}) => signOut(scope === 'all' ? 'global' : scope === 'others' ? scope : 'local'),
      subscribe,
    },
  }
}
