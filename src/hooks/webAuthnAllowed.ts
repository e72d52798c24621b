/** As browsers have it that know permissions policies. */
interface PolicedDocument {
  readonly featurePolicy?: { allowsFeature(feature: string): boolean }
}

/** May this page ask for a passkey? Not in a browser without WebAuthn, and not in a frame that was not given leave (WebAuthn Level 3 §5.9). */
export function webAuthnAllowed(): boolean {
  if (typeof PublicKeyCredential === 'undefined') return false
  return (document as PolicedDocument).featurePolicy?.allowsFeature('publickey-credentials-get') ?? true
}
