import { startMail } from './mail.js'
import type { Sms } from './sms.js'

/** What was sent to somebody. */
export interface Message {
  readonly id: number | string
  readonly by: 'mail' | 'sms'
  readonly to: string
  readonly subject: string
  /** The code, or the link. */
  readonly code: string
  /** ISO 8601, by the server's clock. */
  readonly sentAt: string
}

export type Letter = Pick<Message, 'by' | 'to' | 'subject' | 'code'>

export interface PostOffice {
  /** Resolves when it has come in. Rejects where the mail server or the SMS service refuses it. */
  send(letter: Letter): Promise<void>
  /** What came in at the mail server and at the SMS service, newest first. */
  delivered(): Promise<readonly Message[]>
  clear(): Promise<void>
}

/** SMTP and a stand-in for Twilio, both on loopback. The latter is started by the first text message: its client is slow to load. */
export async function startPostOffice(): Promise<PostOffice> {
  const mail = await startMail()
  let sms: Promise<Sms> | undefined
  const startSms = async () => (await import('./sms.js')).startSms()

  return {
    async send({ by, to, subject, code }) {
      const text = code.startsWith('http') ? `Open this page to go on:\n${code}` : `${code} is your code. It works once.`
      if (by === 'mail') await mail.send({ to, subject, text })
      else await (await (sms ??= startSms())).send({ to, body: text })
    },
    async delivered() {
      const texts = (await (await sms)?.messages()) ?? []
      const all = [
        ...mail.messages.map(({ id, to, subject, text, receivedAt: sentAt }) => ({
          by: 'mail' as const,
          ...{ id, to, subject, sentAt, code: codeIn(text) },
        })),
        ...texts.map(({ id, to, body, sentAt }) => ({
          by: 'sms' as const,
          ...{ id, to, subject: 'Text message', sentAt, code: codeIn(body) },
        })),
      ]
      // The SMS service knows whole seconds only; what it has of one second stays in its order.
      const second = ({ sentAt }: Message) => Math.floor(Date.parse(sentAt) / 1000)
      return all.toSorted((a, b) => second(b) - second(a))
    },
    async clear() {
      mail.clear()
      ;(await sms)?.clear()
    },
  }
}

/** As a person reads it in the message. */
const codeIn = (text: string) => /https?:\/\/\S+|\b\d{4,8}\b/.exec(text)?.[0] ?? ''
