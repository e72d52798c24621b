/**
 * A `Retry-After` value in milliseconds, from seconds or an HTTP date (RFC 9110 §10.2.3). `serverDate` is the same answer's `Date` header:
 * without it a date says nothing, because this machine's clock may be wrong. Absent where the value makes no sense.
 */
export function retryAfterMs(value: string | null | undefined, serverDate?: string | null): number | undefined {
  if (!value) return undefined
  const text = value.trim()
  if (/^\d+$/.test(text)) return Number(text) * 1000
  // Date.parse reads a date into almost anything: "-5" is a day in May.
  const wait = serverDate && /^\w+, .+ GMT$/.test(text) ? Date.parse(text) - Date.parse(serverDate) : Number.NaN
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined
}
