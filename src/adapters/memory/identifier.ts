import { AuthError } from '../../core/AuthError.js'
import type { MemoryStore, UserRecord } from './memoryStore.js'

/** One spelling for all the ways in which people write an address or a number. */
export function identifierKey(text: string): string {
  return text.includes('@') ? text.trim().toLowerCase() : text.replace(/[\s().-]/g, '')
}

/** Of an address or, written in full, a number. */
export function userByIdentifier(store: MemoryStore, identifier: string): UserRecord | null {
  const key = identifierKey(identifier)
  const named = ({ email, phone = '' }: UserRecord) => [email, phone].some((one) => one && identifierKey(one) === key)
  return [...store.users.values()].find(named) ?? null
}

/** Judges the text alone, so that the answer is the same for known and unknown people. */
export function requireIdentifier(store: MemoryStore, text: string): void {
  const isEmail = /^\s*[^\s@]+@[^\s@]+\s*$/.test(text)
  const kind = isEmail ? 'email' : 'phone'
  const good = (isEmail || isPhone(text)) && store.settings.identifiers.includes(kind)
  if (!good) throw new AuthError('identifier_invalid', undefined, { field: 'identifier' })
}

/** A number in full, with its country. */
export function isPhone(text: string): boolean {
  return /^\+\d{7,15}$/.test(identifierKey(text))
}

/** `a•••@example.com` or `+•••42`: always three dots, so that the length is not told. */
export function masked(address: string): string {
  return address.includes('@') ? address.replace(/^(.)[^@]*/su, '$1•••') : `+•••${address.slice(-2)}`
}
