/** What the adapter uses of the caller's `new WorkOS(apiKey, { clientId })`: the factors are under `mfa` until SDK 8, under `multiFactorAuth` from 11. */
export interface WorkOSClient {
  readonly mfa?: FactorApi
  readonly multiFactorAuth?: FactorApi & {
    createUserAuthFactor(options: EnrollUserOptions): Promise<EnrolledForUser>
    listUserAuthFactors(options: { userId: string }): Promise<Listed<UserFactor>>
  }
  readonly userManagement: {
    authenticateWithPassword(options: Caller & { email: string; password: string }): Promise<Authenticated>
    authenticateWithMagicAuth(options: Caller & { email: string; code: string }): Promise<Authenticated>
    authenticateWithTotp(options: Caller & TotpOptions): Promise<Authenticated>
    createMagicAuth(options: { email: string }): Promise<Instants & { readonly code: string }>
    listSessions(userId: string): Promise<Listed<{ readonly id: string; readonly status: string }>>
    revokeSession(options: { sessionId: string }): Promise<void>
    enrollAuthFactor?(options: EnrollUserOptions): Promise<EnrolledForUser>
    listAuthFactors?(options: { userId: string }): Promise<Listed<UserFactor>>
  }
}

export interface FactorApi {
  enrollFactor(
    options: { type: 'totp'; issuer: string; user: string } | { type: 'sms'; phoneNumber: string },
  ): Promise<EnrolledFactor>
  getFactor(id: string): Promise<PlainFactor>
  deleteFactor(id: string): Promise<void>
  challengeFactor(
    options: { authenticationFactorId: string } | { authenticationFactorId: string; smsTemplate: string },
  ): Promise<Challenge>
  verifyChallenge(options: { authenticationChallengeId: string; code: string }): Promise<{ readonly valid: boolean }>
}

/** Who asks, for WorkOS's own risk checks. */
export interface Caller {
  ipAddress?: string | undefined
  userAgent?: string | undefined
}

interface TotpOptions {
  code: string
  pendingAuthenticationToken: string
  authenticationChallengeId: string
}

interface EnrollUserOptions {
  userId: string
  type: 'totp'
  totpIssuer?: string
  totpUser?: string
}

export interface Authenticated {
  readonly user: WorkOSUser
  readonly accessToken: string
}

export interface WorkOSUser {
  readonly id: string
  readonly email: string
}

interface Instants {
  readonly createdAt: string
  readonly expiresAt?: string
}

export interface Challenge extends Instants {
  readonly id: string
}

export interface UserFactor {
  readonly id: string
  readonly type: string
  readonly createdAt: string
}

export interface PlainFactor extends UserFactor {
  readonly sms?: { readonly phoneNumber: string }
}

export interface EnrolledFactor {
  readonly id: string
  readonly totp?: { readonly secret: string; readonly uri: string }
}

interface EnrolledForUser {
  readonly authenticationFactor: EnrolledFactor
  readonly authenticationChallenge: Challenge
}

export interface Listed<T> {
  readonly data: readonly T[]
  readonly listMetadata: { readonly after?: string | null }
  autoPagination(): Promise<readonly T[]>
}
