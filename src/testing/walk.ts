import type { AuthAdapter } from '../core/adapter.js'
import type { CreateParams, FactorOption, Proof, SignInAttempt, Verification } from '../core/attempt.js'
import { isAuthError } from '../core/AuthError.js'
import type { ActiveSession } from '../core/session.js'
import { isSolana } from '../core/walletAddress.js'
import { isWallet, preparationOf } from '../core/screenOf.js'
import type { FirstStrategy, SecondStrategy, Strategy } from '../core/strategy.js'
import type { Person, PersonWants } from './adapterHarness.js'
import { check, fail } from './check.js'
import type { Scene } from './scene.js'

export type Side = 'first' | 'second'

/** Somebody at a factor: what a case answers, rightly or not. */
export interface Stand {
  readonly adapter: AuthAdapter
  readonly person: Person
  readonly side: Side
  readonly attempt: SignInAttempt
  readonly option: FactorOption
}

/** Where somebody has got to, and in which browser. */
export interface Reached {
  readonly adapter: AuthAdapter
  readonly attempt: SignInAttempt
}

export const isCode = (strategy: Strategy) => /_code$/.test(strategy) && strategy !== 'backup_code' && !/^reset_/.test(strategy)

/** What a person must have for a second factor to be asked for. */
export const wantsFor: Record<SecondStrategy, PersonWants> = {
  totp: { totp: true },
  backup_code: { totp: true, backupCodes: true },
  email_code: { emailCode: true },
  email_link: { emailCode: true },
  phone_code: { phoneCode: true },
  passkey: { webauthn: true },
  security_key: { webauthn: true },
}

/** The first factor by which cases that are not about first factors get past it. */
export function usualFirst({ capabilities }: Scene): FirstStrategy {
  const claimed = capabilities.firstFactors.map(({ strategy }) => strategy)
  return claimed.find((one) => one === 'password') ?? claimed.find(isCode) ?? claimed[0] ?? fail('No first factor is claimed.')
}

/** The second factor by which cases that are not about second factors get past it. */
export function usualSecond({ capabilities }: Scene): SecondStrategy {
  const claimed = capabilities.secondFactors
  return claimed.find((one) => one === 'totp') ?? claimed.find(isCode) ?? claimed[0] ?? fail('No second factor is claimed.')
}

/** The wallet that answers for a strategy. */
const walletOf = ({ wallet, solanaWallet }: Person, strategy: Strategy) =>
  (isSolana(strategy) ? solanaWallet : wallet) ?? fail(`The person has no wallet for ${strategy}.`)

function beginningOf(person: Person, strategy: FirstStrategy): CreateParams {
  if (!isWallet(strategy)) return { identifier: person.identifier }
  const { sign: _, ...account } = walletOf(person, strategy)
  return { strategy, ...account } as CreateParams
}

/** Begins a sign-in without proving anything and stands at the option of that strategy. */
export async function standAtFirst(
  scene: Scene,
  person: Person,
  strategy: FirstStrategy,
  adapter = scene.adapter,
): Promise<Stand> {
  const attempt = await adapter.signIn.create(beginningOf(person, strategy))
  check(
    attempt.status === 'needs_first_factor',
    `Without a proof the attempt should need a first factor; it is at "${attempt.status}".`,
  )
  return { adapter, person, side: 'first', attempt, option: optionOf(attempt, 'first', strategy) }
}

/** Passes the usual first factor and stands at the second. */
export async function standAtSecond(
  scene: Scene,
  person: Person,
  strategy: SecondStrategy,
  browser = scene.adapter,
): Promise<Stand> {
  const { adapter, attempt } = await passFirst(scene, person, usualFirst(scene), browser)
  check(
    attempt.status === 'needs_second_factor',
    `After the first factor the attempt should need the second; it is at "${attempt.status}".`,
  )
  return { adapter, person, side: 'second', attempt, option: optionOf(attempt, 'second', strategy) }
}

export function optionOf(attempt: SignInAttempt, side: Side, strategy: Strategy): FactorOption {
  const options: readonly FactorOption[] | null =
    side === 'first' ? attempt.supportedFirstFactors : attempt.supportedSecondFactors
  return (
    options?.find((one) => one.strategy === strategy) ?? fail(`The attempt does not offer ${strategy} as the ${side} factor.`)
  )
}

/** Sends what the strategy sends. */
export function send({ redirectUrl }: Scene, { adapter, side, attempt, option }: Stand): Promise<SignInAttempt> {
  const params = { factorId: option.id, ...(option.strategy.endsWith('_link') && { redirectUrl }) }
  return side === 'first'
    ? adapter.signIn.prepareFirstFactor(attempt, params)
    : adapter.signIn.prepareSecondFactor(attempt, params)
}

/** The same, and waits out the backend's wait before a second message, where there is one. */
export async function prepare(scene: Scene, stand: Stand): Promise<SignInAttempt> {
  try {
    return await send(scene, stand)
  } catch (thrown) {
    if (!isAuthError(thrown) || thrown.code !== 'rate_limited') throw thrown
    await scene.lever('passTime')((thrown.retryInMs ?? 60_000) + 1_000)
    return send(scene, stand)
  }
}

export function verificationOf(attempt: SignInAttempt, side: Side): Verification | null {
  return side === 'first' ? attempt.firstFactorVerification : attempt.secondFactorVerification
}

/** A right proof, fresh; sends what has to be sent for it. */
export async function proofOf(scene: Scene, stand: Stand): Promise<Proof> {
  const { person, option, side } = stand
  const { strategy } = option
  if (strategy === 'password') return { password: person.password }
  if (strategy === 'totp') return { code: await (person.totp?.() ?? fail('The person has no authenticator app.')) }
  if (strategy === 'backup_code') return { code: person.backupCodes?.[0] ?? fail('The person has no backup codes.') }
  const prepared = preparationOf(strategy) === 'never' ? stand.attempt : await prepare(scene, stand)
  const { publicKey, message } = verificationOf(prepared, side) ?? {}
  if (publicKey !== undefined) return { credential: await (person.credential?.(publicKey) ?? fail('The person has no passkey.')) }
  if (message !== undefined) return { signature: await walletOf(person, strategy).sign(message) }
  return { code: await person.delivered(strategy) }
}

export function answer({ adapter, side, attempt, option }: Stand, proof: Proof, signal?: AbortSignal): Promise<SignInAttempt> {
  const params = { factorId: option.id, ...proof }
  const options = signal && { signal }
  return side === 'first'
    ? adapter.signIn.attemptFirstFactor(attempt, params, options)
    : adapter.signIn.attemptSecondFactor(attempt, params, options)
}

export async function pass(scene: Scene, stand: Stand): Promise<Reached> {
  if (stand.option.strategy.endsWith('_link')) return openLink(scene, stand)
  return { adapter: stand.adapter, attempt: await answer(stand, await proofOf(scene, stand)) }
}

export async function passFirst(
  scene: Scene,
  person: Person,
  strategy: FirstStrategy = usualFirst(scene),
  adapter = scene.adapter,
): Promise<Reached> {
  const { identifier, password } = person
  if (strategy === 'password') return { adapter, attempt: await adapter.signIn.create({ identifier, password }) }
  if (isAway(strategy)) return comeBack(scene, person, strategy, adapter)
  return pass(scene, await standAtFirst(scene, person, strategy, adapter))
}

/** All the way in: whatever is asked for is proved. */
export async function signIn(scene: Scene, person: Person, browser = scene.adapter): Promise<ActiveSession> {
  const { adapter, attempt } = await passSecond(scene, person, await passFirst(scene, person, usualFirst(scene), browser))
  return adapter.signIn.finish(attempt)
}

/** Passes the second factor where one is asked for. */
export async function passSecond(scene: Scene, person: Person, { adapter, attempt }: Reached): Promise<Reached> {
  if (attempt.status === 'needs_second_factor') {
    const offered = attempt.supportedSecondFactors ?? []
    const strategy = (['totp', 'phone_code', 'email_code', 'security_key', 'passkey'] as const).find(
      (one) => offered.some((option) => option.strategy === one) && (one !== 'totp' || person.totp),
    )
    if (!strategy) fail('The attempt offers no second factor that this person has.')
    const option = optionOf(attempt, 'second', strategy)
    return passSecond(scene, person, await pass(scene, { adapter, person, side: 'second', attempt, option }))
  }
  check(attempt.status === 'complete', `The sign-in should be complete; it is at "${attempt.status}".`)
  return { adapter, attempt }
}

export const isAway = (strategy: Strategy) => strategy.startsWith('oauth_') || strategy === 'enterprise_sso'

/** Leaves for a provider; answers with where the person has to go. */
export async function leave(
  { redirectUrl: home }: Scene,
  { identifier }: Person,
  strategy: FirstStrategy,
  adapter: AuthAdapter,
  redirectUrl = home,
): Promise<string> {
  const away = await adapter.signIn.create(
    strategy === 'enterprise_sso'
      ? { strategy, identifier, redirectUrl }
      : { strategy: strategy as `oauth_${string}`, redirectUrl },
  )
  check(away.status === 'needs_redirect', `A sign-in through a provider should need a redirect; it is at "${away.status}".`)
  return away.redirectUrl
}

/** Says yes on the provider's pages; answers with the address of the way back. */
export async function visit(person: Person, redirectUrl: string): Promise<string> {
  return (await person.visit?.(redirectUrl)) ?? fail('The person cannot go through a provider’s pages.')
}

/** To the provider, through its pages and back. */
async function comeBack(scene: Scene, person: Person, strategy: FirstStrategy, adapter: AuthAdapter): Promise<Reached> {
  const url = await visit(person, await leave(scene, person, strategy, adapter))
  const back = await scene.reloaded()
  const { attempt, cleanUrl } = await back.signIn.resume({ url })
  check(attempt, 'Coming back from the provider should answer with the attempt.')
  check(cleanUrl !== url, 'The clean address should differ from the one with the provider’s answer.')
  return { adapter: back, attempt }
}

async function openLink(scene: Scene, stand: Stand): Promise<Reached> {
  await prepare(scene, stand)
  return followLink(scene, stand, await stand.person.delivered(stand.option.strategy))
}

/** Opens the link in another tab, then looks where the sign-in goes on. */
export async function followLink(scene: Scene, stand: Stand, url: string): Promise<Reached> {
  const tab = await scene.reloaded()
  const { attempt } = await tab.signIn.resume({ url })
  if (scene.capabilities.emailLink === 'opened_tab') {
    return { adapter: tab, attempt: attempt ?? fail('The tab that the link opened should have the attempt.') }
  }
  return { adapter: stand.adapter, attempt: await stand.adapter.signIn.reload(stand.attempt) }
}
