import { lazyStep } from './lazyStep.js'

/** The screens of a step-up, for who is not one of them. */
export const ChallengeSteps = lazyStep(async () => (await import('./LaterSteps.js')).LaterSteps)
