// What comes when it is first asked for: one chunk, so that nothing of it is asked for twice.
export { createEnrolling } from './enrolling.js'
export { createProviders } from './providers.js'
