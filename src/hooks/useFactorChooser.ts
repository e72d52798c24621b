'use client'
import type { ComponentPropsWithRef } from 'react'
import type { FactorOption } from '../core/attempt.js'
import type { Problem } from '../core/flow.js'
import { safestFirst } from '../core/safestFirst.js'
import type { Strategy } from '../core/strategy.js'
import { mergeProps } from './mergeProps.js'
import { useFlow } from './useFlow.js'

export interface UseFactorChooser {
  /** The safest first; among equals in the adapter's order. */
  readonly factors: readonly FactorOption[]
  /** The backend said nothing of the factors: an error, never "none needed". */
  readonly unknown: boolean
  readonly which: 'first' | 'second'
  readonly pending: boolean
  readonly problem: Problem | null
  /** A native button for each: pressing it chooses, and sends where the factor sends. Focus does neither. */
  getFactorProps(factor: FactorOption, given?: ComponentPropsWithRef<'button'>): ComponentPropsWithRef<'button'>
  reload(): Promise<void>
  signOut(): Promise<void>
}

/** The factors to choose from. A code is sent on the press of a button and on nothing else. */
export function useFactorChooser(): UseFactorChooser {
  const { signIn, state } = useFlow()
  const second = state.step === 'choose-second'
  return {
    factors: 'factors' in state ? safestFirst<Strategy>(state.factors) : [],
    unknown: second && state.attempt.supportedSecondFactors === null,
    which: second ? 'second' : 'first',
    pending: state.pending !== null,
    problem: state.problem,
    getFactorProps: (factor, given) =>
      mergeProps(
        {
          type: 'button',
          'aria-disabled': state.pending !== null || undefined,
          onClick: () => void signIn.choose(factor.id),
        },
        given,
      ),
    reload: () => signIn.reload(),
    signOut: () => signIn.back(),
  }
}
