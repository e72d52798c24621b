import type { FactorOption, SignInAttempt, Verification } from '../../src/core/attempt.js'
import type { Enrollment, Factor, Verified } from '../../src/core/enrollment.js'
import type { ActiveSession, Session } from '../../src/core/session.js'
import type { FirstStrategy, SecondStrategy } from '../../src/core/strategy.js'

/** Secrets that no test text contains by chance, to be looked for where none may be. */
export const sentinels = {
  password: 'S3ntinel-password ☂ 7f1c',
  code: '918273',
  totpSecret: 'ONSW45DJNZSWYLLTMVRXEZLUGEZDGNBV',
  totpUri: 'otpauth://totp/Acme:ada%40example.com?secret=ONSW45DJNZSWYLLTMVRXEZLUGEZDGNBV&issuer=Acme',
  backupCodes: ['sntl1-aaaaa', 'sntl2-bbbbb', 'sntl3-ccccc', 'sntl4-ddddd'],
} as const

export const passwordOption = { id: 'password:1', strategy: 'password' } as const satisfies FactorOption<FirstStrategy>
export const emailCodeOption = { id: 'email_code:1', strategy: 'email_code' } as const satisfies FactorOption<FirstStrategy>
export const totpOption = { id: 'totp:1', strategy: 'totp' } as const satisfies FactorOption<SecondStrategy>
export const backupCodeOption = { id: 'backup_code:1', strategy: 'backup_code' } as const satisfies FactorOption<SecondStrategy>

type AttemptOverrides = Partial<Omit<SignInAttempt, 'status'>> & { readonly status?: SignInAttempt['status'] } & {
  readonly redirectUrl?: string
  readonly enroll?: readonly ('totp' | 'phone' | 'email' | 'webauthn')[]
  readonly detail?: string
}

/** An attempt of `ada@example.com` after `create` without a password, unless told otherwise; a status brings the fields it needs. */
export function attempt(overrides: AttemptOverrides = {}): SignInAttempt {
  const { status = 'needs_first_factor', ...rest } = overrides
  const passed = status !== 'needs_identifier' && status !== 'needs_first_factor' && status !== 'needs_redirect'
  const base = {
    id: 'attempt_1',
    purpose: 'sign_in' as const,
    identifier: 'ada@example.com',
    supportedFirstFactors: [passwordOption, emailCodeOption],
    supportedSecondFactors: passed ? [totpOption, backupCodeOption] : null,
    firstFactorVerification: passed ? verification({ status: 'verified', factorId: passwordOption.id }) : null,
    secondFactorVerification: null,
    cancelSignsOut: false,
  }
  if (status === 'needs_redirect') return { ...base, redirectUrl: 'https://provider.example/authorize', ...rest, status }
  if (status === 'needs_enrollment') return { ...base, enroll: ['totp'], ...rest, status }
  if (status === 'unsupported') return { ...base, detail: 'something_new', ...rest, status }
  return { ...base, ...rest, status }
}

export function verification(overrides: Partial<Verification> = {}): Verification {
  return { status: 'unverified', factorId: emailCodeOption.id, ...overrides }
}

/** Ada's session at aal1, who could reach aal2. `session({ pending: 'second_factor' })` is one that gates treat as signed out. */
export function session(overrides?: Partial<ActiveSession>): ActiveSession
export function session(overrides: Partial<Session>): Session
export function session(overrides: Partial<Session> = {}): Session {
  return {
    id: 'session_1',
    user: { id: 'user_1', label: 'Ada' },
    currentLevel: 'aal1',
    nextLevel: 'aal2',
    methods: [{ method: 'password', ageMs: 0 }],
    firstFactorAgeMs: 0,
    expiresInMs: 7 * 24 * 60 * 60_000,
    ...overrides,
  }
}

export function factor(overrides: Partial<Factor> = {}): Factor {
  return { id: 'factor_1', strategy: 'totp', status: 'verified', removable: true, ...overrides }
}

/** A pending TOTP enrolment with the sentinels as secret and URI. */
export function enrollment(
  overrides: Partial<Extract<Enrollment, { type: 'totp' }>> = {},
): Extract<Enrollment, { type: 'totp' }> {
  return {
    status: 'pending',
    id: 'enrollment_1',
    type: 'totp',
    secret: sentinels.totpSecret,
    uri: sentinels.totpUri,
    expiresInMs: 300_000,
    ...overrides,
  }
}

/** A proved TOTP factor with the sentinel backup codes. */
export function verified(overrides: Partial<Verified> = {}): Verified {
  return { factor: factor(), backupCodes: sentinels.backupCodes, ...overrides }
}
