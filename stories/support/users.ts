import type { SeedUser } from '../../src/adapters/memory/index.js'

export const password = 'correct horse battery'

/** No second factor. */
export const ada = { id: 'ada', email: 'ada@example.com', label: 'Ada Lovelace', password } as const satisfies SeedUser

/** An authenticator app and backup codes. */
export const grace = {
  id: 'grace',
  email: 'grace@example.com',
  label: 'Grace Hopper',
  password,
  totp: { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' },
  backupCodes: ['k7mq-2wxp', 'v3hn-8drt', 'c9fz-5jyb'],
} as const satisfies SeedUser

/** A code by e-mail. */
export const alan = {
  id: 'alan',
  email: 'alan@example.com',
  label: 'Alan Turing',
  password,
  emailSecondFactor: true,
} as const satisfies SeedUser

/** All of it. */
export const radia = {
  ...grace,
  id: 'radia',
  email: 'radia@example.com',
  label: 'Radia Perlman',
  emailSecondFactor: true,
} as const satisfies SeedUser
