import { createServer, type AddressInfo } from 'node:net'
import { createEmulator } from 'emulate'

/** As the SMS service has it. */
export interface ReceivedSms {
  readonly id: string
  readonly to: string
  readonly body: string
  /** ISO 8601, in whole seconds. */
  readonly sentAt: string
}

export interface Sms {
  /** Where the service listens. */
  readonly url: string
  /**
   * Resolves with the message as the service then has it.
   * Rejects with Twilio's `RestException` where the service refuses it: `code` 21201 without a number to send to.
   */
  send(message: { readonly to: string; readonly body: string }): Promise<ReceivedSms>
  /** What the service has, asked over HTTP: newest first. `to`: to this number only, as `+15550001111`. */
  messages(to?: string): Promise<readonly ReceivedSms[]>
  /** The service forgets its messages. */
  clear(): void
  close(): Promise<void>
}

// The account, its token and its number that the service knows at start.
const account = { sid: `AC${'0'.repeat(32)}`, auth_token: 'only-on-loopback', number: '+15550009999' }

/** A stand-in for Twilio (`emulate`) on loopback, used through Twilio's own client. Nothing leaves the machine. */
export async function startSms(): Promise<Sms> {
  const [{ default: twilio }, bound] = await Promise.all([
    import('twilio'),
    new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
      const server = createServer()
      server.once('error', reject).listen(0, '127.0.0.1', () => resolve(server))
    }),
  ])
  const url = `http://127.0.0.1:${(bound.address() as AddressInfo).port}`
  const service = await createEmulator({
    service: 'twilio',
    // It would hear every interface, and shows all messages at `/` to anybody. It hands the port to `listen`, which takes a bound server too.
    port: bound as unknown as number,
    baseUrl: url,
    seed: {
      twilio: {
        account: { sid: account.sid, auth_token: account.auth_token },
        phone_numbers: [{ phone_number: account.number }],
      },
    },
  })

  /** Twilio's client, with another way to the service. By fetch, because axios sends loopback through a proxy, too. */
  class OnLoopback extends twilio.RequestClient {
    override async request<T>({
      method,
      uri,
      params,
      data,
      username,
      password,
    }: Parameters<InstanceType<typeof twilio.RequestClient>['request']>[0]) {
      const to = new URL(uri.replace('https://api.twilio.com', url))
      for (const [name, value] of Object.entries(params ?? {})) to.searchParams.set(name, String(value))
      const response = await fetch(to, {
        method,
        headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
        body: method === 'post' ? new URLSearchParams(data as Record<string, string>) : null,
      })
      return { statusCode: response.status, body: (await response.json()) as T, headers: Object.fromEntries(response.headers) }
    }
  }
  const client = twilio(account.sid, account.auth_token, { httpClient: new OnLoopback() })

  const messages: Sms['messages'] = async (to) =>
    (await client.messages.list(to === undefined ? {} : { to })).map(({ sid, to, body, dateCreated }) => ({
      id: sid,
      to,
      body,
      sentAt: dateCreated.toISOString(),
    }))

  return {
    url,
    messages,
    async send({ to, body }) {
      const { sid } = await client.messages.create({ to, body, from: account.number })
      const received = (await messages()).find(({ id }) => id === sid)
      if (!received) throw new Error('The service took the message, and does not have it.')
      return received
    },
    clear: () => service.reset(),
    close: () => service.close(),
  }
}
