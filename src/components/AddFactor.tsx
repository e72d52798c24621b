'use client'
import type { EnrollType } from '../core/strategy.js'
import type { Frame } from './Frame.js'
import { PasskeyEnroll } from './PasskeyEnroll.js'
import { PhoneEnroll } from './PhoneEnroll.js'
import { TotpEnroll } from './TotpEnroll.js'

export interface AddFactorProps {
  frame: Frame
  type: EnrollType
  issuer: string | undefined
  friendlyName: string | undefined
  onCancel: () => void
  onEnrolled: () => void
}

/** The enrolment of one kind of factor. */
export function AddFactor({ frame, type, issuer, friendlyName, onCancel, onEnrolled }: AddFactorProps) {
  const { idPrefix, headingLevel, classNames, help } = frame
  const shared = { idPrefix, headingLevel, classNames, help, friendlyName, onCancel, onEnrolled }
  if (type === 'phone') return <PhoneEnroll {...shared} />
  if (type === 'webauthn') return <PasskeyEnroll {...shared} />
  return <TotpEnroll {...shared} issuer={issuer} />
}
