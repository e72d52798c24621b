'use client'
import type { ReactNode } from 'react'
import type { FirstMessages, Plural } from '../core/messages.js'
import { enFirst } from '../locales/enFirst.js'
import { useAuth } from './context.js'

/** The texts of the first screen. Later screens use `useAllTexts`, which brings the whole catalogue. */
export function useTexts(): FirstMessages {
  return useAuth().messages ?? enFirst
}

/** Fills `{names}` in. What goes in is isolated, so that an address in a right-to-left sentence stays in one piece. */
export function fill(text: string, values: Readonly<Record<string, ReactNode>>): ReactNode[] {
  return text.split(/\{(\w+)\}/).map((part, i) => (i % 2 ? <bdi key={i}>{values[part]}</bdi> : part))
}

/** The form of a text that a language uses for a number, with the number written as that language writes it. */
export function plural(forms: Plural, count: number, locale: string): string {
  const form = forms[new Intl.PluralRules(locale).select(count)] ?? forms.other
  return form.replace('{count}', new Intl.NumberFormat(locale).format(count))
}

/** A wait for people, rounded up: never shorter than it is. */
export function duration(ms: number, locale: string): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  const unit = seconds <= 90 ? 'second' : 'minute'
  const format = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' })
  return format.format(unit === 'second' ? seconds : Math.ceil(seconds / 60))
}
