import { AuthError } from './AuthError.js'
import type { Clock } from './clock.js'

/** What has no answer after `ms` milliseconds is rejected as `network` with an unknown outcome; `late` is called just before. */
export function bounded<T>(clock: Clock, ms: number, answer: Promise<T>, late?: () => void): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = clock.setTimeout(() => {
      late?.()
      reject(new AuthError('network', `No answer within ${ms} ms.`, { outcome: 'unknown' }))
    }, ms)
    void answer.then(resolve, reject).finally(() => clock.clearTimeout(timer))
  })
}
