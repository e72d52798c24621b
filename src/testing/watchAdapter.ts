import type { AuthAdapter } from '../core/adapter.js'
import { ContractViolation } from './check.js'
import { findSecret } from './findSecret.js'
import { throughVerbs, type VerbCall, type VerbName } from './throughVerbs.js'
import { malformed, malformedError } from './wellFormed.js'

/** What is seen of an adapter's calls, over all browsers of a case. */
export interface Watch {
  /** Broken promises that hold for every verb. */
  readonly faults: string[]
  /** Tells of something that no answer and no error may hold. */
  keep(secret: string, what: string): void
  /** Looks through everything that was handed back once more, for what only the stage knows. */
  lookFor(secrets: readonly string[]): void
}

type Given = Partial<Record<'password' | 'code' | 'signature' | 'captchaToken' | 'url', unknown>>

const linkToken = 'the token of a link'

/** Where secrets are what was asked for. */
const answersWithSecrets: Partial<Record<VerbName, readonly string[]>> = {
  'mfa.enroll': ['secret', 'uri'],
  'mfa.challenge': ['secret', 'uri'],
  'mfa.verify': ['backupCodes'],
}

export function createWatch(verbTimeoutMs: number): Watch & { readonly on: (adapter: AuthAdapter) => AuthAdapter } {
  const faults: string[] = []
  const secrets = new Map<string, string>()
  const handed: { readonly verb: VerbName; readonly value: unknown }[] = []

  function keep(secret: unknown, what: string) {
    if (typeof secret === 'string' && secret) secrets.set(secret, what)
  }

  function keepGiven(args: readonly unknown[]) {
    const { password, code, signature, captchaToken, url } = Object.assign({}, ...args) as Given
    keep(password, 'a password')
    keep(code, 'a code')
    keep(signature, 'a signature')
    keep(captchaToken, 'a captcha token')
    if (typeof url !== 'string') return
    for (const value of new URLSearchParams(url.replace(/^[^?#]*[?#]/, '').replaceAll('#', '&')).values()) {
      if (value.length >= 16) keep(value, linkToken)
    }
  }

  /** Looks, and then keeps what this verb may hand out and no later one may. */
  function look(verb: VerbName, value: unknown) {
    // A link may name the session that it has made; that is an id, not a key to it.
    const { id, currentLevel } = Object(value) as { id?: string | null; currentLevel?: unknown }
    if (currentLevel !== undefined && id && secrets.get(id) === linkToken) secrets.delete(id)
    const open = answersWithSecrets[verb] ?? []
    const isList = verb === 'mfa.backupCodes.generate'
    const rest = isList ? null : without(value, open)
    const found = findSecret(rest, secrets)
    if (found) faults.push(`${verb} hands back ${found}`)
    handed.push({ verb, value: rest })
    if (isList) for (const code of value as readonly unknown[]) keep(code, 'a backup code')
    const { secret, backupCodes } = Object(value) as { secret?: unknown; backupCodes?: readonly unknown[] }
    keep(secret, 'the secret of an authenticator app')
    for (const code of Array.isArray(backupCodes) ? backupCodes : []) keep(code, 'a backup code')
  }

  async function around({ verb, args, run }: VerbCall): Promise<unknown> {
    keepGiven(args)
    try {
      const answer = await within(verbTimeoutMs, run(), verb)
      look(verb, answer)
      faults.push(...malformed(answer).map((problem) => `${verb} ${problem}`))
      return answer
    } catch (thrown) {
      if (thrown instanceof ContractViolation) {
        faults.push(thrown.message)
        throw thrown
      }
      const found = findSecret(thrown, secrets, 'its error')
      if (found) faults.push(`${verb} was rejected and shows ${found}`)
      handed.push({ verb, value: thrown })
      faults.push(...malformedError(thrown).map((problem) => `${verb} ${problem}`))
      throw thrown
    }
  }

  return {
    faults,
    keep,
    on: (adapter) => throughVerbs(adapter, around),
    lookFor(tokens) {
      const named = new Map(tokens.filter((token) => token.length >= 8).map((token) => [token, 'a token of this browser']))
      for (const { verb, value } of handed) {
        const found = findSecret(value, named)
        if (found) faults.push(`${verb} hands back ${found}`)
      }
    },
  }
}

function without(value: unknown, names: readonly string[]): unknown {
  if (names.length === 0 || typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)))
}

function within(ms: number, answer: Promise<unknown>, verb: VerbName): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout>
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ContractViolation(`${verb} did not settle within ${ms} ms.`)), ms)
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}
