import { AuthError } from './AuthError.js'

/** The digits of a code, for a backend that compares codes as text. Rejects `code_incorrect` where there are none. */
export function codeDigits(code = ''): string {
  const digits = code.replace(/\D/g, '')
  if (!digits) throw new AuthError('code_incorrect', undefined, { field: 'code' })
  return digits
}
