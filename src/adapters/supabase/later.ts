// What comes when it is first asked for: one chunk, so that nothing of it is asked for twice.
export { createMfa } from './mfa.js'
export { createOtherWays } from './otherWays.js'
