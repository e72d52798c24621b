'use client'
import { Fragment, useEffect, type ReactNode } from 'react'
import { screenKey } from '../core/screenKey.js'
import type { Requirement } from '../core/assurance.js'
import type { Session } from '../core/session.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { useFlow } from '../hooks/useFlow.js'
import { useMfaGate } from '../hooks/useMfaGate.js'
import { Button } from './Button.js'
import { Card } from './Card.js'
import { frameOf, type FrameProps } from './Frame.js'
import { lazyStep } from './lazyStep.js'
import { ProblemText } from './ProblemText.js'
import { Root } from './Root.js'

export interface MfaGateProps extends FrameProps, Partial<Requirement> {
  /** A function is called only when the gate is open, so that nothing protected is made before. */
  children: ReactNode | ((session: Session) => ReactNode)
  /** Instead of the sign-in, for people who are signed out. */
  signedOut?: ReactNode
  /** Instead of the enrolment, for people who have no second factor. */
  enroll?: ReactNode
  /** While the session is being read. Default: a short sentence. */
  loading?: ReactNode
  /** Shown in the authenticator app of someone who has to enrol first. */
  issuer?: string
}

const SignInStep = lazyStep(async () => (await import('./SignInStep.js')).SignInStep)
const LaterSteps = lazyStep(async () => (await import('./LaterSteps.js')).LaterSteps)
const EnrollInGate = lazyStep(async () => (await import('./EnrollInGate.js')).EnrollInGate)

/**
 * Shows its children when the server's session has the level that they require, else what is missing: a sign-in, a step-up, or an enrolment. It keeps
 * closed on every doubt.
 *
 * It is a courtesy to people and no protection: what the browser has, its user has. Your server has to check the level on every request; children that
 * come from a server component are sent to the browser before any gate is asked, so there only a check on the server protects.
 */
export function MfaGate({ require = 'aal2', maxAgeMs, children, signedOut, enroll, loading, issuer, ...props }: MfaGateProps) {
  const gate = useMfaGate({ require, maxAgeMs })
  const { state } = useFlow()
  const { gate: texts, common } = useAllTexts()
  const frame = frameOf({ idPrefix: 'lk-gate', ...props }, gate.challenging)

  useEffect(() => {
    if (gate.outcome === 'step_up') void LaterSteps.preload()
  }, [gate.outcome])

  if (gate.outcome === 'allowed' && gate.session) {
    // Another person begins anew: what the one before had typed or seen is in the children's state.
    const { id } = gate.session.user
    return <Fragment key={id}>{typeof children === 'function' ? children(gate.session) : children}</Fragment>
  }
  return <Root classNames={frame.classNames}>{closed()}</Root>

  function closed(): ReactNode {
    const retry = (
      <Button frame={frame} type="button" onClick={() => void gate.recheck()}>
        {common.tryAgain}
      </Button>
    )
    switch (gate.outcome) {
      case 'loading':
        return loading ?? <Card key="loading" frame={frame} step="loading" title={texts.loading} />
      case 'signed_out':
        return signedOut ?? <SignInStep frame={frame} />
      case 'step_up':
        return gate.challenging ? (
          <LaterSteps key={screenKey(state)} frame={frame} />
        ) : (
          <Card
            key="step_up"
            frame={frame}
            step="step_up"
            title={texts.stepUpTitle}
            hint={texts.stepUpHint}
            error={gate.stillLow ? texts.stillLow : state.problem && <ProblemText problem={state.problem} />}
            pending={state.pending !== null}
          >
            <Button frame={frame} type="button" pending={state.pending !== null} onClick={() => void gate.stepUp()}>
              {texts.stepUp}
            </Button>
          </Card>
        )
      case 'enroll':
        return enroll ?? <EnrollInGate frame={frame} issuer={issuer} />
      case 'unknown':
        return (
          <Card key="unknown" frame={frame} step="unknown" title={texts.unknownTitle} hint={texts.unknownHint}>
            {retry}
          </Card>
        )
      default:
        return (
          <Card key="error" frame={frame} step="error" title={texts.errorTitle} error={texts.errorHint}>
            {retry}
          </Card>
        )
    }
  }
}
