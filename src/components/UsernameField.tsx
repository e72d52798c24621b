'use client'
import { slot } from '../hooks/stateAttributes.js'

/** Whose password is asked for: out of sight, for password managers. */
export function UsernameField({ value }: { value: string }) {
  return (
    <input
      {...slot('username')}
      type="text"
      name="username"
      autoComplete="username"
      value={value}
      readOnly
      tabIndex={-1}
      aria-hidden="true"
    />
  )
}
