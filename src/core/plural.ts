/** A text in the forms that a language's plural rules ask for (CLDR categories); `other` is always there. `{count}` is the number. */
export type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>
