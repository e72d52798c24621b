/** What the adapter uses of the caller's `new WorkOS(apiKey, { clientId })`: the factors are under `mfa` in SDK 8, under `multiFactorAuth` in 11. */
export type WorkOSClient = Sdk8 | Sdk11

interface Sdk8 {
  readonly mfa: FactorApi
  readonly organizations: OrganizationApi
  readonly multiFactorAuth?: undefined
  readonly userManagement: UserApi & Sdk8UserFactors
}

export interface Sdk8UserFactors {
  enrollAuthFactor(options: EnrollUserOptions): Promise<EnrolledForUser>
  listAuthFactors(options: { userId: string }): Promise<Listed<ListedFactor>>
}

interface Sdk11 {
  /** Unless told not to, it sends a request that was not answered again by itself: a code a second time, a proof that was spent. */
  readonly options: { readonly maxRetries?: number | undefined }
  readonly multiFactorAuth: FactorApi & {
    createUserAuthFactor(options: EnrollUserOptions): Promise<EnrolledForUser>
    listUserAuthFactors(options: { userId: string }): Promise<Listed<ListedFactor>>
  }
  readonly organizations: OrganizationApi
  readonly userManagement: UserApi
}

export interface UserApi {
  /** Makes state and verifier itself (RFC 7636), and asks nothing. */
  getAuthorizationUrlWithPKCE(
    options: WhereTo & { redirectUri: string },
  ): Promise<{ readonly url: string; readonly state: string; readonly codeVerifier: string }>
  authenticateWithCode(options: Caller & { code: string; codeVerifier?: string }): Promise<Authenticated>
  authenticateWithOrganizationSelection(
    options: Caller & { organizationId: string; pendingAuthenticationToken: string },
  ): Promise<Authenticated>
  authenticateWithPassword(options: Caller & { email: string; password: string }): Promise<Authenticated>
  authenticateWithMagicAuth(options: Caller & { email: string; code: string }): Promise<Authenticated>
  authenticateWithTotp(options: Caller & TotpOptions): Promise<Authenticated>
  createMagicAuth(options: { email: string }): Promise<Instants & { readonly code: string }>
  listSessions(userId: string): Promise<Listed<{ readonly id: string; readonly status: string }>>
  revokeSession(options: { sessionId: string }): Promise<void>
}

export interface OrganizationApi {
  listOrganizations(options: { domains: string[] }): Promise<Listed<Organization>>
}

interface Organization {
  readonly id: string
  readonly domains: readonly { readonly domain: string; readonly state: string }[]
}

/** Exactly one of the first three. */
export interface WhereTo {
  provider?: string
  connectionId?: string
  organizationId?: string
  /** For the provider's own fields. */
  loginHint?: string
  domainHint?: string
}

export interface FactorApi {
  enrollFactor(
    options: { type: 'totp'; issuer: string; user: string } | { type: 'sms'; phoneNumber: string },
  ): Promise<EnrolledFactor>
  getFactor(id: string): Promise<ListedFactor>
  deleteFactor(id: string): Promise<void>
  challengeFactor(
    options: { authenticationFactorId: string } | { authenticationFactorId: string; smsTemplate: string },
  ): Promise<Challenge>
  verifyChallenge(options: { authenticationChallengeId: string; code: string }): Promise<{ readonly valid: boolean }>
}

/** Who asks, for WorkOS's own risk checks. */
interface Caller {
  ipAddress?: string | undefined
  userAgent?: string | undefined
}

interface TotpOptions {
  code: string
  pendingAuthenticationToken: string
  authenticationChallengeId: string
}

export interface EnrollUserOptions {
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

export interface Instants {
  readonly createdAt: string
  readonly expiresAt?: string
}

export interface Challenge extends Instants {
  readonly id: string
}

export interface ListedFactor {
  readonly id: string
  readonly type: string
  readonly createdAt: string
  readonly sms?: { readonly phoneNumber: string }
}

interface EnrolledFactor {
  readonly id: string
  readonly totp?: { readonly secret: string; readonly uri: string }
}

export interface EnrolledForUser {
  readonly authenticationFactor: EnrolledFactor
  readonly authenticationChallenge: Challenge
}

export interface Listed<T> {
  readonly data: readonly T[]
  readonly listMetadata: { readonly after?: string | null }
  autoPagination(): Promise<readonly T[]>
}
