// What comes when it is first asked for: one chunk, so that nothing of it is asked for twice.
export { createLaterSteps } from './laterSteps.js'
export { createMfa } from './mfa.js'
