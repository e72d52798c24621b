import { AsyncLocalStorage } from 'node:async_hooks'
import type { AuthAdapter } from '../../src/core/adapter.js'
import { throughVerbs } from '../../src/testing/throughVerbs.js'

const device = new AsyncLocalStorage<{ skewMs: number }>()
const skewMs = () => device.getStore()?.skewMs ?? 0

/**
 * A wrong clock for the device alone. Tests run the device's code and the server's in one process, with one `Date`; here it is wrong for what
 * runs within a call to the adapter, and right for the server that the call speaks to over a socket.
 */
export function createDeviceClock() {
  const clock = { skewMs: 0 }
  const UnskewedDate = globalThis.Date
  globalThis.Date = new Proxy(UnskewedDate, {
    construct: (target, args: [], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [target.now() + skewMs()] : args, newTarget) as Date,
    apply: (target) => new target(target.now() + skewMs()).toString(),
    get: (target, key, receiver) =>
      key === 'now' ? () => target.now() + skewMs() : (Reflect.get(target, key, receiver) as unknown),
  })
  return {
    set(ms: number) {
      clock.skewMs = ms
    },
    /** The adapter as it runs on this device. */
    on: (adapter: AuthAdapter) => throughVerbs(adapter, ({ run }) => device.run(clock, run)),
    /** The `Date` from before is back. */
    remove() {
      globalThis.Date = UnskewedDate
    },
  }
}
