import type { Reply } from '../testing/answeringProxy.js'
import { forwardTo, type Answered, type Asked } from './forwarder.js'

/** The way from a vendor's client to the vendor's own server, on which replies can be lost and given in the server's place. */
export interface VendorWire {
  readonly port: number
  /** The next reply on a line that fits is lost after the server gave it, headers and all. */
  lose(line: RegExp): void
  /** The next request whose line fits is answered with this, and never arrives at the server. */
  answerNext(line: RegExp, reply: Reply): void
  /** How many requests of lines that fit have been asked for. Those that waited for the server's limit count once. */
  sent(line: RegExp): number
  /** While it is cut, requests end without an answer and do not arrive. */
  cut(on: boolean): void
  close(): Promise<void>
}

export interface WireOptions {
  readonly wait?: (ms: number) => Promise<void>
  readonly say?: (text: string) => void
  /** What the server has answered, lost or not. */
  readonly hear?: (line: string, answered: Answered) => void
}

/** So often and so long, in seconds, a limit is waited out before its refusal is passed on. */
const most = { waits: 6, seconds: 60 }

/**
 * `lineOf` names what a request asks for. With `wait`, a request that the server refuses as one too many (429), and so did not carry out, is sent
 * again when the server's own `Retry-After` is over, which is said and has an end: a suite from one address does not fail by a limit for each.
 */
export async function openVendorWire(
  origin: string,
  lineOf: (asked: Asked) => string,
  { wait, say = console.info, hear }: WireOptions = {},
): Promise<VendorWire> {
  const lines: string[] = []
  const losses: RegExp[] = []
  const answers: { readonly line: RegExp; readonly reply: Reply }[] = []
  let isCut = false

  /** Takes the first that fits out of a list. */
  function take<T>(list: T[], fits: (one: T) => boolean): T | undefined {
    const at = list.findIndex(fits)
    return at < 0 ? undefined : list.splice(at, 1)[0]
  }

  async function patiently(line: string, send: () => Promise<Answered>): Promise<Answered> {
    for (let waits = 0; ; waits++) {
      const answered = await send()
      const seconds = Number(answered.headers.get('retry-after') ?? NaN)
      if (answered.status !== 429 || !wait || waits >= most.waits || !(seconds <= most.seconds)) return answered
      say(`${origin}: ${line} is too many for now, waiting ${seconds} s as the server says (${waits + 1} of ${most.waits})`)
      await wait(seconds * 1000)
    }
  }

  const { port, close } = await forwardTo(origin, async (asked, send) => {
    if (isCut) return null
    const line = lineOf(asked)
    lines.push(line)
    const planned = take(answers, (one) => one.line.test(line))
    if (planned) return inPlace(planned.reply)
    const answered = await patiently(line, send)
    hear?.(line, answered)
    return take(losses, (one) => one.test(line)) ? null : answered
  })

  return {
    port,
    lose: (line) => void losses.push(line),
    answerNext: (line, reply) => void answers.push({ line, reply }),
    sent: (line) => lines.filter((one) => line.test(one)).length,
    cut: (on) => void (isCut = on),
    close,
  }
}

function inPlace({ status, body, headers }: Reply): Answered {
  const all = new Headers({ 'content-type': 'application/json', ...headers })
  return { status, headers: all, body: Buffer.from(JSON.stringify(body)) }
}
