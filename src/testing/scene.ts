import type { AuthAdapter, Capabilities } from '../core/adapter.js'
import type { IdentifierType } from '../core/strategy.js'
import type { Lever, Person, PersonWants, Stage } from './adapterHarness.js'
import { createWatch } from './watchAdapter.js'

/** A stage under watch: what a case plays on. */
export interface Scene {
  readonly adapter: AuthAdapter
  readonly capabilities: Capabilities
  readonly redirectUrl: string
  another(): Promise<AuthAdapter>
  reloaded(): Promise<AuthAdapter>
  person(wants?: PersonWants): Promise<Person>
  /** An identifier of the person's kind that nobody has. */
  stranger(person: Person): string
  /** Throws `MissingLever` where the stage has none. */
  lever<Name extends Lever>(name: Name): NonNullable<Stage[Name]>
  has(name: Lever): boolean
}

/** The stage has no such lever, and the case needs one. */
export class MissingLever extends Error {
  constructor(readonly lever: Lever) {
    super(`The stage has no ${lever}. Give it one, or declare it as a gap, with the reason.`)
  }
}

export interface OpenScene extends Scene {
  /** What every verb of the case broke, whatever the case was about. */
  end(): Promise<readonly string[]>
}

export function openScene(stage: Stage, verbTimeoutMs: number): OpenScene {
  const watch = createWatch(verbTimeoutMs)
  const adapter = watch.on(stage.adapter)

  function lever<Name extends Lever>(name: Name): NonNullable<Stage[Name]> {
    const pull = stage[name]
    if (!pull) throw new MissingLever(name)
    return pull.bind(stage) as NonNullable<Stage[Name]>
  }

  return {
    adapter,
    capabilities: adapter.capabilities,
    redirectUrl: stage.redirectUrl ?? 'http://localhost/callback',
    another: async () => watch.on(await lever('another')()),
    reloaded: async () => watch.on(await lever('reloaded')()),
    async person(wants = {}) {
      const person = await stage.person(wants)
      watch.keep(person.password, 'a password')
      return person
    },
    stranger: ({ identifier }) => nobody[adapter.capabilities.identifiers[0] ?? 'email'](identifier),
    lever,
    has: (name) => stage[name] !== undefined,
    async end() {
      watch.lookFor((await stage.secrets?.()) ?? [])
      return [...new Set(watch.faults)]
    },
  }
}

const nobody: Record<IdentifierType, (like: string) => string> = {
  email: (like) => `nobody-${like.length}x@${like.split('@')[1] ?? 'example.com'}`,
  // Of the range that is kept for fiction.
  phone: () => '+15555550199',
  username: (like) => `nobody_${like}`,
}
