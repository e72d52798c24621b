import type { SessionVerificationJSON, SignInJSON } from '@clerk/shared/types'
import { attempt, firstFactors, prepare, secondFactors } from './clerkStandInFactors.js'
import { Refusal, type Call, type Form, type Instance } from './clerkStandInInstance.js'
import {
  hasSecondFactor,
  newId,
  newToken,
  sessionJson,
  verificationJson,
  type Check,
  type Reverification,
  type SessionRecord,
  type SignInRecord,
  type UserRecord,
  type Wire,
} from './clerkStandInState.js'

export function signInJson(record: SignInRecord) {
  const { user, status, identifier } = record
  const past = status !== 'needs_identifier' && status !== 'needs_first_factor' && status !== 'needs_new_password'
  return {
    object: 'sign_in',
    id: record.id,
    status,
    client_trust_state: status === 'needs_client_trust' ? 'new' : 'known',
    supported_identifiers: ['email_address'],
    identifier,
    user_data: { image_url: '', has_image: false },
    supported_first_factors: user ? firstFactors(user, identifier) : [],
    supported_second_factors: user && past ? secondFactors(user) : [],
    first_factor_verification: verificationJson(record.first),
    second_factor_verification: verificationJson(record.second),
    created_session_id: record.sessionId,
    protect_check: null,
    timezone: null,
  } satisfies Wire<SignInJSON>
}

function byIdentifier(on: Instance, identifier: string): UserRecord {
  const user = on.users.find(
    ({ email, phones, wallets }) =>
      email === identifier.toLowerCase() ||
      phones.some(({ number, verified }) => verified && number === identifier) ||
      wallets.some(({ address }) => address === identifier),
  )
  if (!user) throw new Refusal(422, 'form_identifier_not_found', 'identifier')
  return user
}

export function createSignIn({ on, form, client }: Call): SignInRecord {
  const mine = client()
  if (on.settings.singleSession && mine.sessions.some(({ tasks }) => tasks.length === 0)) throw new Refusal(400, 'session_exists')
  const { strategy, identifier = '' } = form
  const record: SignInRecord = {
    id: newId('sia'),
    user: null,
    identifier,
    status: 'needs_identifier',
    first: null,
    second: null,
    sessionId: null,
    client: mine,
    until: on.now() + 24 * 3_600_000,
  }
  if (identifier) {
    if (!/@|^\+?\d|^0x|^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(identifier))
      throw new Refusal(422, 'form_param_format_invalid', 'identifier')
    record.user = byIdentifier(on, identifier)
    record.status = 'needs_first_factor'
  }
  if (strategy?.startsWith('oauth_') || strategy === 'enterprise_sso') record.first = external(on, record, strategy, form)
  else if (strategy === 'passkey') record.first = prepare(on, null, strategy, form)
  else if (strategy && strategy !== 'password') record.first = prepare(on, record.user, strategy, target(record, strategy))
  if (strategy === 'password') {
    attempt(on, record.user, strategy, null, form)
    passedFirst(on, record, strategy)
  }
  mine.signIn = record
  return record
}

/** Naming a strategy at once means its first address. */
function target({ user, identifier }: SignInRecord, strategy: string): Form {
  const factor = user && firstFactors(user, identifier).find((one) => one.strategy === strategy)
  if (!factor) throw new Refusal(422, 'strategy_for_user_invalid')
  return factor as unknown as Form
}

function external(on: Instance, record: SignInRecord, strategy: string, form: Form): Check {
  const state = newToken()
  const external = `${on.url}/oauth/authorize?state=${state}`
  const expireAt = on.now() + 600_000
  return { strategy, status: 'unverified', attempts: 0, expireAt, code: state, external, redirectUrl: form.redirect_url ?? '' }
}

/** The sign-in that this browser may go on with: Clerk holds one, and older ones may be read only. */
export function signInOf({ on, ids, client }: Call, toRead = false): SignInRecord {
  const mine = client()
  const all = on.clients.flatMap(({ signIn }) => (signIn ? [signIn] : []))
  const record = all.find(({ id }) => id === ids[0])
  if (record && record.until <= on.now()) record.client.signIn = null
  if (!record || record.client !== mine || !mine.signIn)
    throw new Refusal(toRead ? 404 : 403, toRead ? 'resource_not_found' : 'resource_forbidden')
  return record
}

const linkOf = (on: Instance) => (token: string) => `${on.url}/v1/verify?token=${token}`

export function prepareFirst(call: Call): SignInRecord {
  const record = signInOf(call)
  const { strategy = '' } = call.form
  expectStatus(record, 'needs_first_factor')
  const offered =
    record.user &&
    firstFactors(record.user, record.identifier).some((one) => one.strategy === strategy || one.strategy === ('saml' as string))
  if (!offered) throw new Refusal(422, 'strategy_for_user_invalid')
  if (strategy === 'enterprise_sso') record.first = external(call.on, record, strategy, call.form)
  else record.first = prepare(call.on, record.user, strategy, call.form, linkOf(call.on))
  return record
}

export function attemptFirst(call: Call): SignInRecord {
  const record = signInOf(call)
  const { strategy = '' } = call.form
  if (!(strategy === 'passkey' && record.status === 'needs_identifier')) expectStatus(record, 'needs_first_factor')
  record.user = attempt(call.on, record.user, strategy, record.first, call.form)
  passedFirst(call.on, record, strategy)
  return record
}

export function prepareSecond(call: Call): SignInRecord {
  const record = signInOf(call)
  const { strategy = '' } = call.form
  expectStatus(record, 'needs_second_factor', 'needs_client_trust')
  if (!record.user || !secondFactors(record.user).some((one) => one.strategy === strategy))
    throw new Refusal(422, 'no_second_factors')
  record.second = prepare(call.on, record.user, strategy, call.form, linkOf(call.on))
  return record
}

export function attemptSecond(call: Call): SignInRecord {
  const record = signInOf(call)
  const { strategy = '' } = call.form
  expectStatus(record, 'needs_second_factor', 'needs_client_trust')
  attempt(call.on, record.user, strategy, record.second, call.form)
  passedSecond(call.on, record, strategy)
  return record
}

export function resetPassword(call: Call): SignInRecord {
  const record = signInOf(call)
  const { password = '', sign_out_of_other_sessions: others } = call.form
  expectStatus(record, 'needs_new_password')
  const user = record.user as UserRecord
  if (password.length < 8) throw new Refusal(422, 'form_password_length_too_short', 'password')
  if (password === user.password) throw new Refusal(422, 'form_new_password_matches_current', 'password')
  if (password === 'password123') throw new Refusal(422, 'form_password_pwned', 'password')
  user.password = password
  if (others === 'true')
    for (const client of call.on.clients) client.sessions = client.sessions.filter((one) => one.user !== user)
  goOn(call.on, record)
  return record
}

function expectStatus({ status }: SignInRecord, ...wanted: SignInRecord['status'][]): void {
  if (!wanted.includes(status)) throw new Refusal(400, 'client_state_invalid')
}

export function passedFirst(on: Instance, record: SignInRecord, strategy: string): void {
  record.first = { ...(record.first ?? { attempts: 1, expireAt: on.now() }), strategy, status: 'verified' }
  if (strategy.startsWith('reset_password_')) record.status = 'needs_new_password'
  else goOn(on, record)
}

function goOn(on: Instance, record: SignInRecord): void {
  const user = record.user as UserRecord
  if (hasSecondFactor(user)) record.status = 'needs_second_factor'
  else if (user.newDevice) record.status = 'needs_client_trust'
  else complete(on, record, null)
}

export function passedSecond(on: Instance, record: SignInRecord, strategy: string): void {
  record.second = { ...(record.second ?? { attempts: 1, expireAt: on.now() }), strategy, status: 'verified' }
  complete(on, record, on.now())
}

function complete(on: Instance, record: SignInRecord, second: number | null): void {
  const { client, user } = record
  const tasks = [...(user as UserRecord).tasks]
  const session: SessionRecord = { id: newId('sess'), user: user as UserRecord, client, tasks, passed: [on.now(), second] }
  client.sessions.push(session)
  client.lastActive = session.id
  record.status = 'complete'
  record.sessionId = session.id
}

/** The link was opened: answers with where it leads on to. */
export function openLink(on: Instance, token: string): string {
  const record = on.clients
    .flatMap(({ signIn }) => (signIn ? [signIn] : []))
    .find(({ first, second }) => first?.code === token || second?.code === token)
  const check = record?.second?.code === token ? record.second : record?.first
  if (!record || !check) throw new Refusal(404, 'resource_not_found')
  const to = new URL(check.redirectUrl ?? '')
  if (check.expireAt <= on.now()) check.status = 'expired'
  else if (check.status === 'unverified') {
    if (check === record.second) passedSecond(on, record, check.strategy)
    else passedFirst(on, record, check.strategy)
  } else check.status = 'failed'
  const status = check.status === 'expired' ? 'expired' : check.status === 'failed' ? 'failed' : 'verified'
  to.searchParams.set('__clerk_status', status)
  if (record.sessionId) to.searchParams.set('__clerk_created_session', record.sessionId)
  return to.href
}

/** The provider's page: whoever `as` is comes back known, or not. */
export function fromProvider(on: Instance, state: string, as: string | null, denied: boolean): string {
  const record = on.clients.flatMap(({ signIn }) => (signIn ? [signIn] : [])).find(({ first }) => first?.code === state)
  const check = record?.first
  if (!record || !check) throw new Refusal(404, 'resource_not_found')
  const user = on.users.find(({ id }) => id === as)
  if (denied) Object.assign(check, { status: 'failed', error: new Refusal(400, 'oauth_access_denied').error })
  else if (!user) Object.assign(check, { status: 'transferable', error: new Refusal(400, 'external_account_not_found').error })
  else {
    record.user = user
    record.identifier = user.email
    passedFirst(on, record, check.strategy)
  }
  return check.redirectUrl ?? ''
}

// Reverification

export function reverificationJson(session: SessionRecord, check: Reverification, now: number) {
  const { user } = session
  const only = ['password', 'email_code', 'phone_code', 'passkey']
  return {
    object: 'session_verification',
    id: '',
    status: check.status,
    level: check.level,
    session: sessionJson(session, now),
    first_factor_verification: verificationJson(check.first),
    second_factor_verification: verificationJson(check.second),
    supported_first_factors: firstFactors(user, user.email).filter(({ strategy }) => only.includes(strategy)),
    supported_second_factors: secondFactors(user).filter(({ strategy }) => /totp|phone|backup|passkey/.test(strategy)),
  } satisfies Wire<SessionVerificationJSON>
}

export function startReverification(session: SessionRecord, level: string): Reverification {
  if (!/^(first|second|multi)_factor$/.test(level)) throw new Refusal(422, 'form_param_value_invalid', 'level')
  const second = level === 'second_factor' && hasSecondFactor(session.user)
  const status = second ? 'needs_second_factor' : 'needs_first_factor'
  return (session.check = { level: level as Reverification['level'], status, first: null, second: null })
}

export function stepReverification(
  call: Call,
  session: SessionRecord,
  verb: 'prepare' | 'attempt',
  factor: 'first' | 'second',
): Reverification {
  const { on, form } = call
  const { strategy = '' } = form
  const { check, user } = session
  if (check?.status !== `needs_${factor}_factor`) throw new Refusal(400, 'client_state_invalid')
  const offered = factor === 'first' ? firstFactors(user, user.email) : secondFactors(user)
  if (!offered.some((one) => one.strategy === strategy)) throw new Refusal(422, 'strategy_for_user_invalid')
  if (verb === 'prepare') {
    check[factor] = prepare(on, user, strategy, form)
    return check
  }
  attempt(on, user, strategy, check[factor], form)
  check[factor] = { strategy, status: 'verified', attempts: 1, expireAt: on.now() }
  session.passed[factor === 'first' ? 0 : 1] = on.now()
  const more = factor === 'first' && check.level === 'multi_factor' && hasSecondFactor(user)
  check.status = more ? 'needs_second_factor' : 'complete'
  return check
}
