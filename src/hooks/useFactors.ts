'use client'
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { AuthError } from '../core/AuthError.js'
import type { Factor, FactorChange } from '../core/enrollment.js'
import { isLastFactor, readFactors, type FactorReading } from '../core/factorSource.js'
import { createFactorsRunner, type FactorsRunner, type FactorsState } from '../core/factorsRunner.js'
import { createStore } from '../core/store.js'
import type { EnrollType } from '../core/strategy.js'
import { onReturn } from './onReturn.js'
import { factorQueryOf } from './sessionQuery.js'
import { unseen } from './sharedRead.js'
import { signalPasskeys } from './signalPasskeys.js'
import { useEngine } from './useEngine.js'
import { useStepUp } from './useStepUp.js'

export interface UseFactors extends Omit<FactorsRunner, 'get' | 'subscribe' | 'leave'> {
  /** `stale`: the newest read failed; the factors are those of the last one that did not. `unsupported`: the adapter lists none. */
  readonly status: 'loading' | 'error' | 'stale' | 'ready' | 'unsupported'
  /** Pending ones too. Empty until the first answer. */
  readonly factors: readonly Factor[]
  readonly backupCodes: FactorReading['backupCodes']
  /** Of the changes: what is under way, what went wrong, what was done. */
  readonly state: FactorsState
  /** A change waits for a step-up, whose screens are to be drawn now. */
  readonly challenging: boolean
  /** What can still be enrolled: a kind of which there may be one only is left out once it is there. */
  readonly addable: readonly EnrollType[]
  canRename(factor: Factor): boolean
  /** A verified factor that is not the default one yet. */
  canMakeDefault(factor: Factor): boolean
  readonly canGenerate: boolean
  /** The backend wants the password for removing and for new backup codes. */
  readonly asksPassword: boolean
  isLast(factor: Factor): boolean
  recheck(): Promise<void>
}

const takes = ({ status, changes }: Factor, change: FactorChange) => status === 'verified' && (changes?.includes(change) ?? true)

const kindOf = (strategy: string): EnrollType | undefined =>
  strategy === 'totp' ? 'totp' : /key$/.test(strategy) ? 'webauthn' : (/^(phone|email)_/.exec(strategy)?.[1] as EnrollType)

/**
 * A person's factors and what they can do with them. All who look share one request; it is asked again on focus, on reconnect and after every
 * change. Where a change needs a step-up, the challenge opens and the change is made once more after it.
 */
export function useFactors(): UseFactors {
  const engine = useEngine()
  const { adapter, sessions, clock, timeoutMs } = engine
  const { capabilities, mfa } = adapter
  const query = factorQueryOf(adapter)
  const seen = useSyncExternalStore(query.subscribe, query.get, () => unseen)
  const [last, setLast] = useState<FactorReading>()
  if (seen.reading && seen.reading !== last) setLast(seen.reading)
  const read = useCallback(() => readFactors(adapter, clock, timeoutMs), [adapter, clock, timeoutMs])
  const recheck = useCallback(() => query.ask(read), [query, read])
  const [changed] = useState(() => createStore(() => {}))
  const [runner] = useState(() => createFactorsRunner({ ...engine, onChanged: () => changed.get()() }))
  const state = useSyncExternalStore(runner.subscribe, runner.get, runner.get)
  const stepUp = useStepUp(async (verb: () => Promise<void>) => {
    await verb()
    if (runner.get().problem?.code === 'step_up_required') throw new AuthError('step_up_required')
  })
  // What became of it stands in the state.
  const change = (verb: () => Promise<void>) => stepUp.run(verb).catch(() => undefined)

  useEffect(() => {
    const renew = () => void query.ask(read, true)
    changed.set(renew)
    if (!mfa) return
    const stops = [sessions.subscribe(renew), onReturn(() => void recheck())]
    void recheck()
    return () => stops.forEach((stop) => stop())
  }, [query, sessions, read, recheck, changed, mfa])

  // Of the newest list, and of none that failed.
  const keys = seen.reading?.factors.flatMap(({ id, strategy }) => (strategy.endsWith('key') ? id : [])).join()
  useEffect(() => {
    if (keys === undefined || !mfa?.acceptedPasskeys) return
    void signalPasskeys(engine)
  }, [keys, mfa, engine])

  useEffect(() => {
    const leave = () => runner.leave()
    addEventListener('pagehide', leave)
    return () => {
      removeEventListener('pagehide', leave)
      leave()
    }
  }, [runner])

  const { factors, backupCodes } = seen.reading ?? last ?? { factors: [] as readonly Factor[], backupCodes: undefined }
  const has = (type: EnrollType) => factors.some((one) => one.status === 'verified' && kindOf(one.strategy) === type)
  return {
    ...runner,
    status: !mfa ? 'unsupported' : seen.reading ? 'ready' : seen.failed ? (last ? 'stale' : 'error') : last ? 'ready' : 'loading',
    factors,
    backupCodes,
    state,
    challenging: stepUp.challenging,
    addable: mfa ? capabilities.enroll.filter(({ type, many }) => many || !has(type)).map(({ type }) => type) : [],
    canRename: (factor) => mfa?.rename !== undefined && takes(factor, 'rename'),
    canMakeDefault: (factor) => mfa?.makeDefault !== undefined && !factor.isDefault && takes(factor, 'make_default'),
    canGenerate: mfa?.backupCodes !== undefined,
    asksPassword: capabilities.managePassword,
    isLast: (factor) => isLastFactor(factors, factor.id, capabilities.secondFactors),
    recheck,
    rename: (factorId, name) => change(() => runner.rename(factorId, name)),
    makeDefault: (factorId) => change(() => runner.makeDefault(factorId)),
    remove: (factor, password) => change(() => runner.remove(factor, password)),
    generate: (password) => change(() => runner.generate(password)),
  }
}
