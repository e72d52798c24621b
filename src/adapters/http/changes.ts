/** Tells of changed sessions, in this tab and in the others of this origin. */
export interface Changes {
  tell(): void
  subscribe(changed: () => void): () => void
}

export function createChanges(name: string): Changes {
  const listeners = new Set<() => void>()
  let channel: BroadcastChannel | undefined
  const tellHere = () => {
    for (const listener of [...listeners]) listener()
  }
  const open = () => (globalThis.BroadcastChannel ? new BroadcastChannel(name) : undefined)

  return {
    tell() {
      // Never inside the call that made the change.
      queueMicrotask(tellHere)
      const way = channel ?? open()
      way?.postMessage(null)
      if (way !== channel) way?.close()
    },
    subscribe(changed) {
      const listener = () => changed()
      listeners.add(listener)
      if (!channel) {
        channel = open()
        channel?.addEventListener('message', tellHere)
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        channel?.close()
        channel = undefined
      }
    },
  }
}
