import type { AdapterHarness, Lever } from './adapterHarness.js'
import { acceptedPasskeysCases } from './cases/acceptedPasskeysCases.js'
import { answerCases } from './cases/answerCases.js'
import { backupCodeCases } from './cases/backupCodeCases.js'
import { captchaCases } from './cases/captchaCases.js'
import { enrollmentCases } from './cases/enrollmentCases.js'
import { firstFactorCases } from './cases/firstFactorCases.js'
import { forcedEnrollmentCases } from './cases/forcedEnrollmentCases.js'
import { givingUpCases } from './cases/givingUpCases.js'
import { lostReplyCases } from './cases/lostReplyCases.js'
import { offerCases } from './cases/offerCases.js'
import { orderCases } from './cases/orderCases.js'
import { otherEnrollmentCases } from './cases/otherEnrollmentCases.js'
import { outageCases } from './cases/outageCases.js'
import { passkeyOptionsCases } from './cases/passkeyOptionsCases.js'
import { makeDefaultCases } from './cases/makeDefaultCases.js'
import { renameCases } from './cases/renameCases.js'
import { secondFactorCases } from './cases/secondFactorCases.js'
import { secretCases } from './cases/secretCases.js'
import { sessionCases } from './cases/sessionCases.js'
import { stepUpCases } from './cases/stepUpCases.js'
import { stepUpLevelCases } from './cases/stepUpLevelCases.js'
import { trustCases } from './cases/trustCases.js'
import { ContractViolation, fail } from './check.js'
import type { Draft } from './draft.js'
import { MissingLever, openScene } from './scene.js'

/** One promise of the contract, for any test runner: `test(name, run)`. */
export interface ContractCase {
  /** `second/totp/reused`: what gaps are declared by. */
  readonly id: string
  /** The id and what is promised. */
  readonly name: string
  /**
   * Rejects, with a message that says what was expected, where the adapter breaks the promise. Resolves with the reason where nothing was proved:
   * a declared gap, also one that showed only on the way.
   */
  run(): Promise<string | undefined>
  /** Why this backend cannot keep it, as the harness declares. Running the case prints it. */
  readonly gap?: string
}

export interface ContractOptions {
  /** A verb that has not settled after so many milliseconds never will. Default 5,000. */
  readonly verbTimeoutMs?: number
  /** Prints a gap when its case is run. Default `console.info`. */
  readonly print?: (line: string) => void
}

const levers: Record<Lever, true> = {
  another: true,
  reloaded: true,
  authenticator: true,
  passTime: true,
  loseNextReply: true,
  offline: true,
  skewClock: true,
  sent: true,
  secrets: true,
  refusedForStepUp: true,
  captchas: true,
  answerNext: true,
}

/**
 * The contract as cases: `for (const one of adapterContract(harness)) test(one.name, one.run)`. Those of a strategy are there if and only if the
 * harness's sample claims it. In every case, whatever it is about, it is watched that verbs settle and reject with an `AuthError` only, that
 * answers have the contract's form, and that no password, code, secret or token is in anything that is handed back.
 */
export function adapterContract(harness: AdapterHarness, options: ContractOptions = {}): readonly ContractCase[] {
  const { sample } = harness
  const drafts = [
    ...offerCases(sample),
    ...firstFactorCases(sample),
    ...passkeyOptionsCases(sample),
    ...secondFactorCases(sample),
    ...trustCases(sample),
    ...orderCases(sample),
    ...givingUpCases(sample),
    ...lostReplyCases(sample),
    ...outageCases(sample),
    ...answerCases(sample),
    ...sessionCases(sample),
    ...enrollmentCases(sample),
    ...otherEnrollmentCases(sample),
    ...forcedEnrollmentCases(sample),
    ...renameCases(sample),
    ...makeDefaultCases(sample),
    ...acceptedPasskeysCases(sample),
    ...backupCodeCases(sample),
    ...stepUpCases(sample),
    ...stepUpLevelCases(sample),
    ...secretCases(sample),
    ...captchaCases(sample),
  ]
  const [id, says] = [
    'harness/gaps',
    'each gap is of a case or a lever that there is, and no lever is there that is said to be missing',
  ]
  return [
    { id, name: `${id}: ${says}`, run: () => gapsAreTrue(harness, drafts) },
    ...drafts.map((draft) => contractCase(harness, draft, options)),
  ]
}

function contractCase(
  harness: AdapterHarness,
  draft: Draft,
  { print = console.info, verbTimeoutMs = 5_000 }: ContractOptions,
): ContractCase {
  const { gaps = {}, name } = harness
  const { id, says, needs = [] } = draft
  const missing = needs.find((lever) => gaps[lever])
  const key = Object.keys(gaps).find((one) => covers(one, id))
  const gap = gaps[key ?? missing ?? '']

  function tell(reason = '', seen = ''): string {
    print(`gap: ${name}, ${id}: ${reason}${seen}`)
    return reason
  }

  async function run(): Promise<string | undefined> {
    if (missing) return tell(gap)
    if (key === undefined) return play()
    let unclosed: { readonly thrown: unknown } | undefined
    const seen = await play((thrown) => (unclosed = { thrown })).then(
      (stopped) => stopped && 'it needs what is missing.',
      (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)),
    )
    // People that were left behind are no gap.
    if (unclosed) throw unclosed.thrown
    if (seen === undefined) fail(`"${key}" is declared as a gap (${gap}), and ${id} passes: the gap is not there.`)
    return tell(gap, ` (Seen: ${seen})`)
  }

  /** Answers with the reason where a missing lever stopped it. `note`: is told why the stage could not be closed. */
  async function play(note: (thrown: unknown) => void = () => {}): Promise<string | undefined> {
    const stage = await harness.open()
    const scene = openScene(stage, verbTimeoutMs)
    try {
      const broken = await draft.run(scene).then(
        () => undefined,
        (thrown: unknown) => ({ thrown }),
      )
      const faults = (await scene.end()).map((fault) => `\n  - ${fault}`).join('')
      const lever = broken?.thrown instanceof MissingLever ? broken.thrown.lever : undefined
      if (lever && gaps[lever] && !faults) return key === undefined ? tell(gaps[lever]) : gaps[lever]
      if (broken) throw faults && broken.thrown instanceof Error ? withFaultsOf(broken.thrown, faults) : broken.thrown
      if (faults) fail(`${id}: what holds for every verb was broken:${faults}`)
      return undefined
    } finally {
      await stage.close().catch((thrown: unknown) => {
        note(thrown)
        throw thrown
      })
    }
  }

  return { id, name: `${id}: ${says}`, run, ...(gap && { gap }) }
}

function withFaultsOf({ message }: Error, faults: string): ContractViolation {
  return new ContractViolation(`${message}\nSeen besides:${faults}`)
}

async function gapsAreTrue(harness: AdapterHarness, drafts: readonly Draft[]): Promise<undefined> {
  const { gaps = {} } = harness
  const isLever = (key: string): key is Lever => Object.hasOwn(levers, key)
  for (const [key, reason] of Object.entries(gaps)) {
    if (!reason.trim()) fail(`The gap "${key}" has no reason.`)
    if (!isLever(key) && !drafts.some(({ id }) => covers(key, id))) fail(`The gap "${key}" is of no case and no lever.`)
  }
  const stage = await harness.open()
  try {
    const there = Object.keys(gaps).find((key) => isLever(key) && stage[key] !== undefined)
    if (there) fail(`"${there}" is declared as a gap, and the stage has it.`)
  } finally {
    await stage.close()
  }
}

/** `second/totp` covers `second/totp/reused`, and so does a key with `*` for the middle part. */
function covers(key: string, id: string): boolean {
  const parts = id.split('/')
  return key.split('/').every((part, index) => part === '*' || part === parts[index])
}
