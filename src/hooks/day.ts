/** A day for people, from an ISO 8601 instant. `null`: it is none. It decides nothing. */
export function day(iso: string | undefined, locale: string): string | null {
  const date = new Date(iso ?? '')
  return Number.isNaN(date.getTime()) ? null : new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(date)
}

/** Today, for people. */
export const today = (locale: string) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date())
