export { latchkey } from './latchkey.js'
export { requireLevel } from './requireLevel.js'
