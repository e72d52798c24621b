// @vitest-environment node
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { programOfSource, read, root } from './support/sources.js'

const words = (text: string) => text.trim().split(/\s+/).toSorted()

/** Every name that the package promises, by door. A change here is a change for its users. */
const doors: Record<string, { file: string; values: string[]; types: string[] }> = {
  '.': {
    file: 'src/index.ts',
    values: words(`
      AuthError AuthProvider BackupCodes FactorChooser FactorList MfaGate OtpInput PasskeyEnroll PasskeyOffer PhoneEnroll SignIn StepUp TotpEnroll isAuthError safeReturnTo
      useAuthenticatorAssuranceLevel useBackupCodeForm useBackupCodes useCodeForm useDeviceFactor useFactorChooser useFactors useMfaGate
      useOtpInput usePasskeyEnroll usePasskeyOffer usePasswordForm usePhoneEnroll usePhoneForm useResend useReturnTo useSession useSignIn useSignInForm useStepUp useTotpEnroll useWallets
    `),
    types: words(`
      ActiveSession AuthAdapter AuthErrorCode AuthEvent AuthProviderProps BackupCodesProps ClassNames FactorListProps FlowState
      FrameProps Grace Level Messages MfaGateProps OtpInputProps PasskeyEnrollProps PasskeyOfferProps PhoneEnrollProps Problem ReturnToOptions Session SignInProps SlotName Step StepUpProps TotpEnrollProps
      UseBackupCodeForm UseBackupCodes UseCodeForm UseEnrollment UseEnrollmentOptions UseFactorChooser UseFactors UseMfaGate UseMfaGateOptions UseOtpInputOptions UseOtpInputResult
      UsePasskeyEnroll UsePasskeyOffer UsePasswordForm UsePhoneEnroll UsePhoneForm UsePhoneFormOptions UseResend UseSession UseSignIn UseSignInForm UseSignInFormOptions UseSignInOptions UseStepUp UseTotpEnroll
      UseDeviceFactor UseTotpEnrollOptions UseWalletsOptions
    `),
  },
  './core': {
    file: 'src/core.ts',
    values: words(`
      AuthError canonicalSecret codeProblem createEngine createEnrollRunner createFactorsRunner enrollTransition errorTable
      initialEnrollState initialFactorsState initialState isActive isAuthError isCode isLastFactor judge keyWarnings knownCode levels normalizeCode
      otpauthUri preparationOf readCode readFactors readOtpauthUri retryAfterMs safeReturnTo satisfies screenOf toAuthError transition
    `),
    types: words(`
      AcceptedPasskeys ActiveSession Allowed AttemptRef AuthAdapter AuthErrorCode AuthErrorDetails AuthEvent Beginning CallOptions Capabilities
      Challenge Channel Clock CodeFormat CodeProblem CodeType CooldownStorage Cooldowns CreateParams Engine
      EngineOptions EnrollBeginning EnrollEvent EnrollParams EnrollParts EnrollRunner EnrollSetup EnrollState EnrollType EnrollVerb Enrollment ErrorField
      Factor FactorChange FactorOption FactorReading FactorsParts FactorsRunner FactorsState FactorsVerb FirstMessages FirstStrategy FlowEvent FlowState Grace IdentifierType Json Level Messages MfaApi
      Page Plural Popup Preparation PrepareParams Problem Proof ReadOptions Reading RequestContext Requirement ReturnToOptions Sealed SecondStrategy Session SessionApi
      ServerAdapter SessionSource SignInApi SignInAttempt SignInRunner SignOutScope Step StepUpApi StepUpLevel Strategy TotpKey Verb
      Verdict Verification Verified Way
    `),
  },
  './adapters/memory': {
    file: 'src/adapters/memory/index.ts',
    values: words('createMemoryBackend memoryAdapter'),
    types: words(`
      MemoryBackend MemoryCall MemoryClock MemoryLimits MemoryMessage MemoryOptions MemoryOutbox MemoryUser MemoryUsers
      MemoryProvider MemoryVerb NewPasswordRules ProviderAnswer SeedPasskey SeedUser WalletVerifier WebAuthnOptions WebAuthnServer
    `),
  },
  './adapters/better-auth': {
    file: 'src/adapters/better-auth/index.ts',
    values: words('betterAuthAdapter'),
    types: words('BetterAuthAdapterOptions BetterAuthClient'),
  },
  './adapters/workos': {
    file: 'src/adapters/workos/index.ts',
    values: words('workosAdapter'),
    types: words('CodeMessage FactorStore WorkOSAdapterOptions WorkOSClient'),
  },
  './adapters/http': {
    file: 'src/adapters/http/index.ts',
    values: words('httpAdapter'),
    types: words('HttpAdapterOptions HttpOffer'),
  },
  './server': {
    file: 'src/server/index.ts',
    values: words('createAuthHandler toNodeHandler'),
    types: words('AuthHandler AuthHandlerOptions NodeRequest NodeResponse RequestContext Sealed ServerAdapter'),
  },
  './adapters/supabase': {
    file: 'src/adapters/supabase/index.ts',
    values: words('supabaseAdapter'),
    types: words('SupabaseAdapterOptions SupabaseAuth'),
  },
  './adapters/clerk': {
    file: 'src/adapters/clerk/index.ts',
    values: words('clerkAdapter'),
    types: words('ClerkAdapterOptions ClerkInstance'),
  },
  './server/better-auth': {
    file: 'src/server/better-auth/index.ts',
    values: words('landingLink latchkey requireLevel'),
    types: words('LatchkeyOptions LevelOptions'),
  },
  './testing': {
    file: 'src/testing/index.ts',
    values: words('adapterContract throughVerbs withFaults'),
    types: words(`
      Act AdapterHarness ContractCase ContractOptions Evidence Fault FaultRule Lever Person PersonWants Stage VerbCall
      VerbName
    `),
  },
  './locales/en': {
    file: 'src/locales/en.ts',
    values: words('en'),
    types: [],
  },
}

const manifest = JSON.parse(read('package.json')) as { exports: Record<string, unknown> }

it('package.json opens these doors and no others', () => {
  expect(Object.keys(manifest.exports)).toEqual([...Object.keys(doors), './styles.css', './package.json'])
})

describe('public names', () => {
  const program = programOfSource()
  const checker = program.getTypeChecker()

  const namesOf = (file: string) => {
    const source = program.getSourceFile(join(root, file))
    const symbol = source && checker.getSymbolAtLocation(source)
    const all = symbol ? checker.getExportsOfModule(symbol) : []
    const isValue = (one: ts.Symbol) => {
      const named = one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one
      const onlyType = one.declarations?.some(
        (node) => ts.isExportSpecifier(node) && (node.isTypeOnly || node.parent.parent.isTypeOnly),
      )
      return !onlyType && (named.flags & ts.SymbolFlags.Value) !== 0
    }
    return {
      values: all
        .filter(isValue)
        .map((one) => one.name)
        .toSorted(),
      types: all
        .filter((one) => !isValue(one))
        .map((one) => one.name)
        .toSorted(),
    }
  }

  it.each(Object.entries(doors))('of %s', (_, { file, ...names }) => {
    expect(existsSync(join(root, file))).toBe(true)
    expect(namesOf(file)).toEqual(names)
  })
})
