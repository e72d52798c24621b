export type CodeType = 'numeric' | 'alphanumeric'

export interface CodeFormat {
  /** Characters, 4 to 10. */
  readonly length: number
  readonly type: CodeType
}

export type CodeProblem = 'empty' | 'too_short' | 'too_long' | 'not_digits' | 'not_alphanumeric'

const foreign = ({ type }: CodeFormat) => (type === 'numeric' ? /\D/ : /[\W_]/)

// Unicode keeps the ten digits of a script together and in order, so a digit's value is its distance from the first of its run;
// the mathematical digits are five such runs without a gap.
const digitValue = (codePoint: number): number =>
  /\p{Nd}/u.test(String.fromCodePoint(codePoint)) ? digitValue(codePoint - 1) + 1 : -1

const asciiDigits = (text: string) =>
  text.replace(/(?!\d)\p{Nd}/gu, (digit) => `${digitValue(digit.codePointAt(0) as number) % 10}`)

/**
 * What a person or a browser put into a code field, as the code alone: white space, dashes and invisible marks are gone, and
 * decimal digits of every script are ASCII. Everything else stays, so that nothing typed is lost unseen.
 */
export const normalizeCode = (raw: string): string => asciiDigits(raw).replace(/[\s\p{Dash}\p{DI}]/gu, '')

/** Whether `code` has the right length and kind to be sent. Takes what `readCode` gave. */
export const isCode = (code: string, format: CodeFormat): boolean => code.length === format.length && !foreign(format).test(code)

/**
 * The code in a field whose text is `raw` after `added` was put in, the same as `raw` where that is not known. If `added` is a whole
 * code, or a message with exactly one code in it, that is it, whatever stood beside it; else the field's text is, `normalizeCode`d. A
 * message without a code of that length, or with two different ones, stays as it is: a guess would be sent to the backend as an attempt.
 */
export function readCode(raw: string, format: CodeFormat, added?: string | null): string {
  const text = added ?? raw
  let code = normalizeCode(text)
  // Characters of a code and separators alone are somebody's typing, not a message; what is too long of it has to be shown.
  if (foreign(format).test(code)) {
    // Many senders write the code twice, the second time for the browser (https://wicg.github.io/sms-one-time-codes/).
    const runs = asciiDigits(text).split(foreign(format))
    code = [...new Set(runs.filter((run) => isCode(run, format) && /\d/.test(run)))].join()
  }
  return isCode(code, format) ? code : normalizeCode(raw)
}

/** What keeps `code` from being sent, `null` where nothing does. Takes what `readCode` gave. */
export function codeProblem(code: string, format: CodeFormat): CodeProblem | null {
  if (!code) return 'empty'
  if (foreign(format).test(code)) return format.type === 'numeric' ? 'not_digits' : 'not_alphanumeric'
  return code.length < format.length ? 'too_short' : code.length > format.length ? 'too_long' : null
}
