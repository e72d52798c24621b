/** A value that can be looked at and listened to, in the shape that `useSyncExternalStore` takes. */
export interface Store<T> {
  get(): T
  subscribe(changed: () => void): () => void
}

export function createStore<T>(initial: T): Store<T> & { set(next: T): void } {
  const listeners = new Set<() => void>()
  let value = initial
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const listener of [...listeners]) listener()
    },
    subscribe(changed) {
      listeners.add(changed)
      return () => void listeners.delete(changed)
    },
  }
}
