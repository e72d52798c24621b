import type { CallOptions } from '../../core/adapter.js'
import type { PrepareParams, Verification } from '../../core/attempt.js'
import { contactOf, type Kept } from './attempts.js'
import { ask } from './connection.js'
import { digitsOf, type Proofs } from './factors.js'
import type { Granted, OtpProof, SupabaseAuth } from './supabaseAuth.js'

/** Of strategies whose proof is a code. */
const codeTypes: Readonly<Record<string, string>> = {
  email_code: 'email',
  phone_code: 'sms',
  reset_password_email_code: 'recovery',
  reset_password_phone_code: 'sms',
}

/** First factors that are typed: a password or a code. */
export const isTyped = (factorId: string) => factorId === 'password' || factorId in codeTypes

/** First factors that are one message there, whose template decides what it holds. */
export const isMessage = (factorId: string) => /^email_|phone_code$/.test(factorId)

export async function sendMessage(
  auth: SupabaseAuth,
  { attempt }: Kept,
  { factorId, channel, redirectUrl }: PrepareParams,
  captcha: CallOptions,
): Promise<Partial<Verification>> {
  const options = { ...captcha, shouldCreateUser: false, emailRedirectTo: redirectUrl, channel }
  await withoutTelling(ask(auth.signInWithOtp({ ...contactOf(attempt), options })))
  return factorId === 'email_link' ? { pollEveryMs: 3_000 } : {}
}

/** Nobody learns here who has an account: to somebody unknown every code is wrong, as it is to others. */
export async function withoutTelling(asked: Promise<object>): Promise<void> {
  await asked.catch((thrown: { code?: unknown }) => {
    if (thrown.code !== 'no_account') throw thrown
  })
}

export function proveTyped(
  auth: SupabaseAuth,
  { attempt }: Kept,
  factorId: string,
  { password = '', code }: Proofs,
  { captchaToken }: CallOptions,
): Promise<Granted> {
  const answer = { ...contactOf(attempt), options: { captchaToken } }
  return ask(
    factorId === 'password'
      ? auth.signInWithPassword({ ...answer, password })
      : auth.verifyOtp({ ...answer, token: digitsOf(code), type: codeTypes[factorId] } as OtpProof),
  )
}
