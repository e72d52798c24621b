import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type {
  AuthConfigJSON,
  DisplayConfigJSON,
  EnvironmentJSON,
  SessionJSON,
  SessionWithActivitiesJSON,
  TokenJSON,
} from '@clerk/shared/types'
import { createLimits, userSettings } from './clerkStandInDevelopment.js'
import { expectForm, fields, forms, type Fields } from './clerkStandInForms.js'
import { Refusal, Undocumented, type Call, type Development, type Form, type Instance } from './clerkStandInInstance.js'
import * as me from './clerkStandInMe.js'
import * as signIns from './clerkStandInSignIn.js'
import {
  clientJson,
  newId,
  newToken,
  sessionJson,
  sessionToken,
  type ClientRecord,
  type SessionRecord,
  type UserRecord,
  type Wire,
} from './clerkStandInState.js'

/**
 * A stand-in for Clerk's Frontend API, on loopback: as much of it as the adapter asks for, by Clerk's published types and the requests of its
 * client. It proves that the real client works, not how the hosted service behaves. What a path is not documented to take, is refused and noted in
 * `violations`.
 */
export interface ClerkStandIn extends Instance {
  readonly requests: readonly { readonly line: string; readonly form: Form; readonly testingToken: string | null }[]
  /** Requests that were refused because nothing documents their shape. A test that leaves one here has found a fault. */
  readonly violations: string[]
  addUser(user?: Partial<UserRecord>): UserRecord
  /** The newest message of a strategy to an address. */
  delivered(to: string, strategy: string): string
  advance(ms: number): void
  /** The next reply to `METHOD /path` that fits is lost after the work was done, headers and all. */
  lose(line: RegExp): void
  /** The next request that fits is refused so, nothing done. */
  refuse(line: RegExp, refusal: Refusal): void
  close(): Promise<void>
}

type Work = (call: Call) => object | null

interface Route {
  readonly line: RegExp
  /** What the path takes; what is not named is refused. */
  readonly form?: Fields
  readonly work: Work
}

const id = '([\\w-]+)'
const signIn =
  (work: (call: Call) => Parameters<typeof signIns.signInJson>[0]): Work =>
  (call) =>
    signIns.signInJson(work(call))
const own = (call: Call): SessionRecord => {
  const session = call.client().sessions.find((one) => one.id === call.ids[0])
  if (!session) throw new Refusal(404, 'resource_not_found')
  return session
}
const reverify =
  (verb: 'prepare' | 'attempt', factor: 'first' | 'second'): Work =>
  (call) =>
    signIns.reverificationJson(own(call), signIns.stepReverification(call, own(call), verb, factor), call.on.now())

function end(session: SessionRecord): void {
  const { client } = session
  client.sessions = client.sessions.filter((one) => one !== session)
  if (client.lastActive === session.id) client.lastActive = client.sessions.at(-1)?.id ?? null
}

const routes: readonly Route[] = [
  route('POST /client/sign_ins', signIn(signIns.createSignIn), forms.create),
  route(
    `GET /client/sign_ins/${id}`,
    signIn((call) => signIns.signInOf(call, true)),
  ),
  route(`POST /client/sign_ins/${id}/prepare_first_factor`, signIn(signIns.prepareFirst), forms.prepareFirst),
  route(`POST /client/sign_ins/${id}/attempt_first_factor`, signIn(signIns.attemptFirst), forms.attemptFirst),
  route(`POST /client/sign_ins/${id}/prepare_second_factor`, signIn(signIns.prepareSecond), forms.prepareSecond),
  route(`POST /client/sign_ins/${id}/attempt_second_factor`, signIn(signIns.attemptSecond), forms.attemptSecond),
  route(
    `POST /client/sign_ins/${id}/reset_password`,
    signIn(signIns.resetPassword),
    fields('password! sign_out_of_other_sessions'),
  ),
  route('DELETE /client/sessions', (call) => {
    call.client().sessions = []
    call.client().lastActive = null
    return clientJson(call.client(), call.on.now(), null)
  }),
  route(
    `POST /client/sessions/${id}/touch`,
    (call) => {
      call.client().lastActive = own(call).id
      return sessionJson(own(call), call.on.now())
    },
    fields('active_organization_id intent'),
  ),
  route(`POST /client/sessions/${id}/remove`, (call) => {
    const session = own(call)
    end(session)
    return { ...sessionJson(session, call.on.now()), status: 'removed' } satisfies Wire<SessionJSON>
  }),
  route(
    `POST /client/sessions/${id}/verify`,
    (call) => {
      const session = own(call)
      return signIns.reverificationJson(session, signIns.startReverification(session, call.form.level ?? ''), call.on.now())
    },
    fields('level!'),
  ),
  route(`POST /client/sessions/${id}/verify/prepare_first_factor`, reverify('prepare', 'first'), forms.verifyPrepareFirst),
  route(`POST /client/sessions/${id}/verify/attempt_first_factor`, reverify('attempt', 'first'), forms.verifyAttemptFirst),
  route(`POST /client/sessions/${id}/verify/prepare_second_factor`, reverify('prepare', 'second'), forms.verifyPrepareSecond),
  route(`POST /client/sessions/${id}/verify/attempt_second_factor`, reverify('attempt', 'second'), forms.verifyAttemptSecond),
  route('POST /me/totp', me.createTotp),
  route('POST /me/totp/attempt_verification', me.verifyTotp, fields('code!')),
  route('DELETE /me/totp', me.disableTotp),
  route('POST /me/backup_codes/', me.createBackupCodes),
  route('POST /me/phone_numbers/', me.createPhone, fields('phone_number!')),
  route(`POST /me/phone_numbers/${id}/prepare_verification`, me.preparePhone, fields('strategy!')),
  route(`POST /me/phone_numbers/${id}/attempt_verification`, me.attemptPhone, fields('code!')),
  route(`PATCH /me/phone_numbers/${id}`, me.changePhone, fields('reserved_for_second_factor default_second_factor')),
  route(`DELETE /me/phone_numbers/${id}`, me.deletePhone),
  route('POST /me/passkeys', me.createPasskey),
  route(`POST /me/passkeys/${id}/attempt_verification`, me.attemptPasskey, fields('strategy! public_key_credential!')),
  route(`PATCH /me/passkeys/${id}`, me.changePasskey, fields('name!')),
  route(`DELETE /me/passkeys/${id}`, me.deletePasskey),
  route(`POST /me/sessions/${id}/revoke`, (call) => {
    const { user } = call.session()
    const session = call.on.clients.flatMap(({ sessions }) => sessions).find((one) => one.id === call.ids[0] && one.user === user)
    if (!session) throw new Refusal(404, 'resource_not_found')
    end(session)
    return { ...listedJson(session, call.on.now()), status: 'revoked' } satisfies Wire<SessionWithActivitiesJSON>
  }),
]

function route(line: string, work: Work, form?: Fields): Route {
  return { line: new RegExp(`^${line}$`), work, ...(form !== undefined && { form }) }
}

export async function startClerkStandIn({ development }: { development?: Development } = {}): Promise<ClerkStandIn> {
  const start = Date.now() - performance.now()
  let ahead = 0
  const requests: ClerkStandIn['requests'][number][] = []
  const limit = createLimits()
  const violations: string[] = []
  const losses: RegExp[] = []
  const refusals: { line: RegExp; refusal: Refusal }[] = []

  const server = createServer((request, reply) => void serve(request, reply))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const on: Instance = {
    url,
    users: [],
    clients: [],
    outbox: [],
    settings: { singleSession: true, reverifyMs: 10 * 60_000, site: 'http://localhost', development },
    testingTokens: new Set(),
    // Not by the device's clock, which tests set wrong.
    now: () => Math.floor(start + performance.now() + ahead),
  }

  async function serve(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const at = new URL(request.url ?? '', url)
    const method = at.searchParams.get('_method') ?? request.method
    const line = `${method} ${at.pathname.replace(/^\/v1/, '')}`
    const form = Object.fromEntries(new URLSearchParams(body))
    const testingToken = at.searchParams.get('__clerk_testing_token')
    requests.push({ line, form, testingToken })
    const answer = (status: number, content: object | null, headers: Readonly<Record<string, string>> = {}) => {
      const lost = losses.findIndex((one) => one.test(line))
      if (lost >= 0) {
        losses.splice(lost, 1)
        return request.socket.destroy()
      }
      reply.writeHead(status, { 'content-type': 'application/json', ...headers })
      return reply.end(JSON.stringify(content))
    }
    const known = on.clients.find(({ token }) => token === request.headers.authorization)
    let mine: ClientRecord | undefined = known
    const piggyback = () => (mine ? clientJson(mine, on.now(), mine.signIn && signIns.signInJson(mine.signIn)) : null)
    try {
      const rule = refusals.find((one) => one.line.test(line))
      if (rule) {
        refusals.splice(refusals.indexOf(rule), 1)
        throw rule.refusal
      }
      // Pages that a person opens, not the client.
      if (line.startsWith('GET /verify')) return void redirect(reply, signIns.openLink(on, at.searchParams.get('token') ?? ''))
      if (line.startsWith('GET /oauth/')) {
        const { searchParams: said } = at
        return void redirect(reply, signIns.fromProvider(on, said.get('state') ?? '', said.get('as'), said.has('denied')))
      }
      for (const name of ['__clerk_api_version', '_clerk_js_version']) {
        if (!at.searchParams.get(name)) throw new Undocumented(400, 'api_version_missing')
      }
      if (testingToken !== null && !on.testingTokens.has(testingToken)) throw new Undocumented(401, 'testing_token_unknown')
      if (development) limit(line, on.now())
      if (request.method === 'POST' && body && request.headers['content-type'] !== 'application/x-www-form-urlencoded')
        throw new Undocumented(415, 'content_type_invalid')
      if (line === 'GET /environment') return void answer(200, environment(on))
      if (line === 'GET /client') return void answer(200, { response: piggyback() })
      if (line === 'GET /me/sessions/active')
        return void answer(200, activeSessions(on, known, at.searchParams.get('_clerk_session_id')))
      const tokens = /^POST \/client\/sessions\/([\w-]+)\/tokens$/.exec(line)
      if (tokens) {
        const session = known?.sessions.find((one) => one.id === tokens[1])
        if (!session) throw new Refusal(401, 'authentication_invalid')
        // Clerk's type gives every resource an id; this one comes without.
        const token = { object: 'token', jwt: sessionToken(session, on.now()) } satisfies Omit<TokenJSON, 'id'>
        return void answer(200, token)
      }
      const found = routes.find((one) => one.line.test(line))
      if (!found) throw new Undocumented(404, 'path_not_documented')
      expectForm(form, found.form)
      const call: Call = {
        on,
        form,
        ids: found.line.exec(line)?.slice(1) ?? [],
        client() {
          if (!mine)
            on.clients.push((mine = { id: newId('client'), token: newToken(), sessions: [], signIn: null, lastActive: null }))
          return mine
        },
        session() {
          const session = known?.sessions.find((one) => one.id === at.searchParams.get('_clerk_session_id'))
          if (!session) throw new Refusal(401, 'authentication_invalid')
          return session
        },
      }
      const response = found.work(call)
      // A read of a sign-in brings the client along too, or a link that was opened elsewhere could not end in a session here.
      answer(200, { response, client: piggyback() }, mine && mine !== known ? { authorization: mine.token } : {})
    } catch (thrown) {
      const refusal = thrown instanceof Refusal ? thrown : new Refusal(500, `stand-in broke: ${String(thrown)}`)
      if (refusal instanceof Undocumented) violations.push(`${line}: ${refusal.code} ${refusal.error.meta?.param_name ?? ''}`)
      const meta = { client: piggyback() }
      answer(refusal.status, { errors: [refusal.error], ...(meta.client && { meta }) }, refusal.headers)
    }
  }

  return {
    ...on,
    requests,
    violations,
    addUser(given = {}) {
      const number = on.users.length + 1
      const user: UserRecord = {
        id: newId('user'),
        email: `person${number}@example.com`,
        emailId: newId('idn'),
        password: `S3cret-${newToken()}`,
        phones: [],
        totp: null,
        backupCodes: new Set(),
        passkeys: [],
        wallets: [],
        oauth: [],
        emailSecond: [],
        passkeySecond: false,
        newDevice: false,
        sso: null,
        tasks: [],
        failures: 0,
        refusal: null,
        ...given,
      }
      on.users.push(user)
      return user
    },
    delivered(to, strategy) {
      const message = on.outbox.findLast((one) => one.to === to && one.strategy === strategy)
      if (!message) throw new Error(`Nothing was sent to ${to} for ${strategy}.`)
      return message.text
    },
    advance: (ms) => void (ahead += ms),
    lose: (line) => void losses.push(line),
    refuse: (line, refusal) => void refusals.push({ line, refusal }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function redirect(reply: ServerResponse, to: string): void {
  reply.writeHead(303, { location: to }).end()
}

function activeSessions(on: Instance, client: ClientRecord | undefined, sessionId: string | null): object[] {
  const user = client?.sessions.find((one) => one.id === sessionId)?.user
  if (!user) throw new Refusal(401, 'authentication_invalid')
  const all = on.clients.flatMap(({ sessions }) => sessions).filter((one) => one.user === user)
  return all.map((one) => listedJson(one, on.now()))
}

function listedJson(session: SessionRecord, now: number) {
  return {
    ...sessionJson(session, now),
    user: null,
    latest_activity: { id: '', object: 'session_activity' },
  } satisfies Wire<SessionWithActivitiesJSON>
}

/** As little as Clerk's client needs: of the published type, which is huge, it is the part that is read, and null where the client takes that for none. */
function environment({ settings }: Instance): object {
  return {
    auth_config: {
      object: 'auth_config',
      id: 'aconf_1',
      single_session_mode: settings.singleSession,
      claimed_at: null,
      reverification: true,
    } satisfies AuthConfigJSON,
    display_config: { captcha_oauth_bypass: [] } satisfies Partial<DisplayConfigJSON>,
    user_settings: settings.development ? userSettings(settings.development.without ?? []) : null,
    organization_settings: null,
  } satisfies { [Key in keyof EnvironmentJSON]?: Partial<EnvironmentJSON[Key]> | null }
}
