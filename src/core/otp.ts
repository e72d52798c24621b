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
  return asciiDigits(raw).replace(/[\s\p{Dash}\p{Default_Ignorable_Code_Point}]/gu, '')
}

/**
 * `normalizeCode`, and of a whole message the one code in it. Where a message has no code of that length, or two different ones,
 * it stays as it is: a guess would be sent to the backend as an attempt.
 */
export function readCode(raw: string, format: CodeFormat): string {
  const code = normalizeCode(raw)
  const problem = codeProblem(code, format)
  const isMessage = problem === 'not_digits' || problem === 'not_alphanumeric' || (problem && format.type === 'alphanumeric')
  return (isMessage && codeInMessage(asciiDigits(raw), format)) || code
}

/** What keeps `code` from being sent, `null` where nothing does. Takes what `readCode` gave. */
export function codeProblem(code: string, { length, type }: CodeFormat): CodeProblem | null {
  if (!code) return 'empty'
  if (type === 'numeric' && /\D/.test(code)) return 'not_digits'
  if (/[^a-z\d]/i.test(code)) return 'not_alphanumeric'
  return code.length < length ? 'too_short' : code.length > length ? 'too_long' : null
}

// Unicode keeps the ten digits of a script together and in order, so a digit's value is its distance from the first of its run;
// the mathematical digits are five such runs without a gap.
function asciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const at = digit.codePointAt(0) ?? 0
    let before = 0
    while (/\p{Nd}/u.test(String.fromCodePoint(at - before - 1))) before++
    return `${before % 10}`
  })
}

function codeInMessage(message: string, { length, type }: CodeFormat): string | undefined {
  const runs = type === 'numeric' ? /\d+/g : /[a-z\d]+/gi
  // Many senders write the code twice, the second time for the browser (https://wicg.github.io/sms-one-time-codes/).
  const codes = new Set(message.match(runs)?.filter((run) => run.length === length && /\d/.test(run)))
  return codes.size === 1 ? [...codes][0] : undefined
}
