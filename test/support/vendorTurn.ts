import type { BrowserCommand } from 'vitest/node'
import type { PersonWants } from '../../src/testing/index.js'
import type * as Stages from '../servers/vendorStages.js'
import type { DeviceKey, Door, KnownPerson, VendorName } from '../servers/vendorStages.js'

let loading: Promise<typeof Stages> | undefined

/** Loaded when the first page asks: no other test waits for servers that it does not need. Runs in the runner, not in a page. */
const stages = ({ project }: { project: { import<T>(path: string): Promise<T>; config: { root: string } } }) =>
  (loading ??= project.import<typeof Stages>(`${project.config.root}/test/servers/vendorStages.ts`))

export const openVendor: BrowserCommand<[VendorName, string]> = async (context, name, origin) =>
  (await stages(context)).openVendor(name, origin)
export const personAt: BrowserCommand<[VendorName, PersonWants, DeviceKey?]> = async (context, name, wants, key) =>
  (await stages(context)).personAt(name, wants, key)
export const askPerson: BrowserCommand<Parameters<typeof Stages.askPerson>> = async (context, identifier, what, about) =>
  (await stages(context)).askPerson(identifier, what, about)
export const closeVendor: BrowserCommand<[VendorName]> = async (context, name) => (await stages(context)).closeVendor(name)

declare module 'vitest/browser' {
  interface BrowserCommands {
    openVendor: (name: VendorName, origin: string) => Promise<Door>
    personAt: (name: VendorName, wants: PersonWants, key?: DeviceKey) => Promise<KnownPerson>
    askPerson: (...asked: Parameters<typeof Stages.askPerson>) => Promise<string>
    closeVendor: (name: VendorName) => Promise<void>
  }
}
