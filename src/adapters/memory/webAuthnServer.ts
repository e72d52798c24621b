/** What the backend in memory uses of `@simplewebauthn/server`, which is handed in and never imported here. */
export interface WebAuthnServer {
  verifyAuthenticationResponse(options: {
    response: never
    expectedChallenge: string
    expectedOrigin: string
    expectedRPID: string
    credential: { id: string; publicKey: Uint8Array<ArrayBuffer>; counter: number }
    requireUserVerification: boolean
  }): Promise<{ verified: boolean; authenticationInfo: { newCounter: number; userVerified: boolean } }>
  verifyRegistrationResponse(options: {
    response: never
    expectedChallenge: string
    expectedOrigin: string
    expectedRPID: string
    requireUserVerification: boolean
  }): Promise<{
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
