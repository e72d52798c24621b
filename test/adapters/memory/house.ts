import { TOTP } from 'otpauth'
import { expect } from 'vitest'
import { type MemoryBackend, type MemoryOptions, createMemoryBackend } from '../../../src/adapters/memory/index.js'
import type { AuthAdapter } from '../../../src/core/adapter.js'
import type { SignInAttempt } from '../../../src/core/attempt.js'
import type { AuthError, AuthErrorCode } from '../../../src/core/AuthError.js'
import type { ActiveSession } from '../../../src/core/session.js'

export const minute = 60_000
export const day = 24 * 60 * minute
export const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
/** On a boundary of the 30-second steps, so that tests know where in a step they stand. */
export const start = Date.UTC(2026, 0, 15, 12)

export const password = ' pass wörd ☂ '
export const plain = { id: 'u-plain', email: 'plain@example.com', password, label: 'Pat' }
export const totp = {
  id: 'u-totp',
  email: 'totp@example.com',
  password,
  totp: { secret },
  backupCodes: ['abcde-fghjk', 'mnpqr-stuvw'],
}
export const mail = { id: 'u-mail', email: 'mail@example.com', password, emailSecondFactor: true, backupCodes: ['zzzzz-yyyyy'] }
export const locked = { id: 'u-locked', email: 'locked@example.com', password, totp: { secret }, locked: true }

/** A backend with four users whose clock stands still at `start`. */
export function house(options: MemoryOptions = {}): MemoryBackend {
  return createMemoryBackend({ manualTime: start, users: [plain, totp, mail, locked], ...options })
}

/** What an authenticator app shows for `of`; `steps` away from now. */
export function totpNow(backend: MemoryBackend, steps = 0, of = secret): string {
  return new TOTP({ secret: of }).generate({ timestamp: backend.clock.now() + steps * 30_000 })
}

/** A code that is none of the three that are good now. */
export function wrongTotp(backend: MemoryBackend): string {
  const good = [-1, 0, 1].map((steps) => totpNow(backend, steps))
  return ['000000', '111111', '222222', '333333'].find((code) => !good.includes(code)) ?? ''
}

export function lastCode(backend: MemoryBackend): string {
  return backend.outbox.latest()?.code ?? ''
}

/** As long as the right one, of the same letters, and wrong. */
export function otherThan(code: string): string {
  return (code.startsWith('2') ? '3' : '2') + code.slice(1)
}

export const withPassword = (adapter: AuthAdapter, user: { email: string }) =>
  adapter.signIn.create({ identifier: user.email, password })

/** The id of the attempt's option of a strategy. */
export function optionId(attempt: SignInAttempt, strategy: string): string {
  const options = [...attempt.supportedFirstFactors, ...(attempt.supportedSecondFactors ?? [])]
  return options.findLast((option) => option.strategy === strategy)?.id ?? `no ${strategy}`
}

export async function passTotp(backend: MemoryBackend, adapter: AuthAdapter, trustDevice?: boolean): Promise<SignInAttempt> {
  const attempt = await withPassword(adapter, totp)
  const params = {
    factorId: optionId(attempt, 'totp'),
    code: totpNow(backend),
    ...(trustDevice !== undefined && { trustDevice }),
  }
  return adapter.signIn.attemptSecondFactor(attempt, params)
}

export async function signInPlain(adapter: AuthAdapter): Promise<ActiveSession> {
  return adapter.signIn.finish(await withPassword(adapter, plain))
}

export async function signInTotp(backend: MemoryBackend, adapter: AuthAdapter): Promise<ActiveSession> {
  return adapter.signIn.finish(await passTotp(backend, adapter))
}

/** Signs in with the password and the e-mailed second factor. */
export async function signInMail(backend: MemoryBackend, adapter: AuthAdapter): Promise<ActiveSession> {
  const attempt = await withPassword(adapter, mail)
  await adapter.signIn.prepareSecondFactor(attempt, { factorId: 'email_code:2' })
  await adapter.signIn.attemptSecondFactor(attempt, { factorId: 'email_code:2', code: lastCode(backend) })
  return adapter.signIn.finish(attempt)
}

/** The error that a call is refused with; fails where it is not refused, or with something that is no AuthError. */
export async function refusal(call: Promise<unknown>): Promise<AuthError> {
  const thrown = await call.then(
    (answer) => expect.fail(`Not refused: ${JSON.stringify(answer)}`),
    (error: unknown) => error,
  )
  expect(thrown).toMatchObject({ name: 'AuthError' })
  return thrown as AuthError
}

export async function refused(call: Promise<unknown>, code: AuthErrorCode, details: Partial<AuthError> = {}): Promise<void> {
  expect(await refusal(call)).toMatchObject({ code, ...details })
}
