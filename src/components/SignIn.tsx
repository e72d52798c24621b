'use client'
import { useEffect, useState, type ReactNode } from 'react'
import { screenKey } from '../core/screenKey.js'
import { afterFrame } from '../hooks/afterFrame.js'
import { useSignIn, type UseSignInOptions } from '../hooks/useSignIn.js'
import { frameOf, type FrameProps } from './Frame.js'
import { lazyStep } from './lazyStep.js'
import { Root } from './Root.js'
import { StartStep } from './StartStep.js'

export interface SignInProps extends FrameProps, UseSignInOptions {
  /** Put the focus into the first field when the page opens. Default false: the page decides where people start. */
  autoFocus?: boolean
  /** Ask for the password on the first screen? Default: as the adapter's capabilities suggest. */
  password?: boolean
  /** Filled in at first, and may be changed. */
  identifier?: string
  /** Submit a code as soon as it is complete. Default true; a hint says so. */
  autoSubmit?: boolean
  /** A link to your sign-up. */
  signUp?: ReactNode
  /** A link for a forgotten password. */
  forgot?: ReactNode
  /** A captcha of yours, where your backend asks for one. It gets what takes its token, and begins anew after each try. */
  captcha?: (setToken: (token: string | undefined) => void) => ReactNode
  /**
   * Where to go after sign-in: a path of this origin, as it may have come with the page's address. Anything else, and this page itself, leads to
   * `/`. Your sign-out and the page that providers lead back to are yours to keep out: `safeReturnTo` takes them as `refuse`. Default: nowhere,
   * `onComplete` decides.
   */
  returnTo?: string | null
}

const LaterSteps = lazyStep(async () => (await import('./LaterSteps.js')).LaterSteps)

/** Signs a person in, one question at a time, with whatever the provider's adapter can do. */
export function SignIn(props: SignInProps) {
  const { state, landing } = useSignIn({ onComplete: props.onComplete })
  const screen = screenKey(state)
  const [touched, setTouched] = useState(false)
  const [shown, setShown] = useState({ screen, moves: 0, touched })
  if (shown.screen !== screen) setShown({ screen, moves: shown.moves + 1, touched })
  // A page that opens does not move the focus; a step that the person took does, and one that takes the field away that they were in.
  const found = state.step === 'complete' && state.restored
  const frame = frameOf(props, found ? shown.touched : shown.moves > 0 || !!props.autoFocus)

  useEffect(() => {
    let here = true
    // Not in the idle time before the first frame, which would come later for it.
    afterFrame(() => here && (window.requestIdleCallback ?? setTimeout)(() => void LaterSteps.preload()))
    return () => {
      here = false
    }
  }, [])

  return (
    <Root classNames={frame.classNames} onFocus={() => setTouched(true)}>
      {state.step === 'start' && !landing ? (
        <StartStep key={screen} {...props} frame={frame} />
      ) : (
        <LaterSteps key={screen} frame={frame} autoSubmit={props.autoSubmit} forgot={props.forgot} returnTo={props.returnTo} />
      )}
    </Root>
  )
}
