export type StateValue = string | number | boolean | null | undefined

export interface SlotAttributes {
  'data-slot': string
  className?: string
  [attribute: `data-${string}`]: string | number | undefined
}

/**
 * The only place that writes `data-slot` and the `data-*` state attributes: `true` becomes `data-x=""`, a string or number
 * `data-x="value"`; `false`, `null` and `undefined` leave the attribute out. State names are written as they shall stand in
 * the markup, in lower case: `slot('otp-cell', { active, index: 2 }, classNames?.cell)`.
 */
export function slot(name: string, state?: Readonly<Record<string, StateValue>>, className?: string): SlotAttributes {
  const attributes: SlotAttributes = { 'data-slot': name, className }
  for (const key in state) {
    const value = state[key]
    if (value != null && value !== false) attributes[`data-${key}`] = value === true ? '' : value
  }
  return attributes
}
