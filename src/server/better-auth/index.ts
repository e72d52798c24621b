export { landingLink } from './landingLink.js'
export { latchkey } from './latchkey.js'
export { requireLevel } from './requireLevel.js'
