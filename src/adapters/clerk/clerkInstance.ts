/** What the adapter uses of the caller's loaded Clerk (`@clerk/clerk-js` 6, or what `useClerk()` answers with). */
export interface ClerkInstance {
  readonly client: ClerkClient | undefined
  readonly session: ClerkSession | null | undefined
  setActive(params: { session: string; navigate?: () => void }): Promise<void>
  signOut(callback: () => void, options: { sessionId: string }): Promise<void>
  addListener(listener: (now: { session?: ClerkSession | null }) => void, options: { skipInitialEmit: boolean }): () => void
  buildUrlWithAuth(url: string): string
}

export interface ClerkClient {
  readonly signIn: ClerkSignIn
  readonly sessions: readonly ClerkSession[]
  readonly lastActiveSessionId: string | null
  reload(): Promise<ClerkClient>
  resetSignIn(): void
}

/** What a sign-in and a reverification have in common. */
export interface ClerkAttempt {
  readonly status: string | null
  readonly supportedFirstFactors: readonly ClerkFactor[] | null
  readonly supportedSecondFactors: readonly ClerkFactor[] | null
  readonly firstFactorVerification: ClerkVerification
  readonly secondFactorVerification: ClerkVerification
}

export interface ClerkSignIn extends ClerkAttempt {
  readonly id?: string
  readonly identifier: string | null
  readonly createdSessionId: string | null
  create(params: object): Promise<ClerkSignIn>
  reload(): Promise<ClerkSignIn>
  prepareFirstFactor(params: object): Promise<ClerkSignIn>
  attemptFirstFactor(params: object): Promise<ClerkSignIn>
  prepareSecondFactor(params: object): Promise<ClerkSignIn>
  attemptSecondFactor(params: object): Promise<ClerkSignIn>
  resetPassword(params: object): Promise<ClerkSignIn>
}

export interface ClerkReverification extends ClerkAttempt {
  readonly session: ClerkSession
}

export interface ClerkFactor {
  readonly strategy: string
  readonly emailAddressId?: string
  readonly phoneNumberId?: string
  readonly web3WalletId?: string
  readonly enterpriseConnectionId?: string
  readonly enterpriseConnectionName?: string
  readonly walletName?: string
  readonly safeIdentifier?: string
  /** Of second factors: the person's choice. */
  readonly default?: boolean
  readonly channel?: 'sms' | 'whatsapp'
}

export interface ClerkVerification {
  readonly status: string | null
  readonly strategy: string | null
  readonly nonce: string | null
  readonly message: string | null
  readonly externalVerificationRedirectURL: URL | null
  readonly error: { readonly code: string; readonly message: string } | null
}

export interface ClerkSession {
  readonly id: string
  readonly status: string
  readonly tasks: readonly { readonly key: string }[] | null
  readonly user: ClerkUser | null
  /** Whole minutes since the first and the second factor, -1 for never. */
  readonly factorVerificationAge: readonly number[] | null
  getToken(options: { skipCache: boolean }): Promise<string | null>
  startVerification(params: { level: 'first_factor' | 'second_factor' | 'multi_factor' }): Promise<ClerkReverification>
  prepareFirstFactorVerification(params: object): Promise<ClerkReverification>
  attemptFirstFactorVerification(params: object): Promise<ClerkReverification>
  prepareSecondFactorVerification(params: object): Promise<ClerkReverification>
  attemptSecondFactorVerification(params: object): Promise<ClerkReverification>
}

export interface ClerkUser {
  readonly id: string
  readonly username: string | null
  readonly primaryEmailAddress: { readonly emailAddress: string } | null
  readonly primaryPhoneNumber: { readonly phoneNumber: string } | null
  readonly twoFactorEnabled: boolean
  readonly totpEnabled: boolean
  readonly backupCodeEnabled: boolean
  readonly phoneNumbers: readonly ClerkPhone[]
  readonly passkeys: readonly ClerkPasskey[]
  createTOTP(): Promise<{ readonly id: string; readonly secret?: string; readonly uri?: string }>
  verifyTOTP(params: { code: string }): Promise<{ readonly verified: boolean; readonly backupCodes?: readonly string[] }>
  disableTOTP(): Promise<ClerkDeleted>
  createBackupCode(): Promise<{ readonly id: string; readonly codes: readonly string[] }>
  createPhoneNumber(params: { phoneNumber: string }): Promise<ClerkPhone>
  createPasskey(): Promise<ClerkPasskey>
  getSessions(): Promise<readonly { readonly id: string; revoke(): Promise<{ readonly status: string }> }[]>
}

export interface ClerkPhone {
  readonly id: string
  readonly phoneNumber: string
  readonly verification: ClerkVerification
  readonly reservedForSecondFactor: boolean
  readonly defaultSecondFactor: boolean
  readonly backupCodes?: readonly string[]
  prepareVerification(): Promise<ClerkPhone>
  attemptVerification(params: { code: string }): Promise<ClerkPhone>
  setReservedForSecondFactor(params: { reserved: boolean }): Promise<ClerkPhone>
  makeDefaultSecondFactor(): Promise<ClerkPhone>
  destroy(): Promise<void>
}

export interface ClerkPasskey {
  readonly id: string
  readonly name: string | null
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly lastUsedAt: Date | null
  update(params: { name: string }): Promise<ClerkPasskey>
  delete(): Promise<ClerkDeleted>
}

interface ClerkDeleted {
  readonly deleted: boolean
}
