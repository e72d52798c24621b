export { OtpInput } from '../../src/index.js'
