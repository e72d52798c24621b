import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { SMTPServer as Server } from 'smtp-server'

/** What came in at the mail server. */
export interface ReceivedMail {
  readonly id: number
  readonly to: string
  readonly subject: string
  readonly text: string
  /** ISO 8601, by this process's clock. */
  readonly receivedAt: string
}

export interface OutgoingMail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

export interface Mail {
  /** Where its SMTP server listens. */
  readonly port: number
  /**
   * Resolves with the mail as the server received it, which by then is in `messages`.
   * Rejects where the server refuses the address, with nodemailer's error: `code: 'EENVELOPE'`, `responseCode: 550`.
   */
  send(mail: OutgoingMail): Promise<ReceivedMail>
  /** Newest first. */
  readonly messages: readonly ReceivedMail[]
  /** Forgets what came in. */
  clear(): void
  close(): Promise<void>
}

/** Nobody has a mailbox here: what is sent to it bounces. */
export const BOUNCING_DOMAIN = 'bounce.invalid'

/** A real mail server on loopback, in which everybody has a mailbox, and a real client of it. Nothing leaves the machine. */
export async function startMail(): Promise<Mail> {
  const [{ SMTPServer }, { default: PostalMime }, { createTransport }] = await Promise.all([
    import('smtp-server'),
    import('postal-mime'),
    import('nodemailer'),
  ])
  const messages: ReceivedMail[] = []
  const byMessageId = new Map<string, ReceivedMail>()
  let count = 0

  const server: Server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onRcptTo({ address }, _session, answer) {
      const bounces = address.toLowerCase().endsWith(`@${BOUNCING_DOMAIN}`)
      answer(bounces ? Object.assign(new Error(`No mailbox here: ${address}`), { responseCode: 550 }) : null)
    },
    onData(stream, { envelope }, answer) {
      receive(stream, envelope.rcptTo).then(
        () => answer(),
        (thrown: unknown) => answer(thrown instanceof Error ? thrown : new Error('Not read.')),
      )
    },
  })

  async function receive(stream: NodeJS.ReadableStream, recipients: readonly { address: string }[]) {
    const { subject = '', text = '', messageId = '' } = await PostalMime.parse(await buffer(stream))
    for (const { address: to } of recipients) {
      const received = { id: ++count, to, subject, text: text.trimEnd(), receivedAt: new Date().toISOString() }
      messages.unshift(received)
      byMessageId.set(messageId, received)
    }
  }

  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', () => resolve()))
  // A client that hangs up in the middle is no reason for the process to end.
  server.on('error', () => undefined)
  const { port } = server.server.address() as AddressInfo
  const transport = createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true, pool: true, maxConnections: 1 })

  return {
    port,
    messages,
    async send({ to, subject, text }) {
      const { messageId } = await transport.sendMail({ from: 'Latchkey demo <no-reply@latchkey.example>', to, subject, text })
      const received = byMessageId.get(messageId)
      byMessageId.delete(messageId)
      if (!received) throw new Error('The mail server took the mail, and it did not come in.')
      return received
    },
    clear: () => void (messages.length = 0),
    close() {
      transport.close()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
