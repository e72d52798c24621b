export * from './core/adapter.js'
export { judge, satisfies, type Grace, type Requirement, type Verdict } from './core/assurance.js'
export * from './core/attempt.js'
export * from './core/AuthError.js'
export type { Clock } from './core/clock.js'
export type { Cooldowns, CooldownStorage } from './core/cooldowns.js'
export { createEngine, type Engine, type EngineOptions } from './core/engine.js'
export {
  enrollTransition,
  initialEnrollState,
  type EnrollBeginning,
  type EnrollEvent,
  type EnrollSetup,
  type EnrollState,
  type EnrollVerb,
} from './core/enrollFlow.js'
export { createEnrollRunner, type EnrollParts, type EnrollRunner } from './core/enrollRunner.js'
export * from './core/enrollment.js'
export { isLastFactor, readFactors, type FactorReading } from './core/factorSource.js'
export {
  createFactorsRunner,
  initialFactorsState,
  type FactorsParts,
  type FactorsRunner,
  type FactorsState,
  type FactorsVerb,
} from './core/factorsRunner.js'
export type { AuthEvent } from './core/events.js'
export { transition, type Challenge, type FlowEvent, type FlowState, type Problem, type Step, type Verb } from './core/flow.js'
export { initialState } from './core/initialState.js'
export type { Json } from './core/json.js'
export type { FirstMessages, Messages, Plural } from './core/messages.js'
export * from './core/otp.js'
export * from './core/otpauth.js'
export { safeReturnTo, type ReturnToOptions } from './core/returnTo.js'
export { retryAfterMs } from './core/retryAfter.js'
export type { RequestContext, Sealed, ServerAdapter } from './core/serverAdapter.js'
export * from './core/session.js'
export type { SessionSource } from './core/sessionSource.js'
export type { Beginning } from './core/beginning.js'
export type { Page, Popup, Way } from './core/continueSignIn.js'
export type { SignInRunner } from './core/signInVerbs.js'
export { preparationOf, screenOf } from './core/screenOf.js'
export type { Preparation } from './core/screenOf.js'
export type { Channel, EnrollType, FirstStrategy, IdentifierType, SecondStrategy, Strategy } from './core/strategy.js'
