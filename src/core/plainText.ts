/**
 * A name that somebody gave, fit for a line of text: without control characters and without those that turn the direction of what follows (Unicode
 * UAX #9 §2), so that it can neither look like its neighbours nor rearrange them.
 */
export const plainText = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').trim()
