'use client'
import { useState } from 'react'
import type { SignInAttempt } from '../core/attempt.js'
import type { FlowState } from '../core/flow.js'
import type { EnrollType } from '../core/strategy.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { slot } from '../hooks/stateAttributes.js'
import { useFlow } from '../hooks/useFlow.js'
import { Card } from './Card.js'
import type { Frame, FrameProps } from './Frame.js'
import { EnrollStep } from './EnrollTotp.js'
import { lazyStep } from './lazyStep.js'
import { StepLinks } from './StepLinks.js'
import { UnsupportedStep } from './UnsupportedStep.js'

type OwnStep = FrameProps & { frame: Frame; attempt: SignInAttempt; onCancel: () => void }

// Most people set up an app, and need the code of no other kind.
const EnrollPhone = lazyStep<OwnStep>(async () => (await import('./EnrollPhone.js')).EnrollPhone)
const EnrollPasskey = lazyStep<OwnStep>(async () => (await import('./EnrollPasskey.js')).EnrollPasskey)

const possible = ['webauthn', 'totp', 'phone'] as const satisfies readonly EnrollType[]

/** A second factor that has to be set up before the sign-in goes on; where there is more than one kind, the person chooses. */
export function ForcedEnroll({ frame, state }: { frame: Frame; state: Extract<FlowState, { step: 'enroll' }> }) {
  const { signIn } = useFlow()
  const { enroll, factors } = useAllTexts()
  const { attempt } = state
  const types = possible.filter((one) => state.enroll.includes(one))
  const [chosen, choose] = useState<(typeof possible)[number]>()
  const type = chosen ?? (types.length === 1 ? types[0] : undefined)
  const { idPrefix, headingLevel, classNames, help } = frame
  const shared = { frame, idPrefix, headingLevel, classNames, help, attempt, onCancel: () => void signIn.back() }

  if (types.length === 0) return <UnsupportedStep frame={frame} detail={state.enroll.join(', ')} />
  if (type === 'totp') return <EnrollStep frame={frame} attempt={attempt} />
  if (type === 'phone') return <EnrollPhone {...shared} />
  if (type === 'webauthn') return <EnrollPasskey {...shared} />
  const names = { totp: factors.addTotp, phone: factors.addPhone, webauthn: factors.addWebauthn }
  return (
    <Card
      frame={frame}
      step="enroll"
      title={enroll.chooseTitle}
      hint={enroll.required}
      links={<StepLinks frame={frame} state={state} />}
    >
      <ul {...slot('choices')} aria-labelledby={`${idPrefix}-title`}>
        {types.map((one) => (
          <li key={one}>
            <button type="button" {...slot('choice', { type: one })} onClick={() => choose(one)}>
              <span>{names[one]}</span>
            </button>
          </li>
        ))}
      </ul>
    </Card>
  )
}
