import * as server from '@simplewebauthn/server'
import { createMemoryBackend } from 'latchkey/adapters/memory'
import { demoUsers, type DemoUser } from '../users.js'
import type { Backend } from './backend.js'
import { guardedHere } from './guardedHere.js'

/** Whoever signs in with a company needs one. */
const users = (Object.values(demoUsers) as readonly DemoUser[]).filter(({ password }) => password)

const subjects = {
  first_factor: 'Your sign-in code',
  second_factor: 'Your second code',
  enrollment: 'Your code to add this number',
  reset_password: 'Your code for a new password',
}

/** The same users in a variable of this page: no server, and a reload forgets everything. */
export function inMemory(): Backend {
  const memory = createMemoryBackend({
    issuer: 'Latchkey demo',
    firstFactors: ['password', 'email_code', 'passkey'],
    secondFactors: ['totp', 'phone_code', 'security_key', 'email_code', 'backup_code'],
    webAuthn: { server, rpId: location.hostname, origin: location.origin },
    managePassword: true,
    latencyMs: 250,
    users: users.map(({ email, name, password = '', totpSecret, backupCodes, emailSecondFactor = false }) => ({
      id: email,
      email,
      label: name,
      password,
      emailSecondFactor,
      ...(totpSecret && { totp: { secret: totpSecret } }),
      ...(backupCodes && { backupCodes }),
    })),
  })
  return {
    adapter: memory.adapter,
    mails: async () =>
      memory.outbox.messages.toReversed().map(({ to, code, purpose }) => ({
        to,
        code,
        subject: subjects[purpose],
      })),
    authenticator: async () =>
      users
        .filter(({ totpSecret }) => totpSecret)
        .map(({ email }) => ({
          account: email,
          code: memory.users.totpCode(email),
          secondsLeft: 30 - (Math.floor(memory.clock.now() / 1000) % 30),
        })),
    ...guardedHere(memory.adapter, 'Only for people with two factors.'),
  }
}
