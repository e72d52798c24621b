import { AuthError } from '../core/AuthError.js'
import type { Json } from '../core/json.js'

/** Says whether an origin is one of those whose pages this server serves. */
export type IsOwn = (origin: string) => boolean

/**
 * Reads a value into a fresh one of the members that it knows, and throws `Malformed` where one of them is missing or of another kind. What it
 * does not know stays behind: on the way in nothing reaches an adapter by accident, on the way out no token does.
 */
export type Read<T> = (value: unknown, isOwn?: IsOwn) => T

export class Malformed extends Error {}

type Shape = Readonly<Record<string, Read<unknown>>>
type Flat<T> = { [K in keyof T]: T[K] }
type Of<Required extends Shape, Optional extends Shape> = Flat<
  { [K in keyof Required]: ReturnType<Required[K]> } & { [K in keyof Optional]?: ReturnType<Optional[K]> }
>

function when<T>(is: (value: unknown) => boolean): Read<T> {
  return (value) => {
    if (is(value)) return value as T
    throw new Malformed()
  }
}

/** `most` and `least` in UTF-16 units. */
export const text = (most = Infinity, least = 0): Read<string> =>
  when((value) => typeof value === 'string' && value.length <= most && value.length >= least)

export const flag: Read<boolean> = when((value) => typeof value === 'boolean')

export const matching = <T extends string>(pattern: RegExp): Read<T> =>
  when((value) => typeof value === 'string' && pattern.test(value))

export const one = <const T extends string>(...of: readonly T[]): Read<T> => when((value) => of.includes(value as T))

export const whole: Read<number> = when((value) => Number.isSafeInteger(value))

/** JSON has no infinity: an adapter that says "never" says nothing. */
export const quantity: Read<number | undefined> = (value) => {
  if (typeof value !== 'number') throw new Malformed()
  return Number.isFinite(value) ? value : undefined
}

/** For a member that must not be there. */
export const absent: Read<never> = () => {
  throw new Malformed()
}

export const nullable =
  <T>(read: Read<T>): Read<T | null> =>
  (value, isOwn) =>
    value === null ? null : read(value, isOwn)

export const list =
  <T>(read: Read<T>): Read<T[]> =>
  (value, isOwn) => {
    if (!Array.isArray(value)) throw new Malformed()
    return value.map((item) => read(item, isOwn))
  }

export function record<R extends Shape, O extends Shape = Record<never, never>>(required: R, optional?: O): Read<Of<R, O>> {
  const members = Object.entries({ ...optional, ...required })
  return (value, isOwn) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Malformed()
    const given = value as Record<string, unknown>
    const known: Record<string, unknown> = {}
    for (const [name, read] of members) {
      if (given[name] !== undefined) known[name] = read(given[name], isOwn)
      else if (name in required) throw new Malformed()
    }
    return known as Of<R, O>
  }
}

/** The first that fits. */
export function either<T>(...reads: readonly Read<T>[]): Read<T> {
  return (value, isOwn) => {
    for (const read of reads) {
      try {
        return read(value, isOwn)
      } catch (thrown) {
        if (!(thrown instanceof Malformed)) throw thrown
      }
    }
    throw new Malformed()
  }
}

export const both =
  <A, B>(first: Read<A>, second: Read<B>): Read<A & B> =>
  (value, isOwn) => ({ ...first(value, isOwn), ...second(value, isOwn) })

/** Any JSON object, for what only a browser's WebAuthn and a backend understand. Not so deep that whoever walks it runs out of stack. */
export const jsonObject: Read<Json> = (value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Malformed()
  return plain(value, 16)
}

function plain(value: unknown, depth: number): Json {
  if (depth === 0) throw new Malformed()
  if (Array.isArray(value)) return value.map((item) => plain(item, depth - 1))
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    // Copied further by assignment, this name would change what the copy inherits.
    if (entries.some(([name]) => name === '__proto__')) throw new Malformed()
    return Object.fromEntries(entries.map(([name, item]) => [name, plain(item, depth - 1)]))
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return value as Json
  throw new Malformed()
}

const isHttp = (value: unknown) => typeof value === 'string' && /^https?:/i.test(value) && URL.canParse(value)

export const url: Read<string> = when((value) => isHttp(value) && String(value).length <= 8_192)

/** Where a provider may send the person back to. Rejects `redirect_denied` for other people's pages, so that this server is no open redirect. */
export const ownUrl: Read<string> = (value, isOwn) => {
  const given = url(value)
  if (!isOwn?.(new URL(given).origin)) throw new AuthError('redirect_denied')
  return given
}

export const ownOrigin: Read<string> = (value, isOwn) => {
  if (typeof value !== 'string' || !isOwn?.(value)) throw new Malformed()
  return value
}
