import type { Channel } from '../../core/strategy.js'
import { newListeners } from './listeners.js'

/** A message that a real backend would have sent. */
export interface MemoryMessage {
  readonly to: string
  readonly channel: 'email' | Channel
  /** Empty where the message brings a link. */
  readonly code: string
  /** What `email_link` sends: the address given to `prepare…Factor`, with a token. */
  readonly link?: string
  readonly purpose: 'first_factor' | 'second_factor' | 'reset_password' | 'enrollment'
  /** Backend time in milliseconds since 1970. */
  readonly at: number
}

export interface MemoryOutbox {
  /** Oldest first. A new array for each change, so that it can be a store's snapshot. */
  readonly messages: readonly MemoryMessage[]
  /** The newest message, of one address or number if it is named. */
  latest(to?: string): MemoryMessage | undefined
  clear(): void
  /** Tells of each change; answers with the way to stop. */
  subscribe(changed: () => void): () => void
}

export function memoryOutbox(): MemoryOutbox & { send(message: MemoryMessage): void } {
  let messages: readonly MemoryMessage[] = []
  const { add, tell } = newListeners()
  const replace = (next: readonly MemoryMessage[]) => {
    messages = next
    tell()
  }
  return {
    get messages() {
      return messages
    },
    latest: (to) => messages.findLast((message) => to === undefined || message.to === to),
    clear: () => replace([]),
    subscribe: add,
    send: (message) => replace([...messages, message]),
  }
}
