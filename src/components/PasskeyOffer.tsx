'use client'
import { useState } from 'react'
import { useAllTexts } from '../hooks/allTexts.js'
import type { UseEnrollmentOptions } from '../hooks/useEnrollment.js'
import { usePasskeyOffer } from '../hooks/usePasskeyOffer.js'
import { Button, LinkButton } from './Button.js'
import { Card } from './Card.js'
import type { EndOptions } from './EnrollEnd.js'
import { frameOf, type FrameProps } from './Frame.js'
import { lazyStep } from './lazyStep.js'
import { Root } from './Root.js'
import { Spoken } from './Spoken.js'

export interface PasskeyOfferProps extends FrameProps, EndOptions, Pick<UseEnrollmentOptions, 'onEnrolled'> {
  /** The person says "not now". The kit keeps that as long as the page is; for longer, keep it and leave the offer out. */
  onDismiss?: () => void
}

const AddFactor = lazyStep(async () => (await import('./AddFactor.js')).AddFactor)

/**
 * Offers a passkey to somebody who has shown two factors and has none, and draws nothing for all others. It is part of the page, asks nobody to answer
 * and takes no focus; who declines is told so where the offer was, as the focus was in it.
 */
export function PasskeyOffer({ onDismiss, onEnrolled, acknowledge, issuer, account, notice, ...props }: PasskeyOfferProps) {
  const { offered, dismiss } = usePasskeyOffer()
  const { passkeyOffer: texts } = useAllTexts()
  const [adding, setAdding] = useState(false)
  const [moved, setMoved] = useState(false)
  const [declined, setDeclined] = useState(false)
  const frame = frameOf({ idPrefix: 'lk-passkey-offer', ...props }, moved)
  if (adding)
    return (
      <AddFactor
        frame={frame}
        type="webauthn"
        end={{ acknowledge, issuer, account, notice }}
        friendlyName={undefined}
        onCancel={() => {
          setAdding(false)
          setMoved(true)
        }}
        onEnrolled={onEnrolled}
      />
    )
  if (!offered) return declined && <Spoken>{texts.declined}</Spoken>
  return (
    <Root classNames={frame.classNames}>
      <Card
        frame={frame}
        step="passkey-offer"
        title={texts.title}
        hint={texts.hint}
        links={
          <LinkButton
            frame={frame}
            onClick={() => {
              dismiss()
              setDeclined(true)
              onDismiss?.()
            }}
          >
            {texts.notNow}
          </LinkButton>
        }
      >
        <Button frame={frame} type="button" onClick={() => setAdding(true)}>
          {texts.add}
        </Button>
      </Card>
    </Root>
  )
}
