export interface Listeners {
  /** Answers with the way to stop. One function given twice is told twice and stopped once. */
  add(changed: () => void): () => void
  tell(): void
}

export function newListeners(): Listeners {
  const all = new Set<() => void>()
  return {
    add(changed) {
      const listener = () => changed()
      all.add(listener)
      return () => void all.delete(listener)
    },
    tell() {
      for (const listener of [...all]) listener()
    },
  }
}
