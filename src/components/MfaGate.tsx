'use client'
import { Fragment, useEffect, useId, useState, type ReactNode } from 'react'
import { screenKey } from '../core/screenKey.js'
import type { Session } from '../core/session.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { slot } from '../hooks/stateAttributes.js'
import { useFlow } from '../hooks/useFlow.js'
import { useMfaGate, type UseMfaGateOptions } from '../hooks/useMfaGate.js'
import { Button } from './Button.js'
import { Card } from './Card.js'
import { frameOf, type FrameProps } from './Frame.js'
import { lazyStep } from './lazyStep.js'
import { ProblemText } from './ProblemText.js'
import { Root } from './Root.js'
import { Spoken } from './Spoken.js'

export interface MfaGateProps extends FrameProps, Partial<UseMfaGateOptions> {
  /** A function is called only when the gate is open, so that nothing protected is made before. */
  children: ReactNode | ((session: Session) => ReactNode)
  /** Where the step-up is drawn: in the content's place, or in a modal dialog over the page. Default `inline`. */
  mode?: 'inline' | 'dialog'
  /** Instead of the sign-in, for people who are signed out. Of several gates on a page the first draws its own. */
  signedOut?: ReactNode
  /** Instead of the enrolment, for people who have no second factor. */
  enroll?: ReactNode
  /** While the session is being read. Default: a short sentence. */
  loading?: ReactNode
  /** While another gate on the page asks for what this one needs, too. Default: a short sentence; `null`: nothing. */
  waiting?: ReactNode
  /** Say in time that `maxAgeMs` runs out, and offer to keep the gate open. Default true; who turns it off has to do so themselves (WCAG 2.2.1). */
  warn?: boolean
  /** Shown in the authenticator app of someone who has to enrol first. */
  issuer?: string
}

const SignInStep = lazyStep(async () => (await import('./SignInStep.js')).SignInStep)
const LaterSteps = lazyStep(async () => (await import('./LaterSteps.js')).LaterSteps)
const EnrollInGate = lazyStep(async () => (await import('./EnrollInGate.js')).EnrollInGate)
/** What is drawn over the page, once it is here. */
let overGate: typeof import('./OverGate.js').OverGate | null = null

/**
 * Shows its children when the server's session has the level that they require, else what is missing: a sign-in, a step-up, or an enrolment. It keeps
 * closed on every doubt. Of several gates on a page the first that is closed asks, and the others open with it.
 *
 * It is a courtesy to people and no protection: what the browser has, its user has. Your server has to check the level on every request; children that
 * come from a server component are sent to the browser before any gate is asked, so there only a check on the server protects.
 *
 * `maxAgeMs` counts from when your server says that the factor was passed, never by the device's clock. NIST SP 800-63B-4 (§2.1.3, §2.2.3) asks for a
 * new sign-in after 30 days at AAL1; at AAL2 after 24 hours, and after one hour without activity, which only your server can see.
 */
export function MfaGate({
  require = 'aal2',
  maxAgeMs,
  grace,
  mode = 'inline',
  warn = true,
  children,
  signedOut,
  enroll,
  loading,
  waiting,
  issuer,
  ...props
}: MfaGateProps) {
  const gate = useMfaGate({ require, maxAgeMs, grace })
  const { outcome, challenging, asks } = gate
  const { state } = useFlow()
  const { gate: texts, common } = useAllTexts()
  const [OverGate, setOverGate] = useState(() => overGate)
  const mayBeOver = !OverGate && (mode === 'dialog' || (warn && maxAgeMs !== undefined))
  const [acted, setActed] = useState(false)
  const screen = `${outcome} ${challenging}`
  const [shown, setShown] = useState({ screen, focus: false, over: OverGate !== null })
  // Where a challenge begins it stays: what is typed into it would be lost on the way into a dialog that comes late.
  if (shown.screen !== screen) setShown({ screen, focus: acted && outcome !== 'loading', over: OverGate !== null })
  const { idPrefix = 'lk-gate' } = props
  const own = useId()
  // Ids are the same on every page; those of gates that do not ask have to differ from them.
  const frame = frameOf({ ...props, idPrefix: asks ? idPrefix : idPrefix + own }, challenging || shown.focus)
  const closing = warn && gate.closesInMs !== null
  const inDialog = OverGate !== null && shown.over && mode === 'dialog' && asks && challenging

  useEffect(() => {
    if (outcome === 'step_up') void LaterSteps.preload()
  }, [outcome])

  useEffect(() => {
    if (!mayBeOver) return
    // Where it does not come, a step-up is drawn in place, and the next change of the gate tries again.
    void import('./OverGate.js').then(
      (module) => setOverGate(() => (overGate = module.OverGate)),
      () => undefined,
    )
  }, [mayBeOver, outcome, closing])

  return (
    <>
      {outcome === 'allowed' && gate.session ? (
        <>
          {acted && <Spoken>{texts.opened}</Spoken>}
          {/* Another person begins anew: what the one before had typed or seen is in the children's state. */}
          <Fragment key={gate.session.user.id}>{typeof children === 'function' ? children(gate.session) : children}</Fragment>
        </>
      ) : (
        <Root classNames={frame.classNames} onFocus={() => setActed(true)}>
          {asks || outcome === 'loading' ? closed() : others()}
        </Root>
      )}
      {OverGate && (inDialog || gate.extending || closing) && (
        <OverGate frame={{ ...frame, idPrefix: `${idPrefix}-over` }} gate={gate} inDialog={inDialog} closing={closing} />
      )}
    </>
  )

  function others(): ReactNode {
    if (waiting !== undefined) return waiting
    const title = outcome === 'error' ? texts.errorTitle : outcome === 'unknown' ? texts.unknownTitle : texts.waiting
    const { headingLevel, classNames } = frame
    const Heading = `h${headingLevel}` as const
    // No section: ten places of the same name are no landmarks, and nothing is said in them.
    return (
      <div {...slot('card', { step: 'waiting' }, classNames.card)}>
        <Heading {...slot('title', {}, classNames.title)}>{title}</Heading>
      </div>
    )
  }

  function closed(): ReactNode {
    const retry = (
      <Button frame={frame} type="button" onClick={() => void gate.recheck()}>
        {common.tryAgain}
      </Button>
    )
    switch (outcome) {
      case 'loading':
        return loading ?? <Card key="loading" frame={frame} step="loading" title={texts.loading} />
      case 'signed_out':
        return signedOut ?? <SignInStep frame={frame} />
      case 'step_up': {
        if (challenging && !inDialog) return <LaterSteps key={screenKey(state)} frame={frame} />
        const { pending, problem } = inDialog || gate.extending ? { pending: null, problem: null } : state
        return (
          <Card
            key="step_up"
            frame={frame}
            step="step_up"
            title={texts.stepUpTitle}
            hint={texts.stepUpHint}
            error={gate.stillLow ? texts.stillLow : problem && <ProblemText problem={problem} />}
            pending={pending !== null}
          >
            <Button frame={frame} type="button" pending={pending !== null} onClick={() => void gate.stepUp()}>
              {texts.stepUp}
            </Button>
          </Card>
        )
      }
      case 'enroll':
        if (!gate.canPutOff) return enroll ?? <EnrollInGate frame={frame} issuer={issuer} />
        return (
          <EnrollInGate frame={frame} issuer={issuer} until={grace?.until} onPutOff={gate.putOff}>
            {enroll}
          </EnrollInGate>
        )
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
