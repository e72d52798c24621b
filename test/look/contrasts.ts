import { expect } from 'vitest'
import { blend, contrast, ground } from './colour.js'
import { setScheme, type Scheme } from './screens.js'

export const schemes: readonly Scheme[] = ['light', 'dark']

export const nameOf = (one: Element) =>
  `${one.localName}[${one.getAttribute('data-slot') ?? ''}] "${one.textContent?.slice(0, 30)}"`

/** What has too little contrast, in both schemes. */
export function tooFaint(least: number, measure: () => readonly (readonly [Element, number])[]): string[] {
  return schemes.flatMap((scheme) => {
    setScheme(scheme)
    const measured = measure()
    expect(measured.length).toBeGreaterThan(0)
    return measured.filter(([, ratio]) => ratio < least).map(([one, ratio]) => `${scheme}: ${nameOf(one)} ${ratio.toFixed(2)}`)
  })
}

export const onGround = (one: Element, colour: string) => {
  const below = ground(one)
  return contrast(blend(...below, colour), blend(...below))
}

/** Of a control's edge, against what is around it. 0: it has none. */
export const edge = (one: Element) => {
  const { borderTopStyle, borderTopWidth, borderTopColor } = getComputedStyle(one)
  const around = ground(one.parentElement ?? one)
  return borderTopStyle === 'none' || borderTopWidth === '0px' ? 0 : contrast(blend(...around, borderTopColor), blend(...around))
}
