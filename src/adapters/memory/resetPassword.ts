import type { NewPasswordRules } from './memoryOptions.js'

export const minLengthOf = ({ minLength = 8 }: NewPasswordRules) => minLength
