import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { en } from '../../src/locales/en.js'
import { blend, contrast, ground } from './colour.js'
import { controls, emulate, screens, show, stories, withPlainPage } from './screens.js'

withPlainPage()

/** What every animation on the page moves, and whether one never ends. */
function moving() {
  return document.getAnimations().flatMap((one) => {
    const effect = one.effect as KeyframeEffect
    const still = ['offset', 'computedOffset', 'easing', 'composite']
    const moved = effect.getKeyframes().flatMap((frame) => Object.keys(frame).filter((key) => !still.includes(key)))
    return [...new Set(moved)].map((property) =>
      effect.getComputedTiming().endTime === Infinity ? `${property}, without end` : property,
    )
  })
}

describe('motion', () => {
  it('TH-08 a wait turns a mark, and with reduced motion nothing moves, blinks or goes on without end', async () => {
    await stories.signIn.Waiting.run()
    expect(moving()).toContain('rotate, without end')
    await emulate({ 'prefers-reduced-motion': 'reduce' })
    for (const screen of [...Object.values(screens), stories.signIn.TotpChecking]) {
      await screen.run()
      expect(moving().filter((one) => one !== 'opacity')).toEqual([])
    }
    for (const one of document.querySelectorAll('[data-slot=root], [data-slot=root] *')) {
      for (const part of [undefined, '::before', '::after']) {
        const { transitionDuration, scrollBehavior } = getComputedStyle(one, part)
        expect(parseFloat(transitionDuration)).toBe(0)
        expect(scrollBehavior).toBe('auto')
      }
    }
  })
})

const every = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)]
const only = (selector: string) => every(selector)[0] as HTMLElement
const widthOf = (one: Element) => parseFloat(getComputedStyle(one).borderTopWidth)

const force = (scheme: string) => emulate({ 'forced-colors': 'active', 'prefers-color-scheme': scheme })

describe.each(['light', 'dark'])('forced colours, %s', (scheme) => {
  it('TH-09 an error, the active cell and the focus show without background or shadow', async () => {
    await force(scheme)
    await show(stories.signIn.Start)
    const plain = widthOf(only('[data-slot=input]'))
    await show(stories.signIn.WrongPassword)
    expect(widthOf(only('[aria-invalid=true]'))).toBeGreaterThan(plain)
    await show(stories.signIn.TotpFilling)
    const plainCell = widthOf(only('[data-slot=otp-cell]'))
    const active = getComputedStyle(only('[data-active]'))
    expect(`${active.outlineStyle} ${active.outlineWidth}`).toBe('solid 2px')
    expect(getComputedStyle(only('[data-slot=otp-cell]:not([data-active])')).outlineStyle).toBe('none')
    await show(stories.signIn.TotpWrong)
    expect(widthOf(only('[data-slot=otp-cell]'))).toBeGreaterThan(plainCell)
    await show(stories.signIn.WithLinks)
    for (const control of controls()) {
      control.focus()
      await userEvent.keyboard('{Shift}')
      const ring = getComputedStyle(control)
      const below = ground(control.parentElement ?? control)
      expect(ring.outlineStyle).toBe('solid')
      expect(contrast(blend(...below, ring.outlineColor), blend(...below))).toBeGreaterThan(3)
    }
  })

  it('TH-09 a chosen box differs from an empty one, and the QR code keeps its own colours', async () => {
    await force(scheme)
    await show(stories.backupCodes.Default)
    const box = page.getByRole('checkbox')
    const empty = await box.screenshot({ base64: true, save: false })
    await box.click()
    expect(await box.screenshot({ base64: true, save: false })).not.toBe(empty)
    await show(stories.enroll.Scan)
    const picture = only('[data-slot=qr]')
    expect(blend(...ground(picture))).toEqual([255, 255, 255])
    const [light, dark] = every('[data-slot=qr] path').map((path) => blend('red', getComputedStyle(path).fill))
    expect(light).toEqual([255, 255, 255])
    expect(dark).toEqual([0, 0, 0])
    expect(picture.querySelector('title')?.textContent).toBe(en.enroll.qr)
  })
})
