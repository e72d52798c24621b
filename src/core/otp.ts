export type CodeType = 'numeric' | 'alphanumeric'

export interface CodeFormat {
  /** Characters, 4 to 10. */
  readonly length: number
  readonly type: CodeType
}

export type CodeProblem = 'empty' | 'too_short' | 'too_long' | 'not_digits' | 'not_alphanumeric'

/**
 * What a person or a browser put into a code field, as the code alone: white space, dashes and invisible marks are gone, and
 * decimal digits of every script are ASCII. Everything else stays, so that nothing typed is lost unseen.
 */
export function normalizeCode(raw: string): string {
  return asciiDigits(raw).replace(/[\s\p{Dash}\p{DI}]/gu, '')
}

/**
 * `normalizeCode`, and of a whole message the one code in it. Where a message has no code of that length, or two different ones,
 * it stays as it is: a guess would be sent to the backend as an attempt.
 */
export function readCode(raw: string, format: CodeFormat): string {
  return readEdit('', raw, raw.length, format)
}

/**
 * The code that an edit leaves in a field. `before` is the code until then, `raw` the field's text now, `caret` the end of what was put
 * in. A whole code or message put beside older characters takes their place; any other excess stays in sight.
 */
export function readEdit(before: string, raw: string, caret: number, format: CodeFormat): string {
  const kept = before.length - raw.length + caret
  let start = 0
  while (start < kept && before[start] === raw[start]) start++
  const added = raw.slice(start, caret)
  const code = normalizeCode(raw)
  return [code, normalizeCode(added), codeInMessage(added, format)].find((found) => isCode(found, format)) ?? code
}

/** Whether `code` has the right length and kind to be sent. Takes what `readCode` gave. */
export function isCode(code: string, format: CodeFormat): boolean {
  return code.length === format.length && !foreign(format).test(code)
}

/** What keeps `code` from being sent, `null` where nothing does. Takes what `readCode` gave. */
export function codeProblem(code: string, format: CodeFormat): CodeProblem | null {
  if (!code) return 'empty'
  if (foreign(format).test(code)) return format.type === 'numeric' ? 'not_digits' : 'not_alphanumeric'
  return code.length < format.length ? 'too_short' : code.length > format.length ? 'too_long' : null
}

function foreign({ type }: CodeFormat): RegExp {
  return type === 'numeric' ? /\D/ : /[^a-z\d]/i
}

function codeInMessage(message: string, format: CodeFormat): string {
  // Characters of a code and separators alone are somebody's typing, not a message; what is too long of it has to be shown.
  if (!foreign(format).test(normalizeCode(message))) return ''
  const runs = asciiDigits(message).split(foreign(format))
  // Many senders write the code twice, the second time for the browser (https://wicg.github.io/sms-one-time-codes/).
  return [...new Set(runs.filter((run) => run.length === format.length && /\d/.test(run)))].join()
}

// Unicode keeps the ten digits of a script together and in order, so a digit's value is its distance from the first of its run;
// the mathematical digits are five such runs without a gap.
function asciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    let before = 0
    while (/\p{Nd}/u.test(String.fromCodePoint((digit.codePointAt(0) ?? 0) - before - 1))) before++
    return `${before % 10}`
  })
}
