import { GotrueError, type State } from './gotrueStandInState.js'

/** Requests a second after the first 30, by default; each line is a count of its own. All that a test sends is one client's. */
const limits: readonly (readonly [RegExp, number])[] = [
  [/^POST \/factors\/[^/]+\/challenge$/, 15 / 60],
  [/^POST \/factors\/[^/]+\/verify$/, 15 / 60],
  [/^POST \/token$/, 150 / 300],
  [/^(GET|POST) \/verify$/, 30 / 300],
  [/^POST \/otp$/, 30 / 300],
  [/^POST \/recover$/, 30 / 300],
  [/^PUT \/user$/, 30 / 300],
  [/^POST \/sso$/, 30 / 300],
  [/^POST \/passkeys\/authentication\//, 30 / 300],
]
const burst = 30

/** Counts requests as the server does where nobody has set it otherwise. Throws what it answers to one too many: it names no wait. */
export function createLimits({ settings, now }: State) {
  const buckets = limits.map(() => ({ left: burst, at: now() }))
  return {
    count(line: string): void {
      const index = limits.findIndex(([form]) => form.test(line))
      const [bucket, limit] = [buckets[index], limits[index]]
      if (!settings.limits || !bucket || !limit) return
      bucket.left = Math.min(burst, bucket.left + ((now() - bucket.at) / 1_000) * limit[1])
      bucket.at = now()
      if (bucket.left < 1) throw new GotrueError(429, 'over_request_rate_limit', 'Request rate limit reached')
      bucket.left -= 1
    },
  }
}
