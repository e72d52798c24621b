import type { AuthAdapter } from '../core/adapter.js'

/** Every member of the contract that answers with a promise, by its path. */
export type VerbName =
  | `signIn.${'create' | 'passkeyOptions' | 'resume' | 'reload' | 'prepareFirstFactor' | 'attemptFirstFactor'}`
  | `signIn.${'prepareSecondFactor' | 'attemptSecondFactor' | 'resetPassword' | 'finish' | 'cancel'}`
  | `session.${'get' | 'signOut'}`
  | 'stepUp.create'
  | `mfa.${'listFactors' | 'enroll' | 'challenge' | 'verify' | 'abandon' | 'unenroll' | 'rename' | 'makeDefault' | 'acceptedPasskeys'}`
  | `mfa.backupCodes.${'status' | 'generate'}`

export interface VerbCall {
  readonly verb: VerbName
  readonly args: readonly unknown[]
  /** Asks the adapter. */
  run(): Promise<unknown>
}

const parts = ['signIn', 'session', 'stepUp', 'mfa', 'mfa.backupCodes']
/** These answer at once. */
const notVerbs = ['session.subscribe', 'stepUp.detect']

/** The same adapter, each of whose verbs goes through `around`. What is absent stays absent. */
export function throughVerbs(adapter: AuthAdapter, around: (call: VerbCall) => Promise<unknown>): AuthAdapter {
  function wrap<Part extends object>(part: Part, path: string): Part {
    const wrapped = {}
    for (const key of keysOf(part)) {
      const name = `${path}${key}`
      let known: unknown
      let made: unknown
      Object.defineProperty(wrapped, key, {
        enumerable: true,
        get: () => {
          const member: unknown = Reflect.get(part, key)
          if (member !== known) {
            known = member
            made = parts.includes(name) && member ? wrap(member, `${name}.`) : wrapMember(part, member, name)
          }
          return made
        },
      })
    }
    return wrapped as Part
  }

  function wrapMember(owner: object, member: unknown, name: string): unknown {
    if (typeof member !== 'function') return member
    if (notVerbs.includes(name)) return (...args: unknown[]) => Reflect.apply(member, owner, args) as unknown
    // Async, so that an adapter which throws at once rejects like any other.
    return (...args: unknown[]) =>
      around({ verb: name as VerbName, args, run: async () => Reflect.apply(member, owner, args) as unknown })
  }

  return wrap(adapter, '')
}

/** An adapter may be a class: methods of prototypes count, those that every object has do not. */
function keysOf(part: object): Set<string> {
  const keys = new Set<string>()
  for (let at: object | null = part; at && at !== Object.prototype; at = Object.getPrototypeOf(at) as object | null) {
    for (const key of Object.getOwnPropertyNames(at)) if (key !== 'constructor') keys.add(key)
  }
  return keys
}
