import type { AuthAdapter } from '../core/adapter.js'
import type { FactorReading } from '../core/factorSource.js'
import type { Reading } from '../core/session.js'
import { createSharedRead, type SharedRead } from './sharedRead.js'

/** One of each per adapter. */
const sessions = new WeakMap<AuthAdapter, SharedRead<Reading>>()
const factors = new WeakMap<AuthAdapter, SharedRead<FactorReading>>()

function oneOf<T>(all: WeakMap<AuthAdapter, SharedRead<T>>, adapter: AuthAdapter): SharedRead<T> {
  const read = all.get(adapter) ?? createSharedRead<T>()
  all.set(adapter, read)
  return read
}

export const sessionQueryOf = (adapter: AuthAdapter) => oneOf(sessions, adapter)
export const factorQueryOf = (adapter: AuthAdapter) => oneOf(factors, adapter)
