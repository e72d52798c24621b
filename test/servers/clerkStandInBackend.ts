import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DeletedObjectJSON } from '@clerk/shared/types'
import type { ClerkStandIn } from './clerkStandIn.js'
import { newPhone } from './clerkStandInFactors.js'
import { Refusal, Undocumented } from './clerkStandInInstance.js'
import { newId, newToken, phoneJson, userJson, type UserRecord } from './clerkStandInState.js'

/** A stand-in for Clerk's Backend API, of the instance that another stand-in is: the four paths by which a live test makes people and removes them. */
export interface ClerkBackendStandIn {
  readonly url: string
  readonly secretKey: string
  /** Requests that the published specification (version 2026-05-12) does not allow. */
  readonly violations: string[]
  close(): Promise<void>
}

type Kind = 'text' | 'texts' | 'flag'
type Body = Readonly<Record<string, string | readonly string[] | boolean | undefined>>

interface Route {
  readonly line: RegExp
  /** Its body, as far as a test has use for it; `!`: has to be there. */
  readonly body: Readonly<Record<string, Kind | `${Kind}!`>>
  work(body: Body, id: string): object
}

const is: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string' && value !== '',
  texts: (value) => Array.isArray(value) && value.every(is.text),
  flag: (value) => typeof value === 'boolean',
}

const textOf = (value: Body[string]) => (typeof value === 'string' ? value : '')
const textsOf = (value: Body[string]) => (typeof value === 'object' ? value : [])

export async function startClerkBackendStandIn(instance: ClerkStandIn): Promise<ClerkBackendStandIn> {
  const secretKey = `sk_test_${newToken()}`
  const violations: string[] = []
  const { users } = instance

  function known(id: string): UserRecord {
    const user = users.find((one) => one.id === id)
    if (!user) throw new Refusal(404, 'resource_not_found')
    return user
  }

  function expectFree(number: string): void {
    if (users.some(({ phones }) => phones.some((one) => one.number === number)))
      throw new Refusal(422, 'form_identifier_exists', 'phone_number')
  }

  const routes: readonly Route[] = [
    {
      line: /^POST \/v1\/users$/,
      body: {
        email_address: 'texts',
        phone_number: 'texts',
        password: 'text',
        skip_password_checks: 'flag',
        totp_secret: 'text',
        backup_codes: 'texts',
        bypass_client_trust: 'flag',
      },
      work(body) {
        const [email = ''] = textsOf(body.email_address)
        const numbers = textsOf(body.phone_number)
        const secret = textOf(body.totp_secret)
        if (users.some((user) => user.email === email.toLowerCase()))
          throw new Refusal(422, 'form_identifier_exists', 'email_address')
        numbers.forEach(expectFree)
        const user = instance.addUser({
          email: email.toLowerCase(),
          password: textOf(body.password),
          phones: numbers.map((number) => ({ ...newPhone(number), verified: true })),
          totp: secret ? { id: newId('totp'), secret, verified: true, lastStep: 0 } : null,
          backupCodes: new Set(textsOf(body.backup_codes)),
          // Applications made after 14 November 2025 trust no new device.
          newDevice: body.bypass_client_trust !== true,
        })
        return userJson(user)
      },
    },
    {
      line: /^DELETE \/v1\/users\/(\w+)$/,
      body: {},
      work(_, id) {
        users.splice(users.indexOf(known(id)), 1)
        for (const client of instance.clients) client.sessions = client.sessions.filter(({ user }) => user.id !== id)
        return { object: 'user', id, deleted: true } satisfies DeletedObjectJSON
      },
    },
    {
      line: /^POST \/v1\/phone_numbers$/,
      body: { user_id: 'text!', phone_number: 'text!', verified: 'flag', reserved_for_second_factor: 'flag' },
      work(body) {
        const user = known(textOf(body.user_id))
        expectFree(textOf(body.phone_number))
        const [verified, reserved] = [body.verified === true, body.reserved_for_second_factor === true]
        // "The phone number must also be verified."
        if (reserved && !verified) throw new Undocumented(422, 'form_param_value_invalid', 'reserved_for_second_factor')
        const isDefault = reserved && !user.phones.some((one) => one.reserved)
        const phone = { ...newPhone(textOf(body.phone_number)), verified, reserved, isDefault }
        user.phones.push(phone)
        return phoneJson(phone)
      },
    },
    {
      line: /^POST \/v1\/testing_tokens$/,
      body: {},
      work() {
        const seconds = Math.floor(instance.now() / 1000)
        const token = `${seconds}-${newToken()}`
        instance.testingTokens.add(token)
        return { object: 'testing_token', token, expires_at: seconds + 3600 }
      },
    },
  ]

  function carryOut({ method, url, headers }: IncomingMessage, text: string): object {
    if (headers.authorization !== `Bearer ${secretKey}`) throw new Refusal(401, 'authentication_invalid')
    if (headers['clerk-api-version'] !== '2026-05-12') throw new Undocumented(400, 'api_version_missing')
    const route = routes.find(({ line }) => line.test(`${method} ${url}`))
    if (!route) throw new Undocumented(404, 'path_not_documented')
    if (text && headers['content-type'] !== 'application/json') throw new Undocumented(415, 'content_type_invalid')
    const body = (text ? JSON.parse(text) : {}) as Body
    for (const [name, value] of Object.entries(body)) {
      const kind = Object.hasOwn(route.body, name) ? route.body[name] : undefined
      if (!kind) throw new Undocumented(422, 'form_param_unknown', name)
      if (!is[kind.replace('!', '') as Kind](value)) throw new Undocumented(422, 'form_param_value_invalid', name)
    }
    const missing = Object.keys(route.body).find((name) => route.body[name]?.endsWith('!') && body[name] === undefined)
    if (missing) throw new Undocumented(422, 'form_param_missing', missing)
    return route.work(body, route.line.exec(`${method} ${url}`)?.[1] ?? '')
  }

  async function serve(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const answer = (status: number, content: object) =>
      reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content))
    try {
      answer(200, carryOut(request, text))
    } catch (thrown) {
      const refusal = thrown instanceof Refusal ? thrown : new Refusal(500, `stand-in broke: ${String(thrown)}`)
      if (refusal instanceof Undocumented)
        violations.push(`${request.method} ${request.url}: ${refusal.code} ${refusal.error.meta?.param_name ?? ''}`)
      answer(refusal.status, { errors: [refusal.error] })
    }
  }

  const server = createServer((request, reply) => void serve(request, reply))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secretKey,
    violations,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
