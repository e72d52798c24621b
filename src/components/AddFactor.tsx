'use client'
import type { EnrollType } from '../core/strategy.js'
import type { UseEnrollmentOptions } from '../hooks/useEnrollment.js'
import type { EndOptions } from './EnrollEnd.js'
import type { Frame } from './Frame.js'
import { PasskeyEnroll } from './PasskeyEnroll.js'
import { PhoneEnroll } from './PhoneEnroll.js'
import { TotpEnroll } from './TotpEnroll.js'

export interface AddFactorProps {
  frame: Frame
  type: EnrollType
  end: EndOptions
  friendlyName: string | undefined
  onCancel: () => void
  onEnrolled: UseEnrollmentOptions['onEnrolled']
}

/** The enrolment of one kind of factor. */
export function AddFactor({ frame, type, end, friendlyName, onCancel, onEnrolled }: AddFactorProps) {
  const { idPrefix, headingLevel, classNames, help } = frame
  const shared = { ...end, idPrefix, headingLevel, classNames, help, friendlyName, onCancel, onEnrolled }
  if (type === 'phone') return <PhoneEnroll {...shared} />
  if (type === 'webauthn') return <PasskeyEnroll {...shared} />
  return <TotpEnroll {...shared} />
}
