import type { CallOptions } from '../../core/adapter.js'
import type { Verification } from '../../core/attempt.js'
import { AuthError } from '../../core/AuthError.js'
import type { Json } from '../../core/json.js'
import type { Given } from './attempts.js'
import type { Answer, Connection } from './connection.js'
import { digitsOf } from './contact.js'

const sends: Readonly<Record<string, string>> = { email_code: '/two-factor/send-otp', phone_code: '/latchkey/send-phone-code' }
const paths: Readonly<Record<string, string>> = { email_code: 'otp', phone_code: 'otp', backup_code: 'backup-code' }

export async function prepareSecond(
  post: Connection['post'],
  factorId: string,
  options?: CallOptions,
): Promise<Partial<Verification>> {
  if (factorId === 'passkey') {
    return { publicKey: (await post('/latchkey/passkey-options', undefined, options, 'challenge')) as Json }
  }
  const path = sends[factorId]
  if (!path) throw new AuthError('not_supported')
  await post(path, {}, options)
  return {}
}

export function attemptSecond(
  post: Connection['post'],
  factorId: string,
  { code, credential, trustDevice }: Given,
  options?: CallOptions,
): Promise<Answer> {
  if (factorId === 'passkey') return post('/latchkey/verify-passkey', { response: credential, trustDevice }, options, 'user')
  const body = { code: factorId === 'backup_code' ? backupCodeOf(code) : digitsOf(code), trustDevice }
  return post(`/two-factor/verify-${paths[factorId] ?? factorId}`, body, options, 'user')
}

/** Better Auth's own shape is `xxxxx-xxxxx`, and the case counts; a code of another shape goes as it was typed. */
const backupCodeOf = (code = '') => code.replace(/\s/g, '').replace(/^(\w{5})\W?(\w{5})$/, '$1-$2')
