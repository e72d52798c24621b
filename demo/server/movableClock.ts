const RealDate = Date
let offsetMs = 0

/** Moves this process's `Date` forward, so that expiry can be seen without waiting. Timers and monotonic clocks stay. */
export const movableClock = {
  /** Before the libraries that shall follow it are loaded. */
  install() {
    if (globalThis.Date !== RealDate) return
    globalThis.Date = new Proxy(RealDate, {
      construct: (target, args: [], newTarget) =>
        Reflect.construct(target, args.length === 0 ? [movableClock.now()] : args, newTarget) as Date,
      apply: () => new RealDate(movableClock.now()).toString(),
      get: (target, key, receiver) => (key === 'now' ? movableClock.now : (Reflect.get(target, key, receiver) as unknown)),
    })
  },
  now: () => RealDate.now() + offsetMs,
  advance(ms: number) {
    offsetMs += ms
  },
  reset() {
    offsetMs = 0
  },
}
