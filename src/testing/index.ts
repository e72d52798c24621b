export type { Act, AdapterHarness, Evidence, Lever, Person, PersonWants, Stage } from './adapterHarness.js'
export { adapterContract, type ContractCase } from './adapterContract.js'
