import type { ActiveSession } from './session.js'

export type OnComplete = (session: ActiveSession) => void

/** Who is told of a sign-in's end, and that it is told once. */
export interface Completion {
  /** The answer ends it: at once, or with the verb in flight, so that whoever began a sign-in hears of its end also when they have gone. */
  listen(next: OnComplete | undefined): () => void
  tell(session: ActiveSession): void
  /** A verb is over. */
  settled(): void
}

/** `report` gets what a listener throws. */
export function createCompletion(busy: () => boolean, report: (thrown: unknown) => void): Completion {
  let listener: OnComplete | undefined
  let hasGone = false
  let told: ActiveSession | undefined
  return {
    listen(next) {
      listener = next
      hasGone = false
      return () => {
        if (listener !== next) return
        if (busy()) hasGone = true
        else listener = undefined
      }
    },
    tell(session) {
      if (told === session) return
      told = session
      try {
        listener?.(session)
      } catch (thrown) {
        report(thrown)
      }
    },
    settled() {
      told = undefined
      if (hasGone) listener = undefined
      hasGone = false
    },
  }
}
