/** The parameter by which a page knows that it was led back to. Nothing else is in it. */
export const wayParameter = 'latchkey'

/** `return`: from a provider; `link`: by a mailed link, which is not followed before the person says so. `null`: by none of them. */
export function wayBack(): string | null {
  return new URLSearchParams(location.search).get(wayParameter)
}
