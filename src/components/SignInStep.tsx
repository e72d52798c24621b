'use client'
import type { Frame } from './Frame.js'
import { SignIn } from './SignIn.js'

/** A whole sign-in as a step of something else. */
export function SignInStep({ frame: { idPrefix, headingLevel, classNames, help } }: { frame: Frame }) {
  return <SignIn idPrefix={idPrefix} headingLevel={headingLevel} classNames={classNames} help={help} />
}
