'use client'
import { plainText } from '../core/plainText.js'
import { screenOf } from '../core/screenOf.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { slot } from '../hooks/stateAttributes.js'
import { isStepUp } from '../hooks/stepUp.js'
import { useFactorChooser } from '../hooks/useFactorChooser.js'
import { useFlow } from '../hooks/useFlow.js'
import { Button, LinkButton } from './Button.js'
import { Card } from './Card.js'
import { factorName } from './factorName.js'
import { frameOf, type Frame, type FrameProps } from './Frame.js'
import { ProblemText } from './ProblemText.js'
import { Root } from './Root.js'

/** The factors of the sign-in under way, where there is more than one to choose from; nothing otherwise. */
export function FactorChooser(props: FrameProps) {
  const { state } = useFlow()
  if (state.step !== 'choose-first' && state.step !== 'choose-second') return null
  const frame = frameOf(props, true)
  return (
    <Root classNames={frame.classNames}>
      <FactorChooserStep frame={frame} />
    </Root>
  )
}

export function FactorChooserStep({ frame }: { frame: Frame }) {
  const { choose, common, stepUp } = useAllTexts()
  const { state } = useFlow()
  const chooser = useFactorChooser()
  const { factors, which, pending, problem, unknown } = chooser
  const signOut = (
    <LinkButton frame={frame} onClick={() => void chooser.signOut()}>
      {isStepUp(state) ? stepUp.cancel : which === 'second' ? common.signOut : common.back}
    </LinkButton>
  )

  if (factors.length === 0) {
    return (
      <Card
        frame={frame}
        step={`choose-${which}`}
        title={unknown ? choose.secondTitle : choose.none}
        hint={unknown ? undefined : which === 'second' ? choose.noneHint : choose.noneFirstHint}
        error={unknown ? choose.failed : problem && <ProblemText problem={problem} />}
        pending={pending}
        links={signOut}
      >
        {unknown && (
          <Button frame={frame} type="button" pending={pending} onClick={() => void chooser.reload()}>
            {common.tryAgain}
          </Button>
        )}
      </Card>
    )
  }

  return (
    <Card
      frame={frame}
      step={`choose-${which}`}
      title={which === 'first' ? choose.firstTitle : choose.secondTitle}
      hint={choose.hint}
      error={problem && <ProblemText problem={problem} />}
      pending={pending}
      links={signOut}
    >
      <ul {...slot('choices')} aria-labelledby={`${frame.idPrefix}-title`}>
        {factors.map((factor) => (
          <li key={factor.id}>
            <button {...chooser.getFactorProps(factor)} {...slot('choice', { strategy: factor.strategy })}>
              <span>
                {factorName(factor, choose)}
                {factor.label && screenOf(factor.strategy) !== 'redirect' && (
                  <>
                    {' '}
                    <bdi>{plainText(factor.label)}</bdi>
                  </>
                )}
              </span>{' '}
              {factor.hint && <bdi {...slot('choice-hint')}>{plainText(factor.hint)}</bdi>}
            </button>
          </li>
        ))}
      </ul>
      {factors.length > 1 && factors.some(({ strategy }) => strategy === 'phone_code') && (
        <p {...slot('choice-hint')}>{choose.phoneRisk}</p>
      )}
    </Card>
  )
}
