export { adapterContract, type ContractCase, type ContractOptions } from './adapterContract.js'
export type { Act, AdapterHarness, Evidence, Lever, Person, PersonWants, Stage } from './adapterHarness.js'
export { throughVerbs, type VerbCall, type VerbName } from './throughVerbs.js'
export { withFaults, type Fault, type FaultRule } from './withFaults.js'
