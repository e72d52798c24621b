export interface NamedTest {
  /** As it is written, quotes and all, with `%s` and `${…}`. */
  readonly title: string
  /** It is not run, or need not pass. */
  readonly isIdle: boolean
  /** For each table that it is made from, innermost last, the words in it; none where the test stands alone. */
  readonly tables: readonly (readonly string[])[]
}

/** `about` picks the rows of an outer table, where some are about it. */
export function testsOf(file: string, about: string): NamedTest[]
