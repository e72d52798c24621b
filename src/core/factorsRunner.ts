import type { AuthAdapter } from './adapter.js'
import { AuthError, toAuthError } from './AuthError.js'
import type { Clock } from './clock.js'
import type { Factor } from './enrollment.js'
import type { AuthEvent } from './events.js'
import { problemOf, type Problem } from './flow.js'
import type { Ask, Lane } from './lane.js'
import type { SessionSource } from './sessionSource.js'
import { createStore, type Store } from './store.js'

export type FactorsVerb = 'rename' | 'make_default' | 'remove' | 'generate'

export interface FactorsState {
  readonly pending: FactorsVerb | null
  /** What went wrong with the last change. */
  readonly problem: Problem | null
  /** The last change, once it is done. */
  readonly done: 'renamed' | 'made_default' | 'removed' | null
  /** Backup codes just made, until they are acknowledged or the page is left. */
  readonly codes: readonly string[] | null
  /** Codes were asked for and no answer came: the old ones may be dead, the new ones were not seen. */
  readonly codesLost: boolean
}

export interface FactorsRunner extends Store<FactorsState> {
  rename(factorId: string, friendlyName: string): Promise<void>
  /** Sign-in offers it first from then on. */
  makeDefault(factorId: string): Promise<void>
  /** `password` where the backend wants it; it is not kept. */
  remove(factor: Factor, password?: string): Promise<void>
  /** New backup codes. The old ones are dead from the moment the backend hears of it. */
  generate(password?: string): Promise<void>
  /** The person says that the codes are stored. */
  acknowledge(): void
  edited(): void
  /** The page is being left: codes on the screen are dropped. They are not shown again. */
  leave(): void
}

export interface FactorsParts {
  readonly adapter: AuthAdapter
  readonly clock: Clock
  readonly lane: Lane
  readonly sessions: SessionSource
  readonly emit: (event: AuthEvent) => void
  /** The list is not what it was. */
  readonly onChanged: () => void
}

export const initialFactorsState: FactorsState = { pending: null, problem: null, done: null, codes: null, codesLost: false }

/** Changes of a person's factors, on the same lane and rules as a sign-in. Verbs resolve; errors land in the state. */
export function createFactorsRunner({ adapter, clock, lane, sessions, emit, onChanged }: FactorsParts): FactorsRunner {
  const store = createStore(initialFactorsState)
  let release: (() => void) | undefined
  /** The page was left so often; what is answered then is not shown. */
  let leaves = 0

  function set(change: Partial<FactorsState>) {
    const next = { ...store.get(), ...change }
    // A gate that closes over codes which nobody has stored yet would take them away.
    if ((next.codes !== null) !== (store.get().codes !== null)) {
      release?.()
      release = next.codes ? sessions.hold() : undefined
    }
    store.set(next)
  }

  function mfa() {
    if (!adapter.mfa) throw new AuthError('not_supported', `The ${adapter.name} adapter manages no factors.`)
    return adapter.mfa
  }

  function verb(name: FactorsVerb, about: string, work: (ask: Ask) => Promise<Partial<FactorsState>>): Promise<void> {
    if (!lane.busy) set({ pending: name, problem: null, done: null })
    return lane.run(`${name}:${about}`, async (ask) => {
      try {
        set({ ...(await work(ask)), pending: null })
        onChanged()
      } catch (thrown) {
        const error = toAuthError(thrown)
        emit({ type: 'error', code: error.code, step: 'managing' })
        set({ pending: null, problem: problemOf(error, clock.now()) })
        // Whatever the answer was, the list is what the backend says now.
        if (error.outcome === 'unknown' || error.code === 'factor_not_found') onChanged()
      }
    })
  }

  /** No answer is no refusal: the list tells whether it happened. */
  async function confirmed(ask: Ask, thrown: unknown, happened: (factors: readonly Factor[]) => boolean): Promise<void> {
    if (toAuthError(thrown).outcome === 'refused') throw thrown
    const lost = new AuthError('not_confirmed', undefined, { outcome: 'unknown' })
    const factors = await ask((o) => mfa().listFactors({ ...o, fresh: true })).catch(() => Promise.reject(lost))
    if (!happened(factors)) throw lost
  }

  return {
    get: store.get,
    subscribe: store.subscribe,

    rename: (factorId, friendlyName) =>
      verb('rename', factorId, async (ask) => {
        const { rename } = mfa()
        if (!rename) throw new AuthError('not_supported', `The ${adapter.name} adapter renames no factors.`)
        await ask((o) => rename({ factorId, friendlyName }, o)).catch((thrown: unknown) =>
          confirmed(ask, thrown, (all) => all.some((f) => f.id === factorId && f.friendlyName === friendlyName)),
        )
        return { done: 'renamed' }
      }),

    makeDefault: (factorId) =>
      verb('make_default', factorId, async (ask) => {
        const { makeDefault } = mfa()
        if (!makeDefault) throw new AuthError('not_supported', `The ${adapter.name} adapter makes no factor the default one.`)
        await ask((o) => makeDefault({ factorId }, o)).catch((thrown: unknown) =>
          confirmed(ask, thrown, (all) => all.some((f) => f.id === factorId && f.isDefault === true)),
        )
        return { done: 'made_default' }
      }),

    remove: ({ id: factorId, strategy }, password) =>
      verb('remove', factorId, async (ask) => {
        await ask((o) => mfa().unenroll({ factorId, ...(password && { password }) }, o)).catch((thrown: unknown) =>
          confirmed(ask, thrown, (all) => all.every((f) => f.id !== factorId)),
        )
        // The level that this session has may have gone with it.
        sessions.changed()
        emit({ type: 'removed', strategy })
        return { done: 'removed' }
      }),

    generate: (password) =>
      verb('generate', '', async (ask) => {
        const { backupCodes } = mfa()
        if (!backupCodes) throw new AuthError('not_supported', `The ${adapter.name} adapter offers no backup codes.`)
        const before = leaves
        set({ codes: null })
        try {
          const codes = await ask((o) => backupCodes.generate(password ? { password } : {}, o))
          return before === leaves ? { codes, codesLost: false } : { codesLost: true }
        } catch (thrown) {
          if (toAuthError(thrown).outcome === 'unknown') set({ codesLost: true })
          throw thrown
        }
      }),

    acknowledge: () => set({ codes: null }),
    edited: () => set({ problem: null, done: null }),
    leave() {
      leaves++
      const { codes, codesLost } = store.get()
      set({ codes: null, codesLost: codesLost || codes !== null, problem: null, done: null })
    },
  }
}
