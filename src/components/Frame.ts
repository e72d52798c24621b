import type { ReactNode } from 'react'

/** Slots that a class can be given to. The same names stand in `data-slot`. */
export type SlotName =
  | 'root'
  | 'card'
  | 'title'
  | 'hint'
  | 'field'
  | 'label'
  | 'input'
  | 'error'
  | 'status'
  | 'button'
  | 'links'
  | 'link'
  | 'otp-field'
  | 'otp-cell'
export type ClassNames = Readonly<Partial<Record<SlotName, string>>>

/** What every card of one component shares. */
export interface Frame {
  /** Ids of the parts begin with it, the same on every page. */
  readonly idPrefix: string
  readonly headingLevel: 1 | 2 | 3 | 4 | 5 | 6
  readonly classNames: ClassNames
  /** Move the focus into the card when it appears. */
  readonly focus: boolean
  readonly help?: ReactNode
}

export interface FrameProps {
  /** Default `lk`. */
  idPrefix?: string
  /** Level of the card's heading in the page's outline. Default 2. */
  headingLevel?: Frame['headingLevel']
  classNames?: ClassNames
  /** A way to get help, last on every card. */
  help?: ReactNode
}

export function frameOf({ idPrefix = 'lk', headingLevel = 2, classNames = {}, help }: FrameProps, focus: boolean): Frame {
  return { idPrefix, headingLevel, classNames, focus, help }
}
