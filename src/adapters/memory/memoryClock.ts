/** The backend's time, in milliseconds since 1970. Every expiry, wait, age and TOTP step follows it. */
export interface MemoryClock {
  now(): number
  advance(ms: number): void
}

export function memoryClock(manualTime?: number): MemoryClock {
  let offset = 0
  return {
    now: () => (manualTime ?? Date.now()) + offset,
    advance(ms) {
      offset += ms
    },
  }
}
