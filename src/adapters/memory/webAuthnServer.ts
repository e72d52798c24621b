/** What an answer is held against. */
export interface Expected {
  /** As it came; the library judges its form. */
  response: never
  expectedChallenge: string
  expectedOrigin: string
  expectedRPID: string
  requireUserVerification: boolean
}

/** What the backend in memory uses of `@simplewebauthn/server`, which is handed in and never imported here. */
export interface WebAuthnServer {
  verifyAuthenticationResponse(
    options: Expected & { credential: { id: string; publicKey: Uint8Array<ArrayBuffer>; counter: number } },
  ): Promise<{ verified: boolean; authenticationInfo: { newCounter: number; userVerified: boolean } }>
  verifyRegistrationResponse(options: Expected): Promise<{
    verified: boolean
    registrationInfo?: {
      credential: { id: string; publicKey: Uint8Array<ArrayBuffer>; counter: number; transports?: readonly string[] }
    }
  }>
}

export interface WebAuthnOptions {
  /** `import * as server from '@simplewebauthn/server'`. */
  readonly server: WebAuthnServer
  /** The domain that passkeys are made for (`app.example`). */
  readonly rpId: string
  /** Where the page is (`https://app.example`). */
  readonly origin: string
}
