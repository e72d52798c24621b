export { landingLink } from './landingLink.js'
export { latchkey, type LatchkeyOptions } from './latchkey.js'
export { requireLevel, type LevelOptions } from './requireLevel.js'
