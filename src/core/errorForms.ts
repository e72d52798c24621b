import type { AuthErrorCode } from './AuthError.js'

/** Our codes, each with the form of the names that a backend gives to what it means. */
export type ErrorForms = Partial<Record<AuthErrorCode, RegExp>>

/** The first that fits; `undefined` for a name that says nothing to us. */
export function ourCode(forms: ErrorForms, theirs: string): AuthErrorCode | undefined {
  return (Object.keys(forms) as AuthErrorCode[]).find((ours) => forms[ours]?.test(theirs))
}
