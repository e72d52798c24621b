import { useState } from 'react'
import type { UseEnrollment } from '../hooks/useEnrollment.js'
import { frameOf, type Frame, type FrameProps } from './Frame.js'

/** The frame of an enrolment's cards: the first one leaves the focus where it is, all others take it. */
export function useMovedFrame(props: FrameProps, { state, challenging }: UseEnrollment): Frame {
  const [moved, setMoved] = useState(false)
  if (!moved && (challenging || state.step !== 'intro')) setMoved(true)
  return frameOf(props, moved)
}
