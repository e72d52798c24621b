import axe from 'axe-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { blend, contrast, ground, texts } from './colour.js'
import { edge, onGround, tooFaint } from './contrasts.js'
import { listen, type Heard } from './listen.js'
import { losses } from './losses.js'
import { controls, dialogs, emulate, screens, setScheme, show, target, withPlainPage } from './screens.js'
import { nameOf, tabThrough } from './tabThrough.js'

withPlainPage()

const every = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)]

const addStyle = (text: string) => {
  const style = document.head.appendChild(document.createElement('style'))
  style.textContent = text
  return style
}

const modes = {
  light: () => setScheme('light'),
  dark: () => setScheme('dark'),
  'forced colours': () => emulate({ 'forced-colors': 'active' }),
  'right to left': async () => {
    await emulate({})
    document.documentElement.dir = 'rtl'
  },
}

/** Controls that are hit most. */
const main = ['button', 'input', 'otp-input', 'choice', 'toggle']

const secrets = [
  'input[name=password], input[autocomplete$=password]',
  'input[name=code], input[autocomplete=one-time-code]',
  '[data-slot=qr], [data-slot=key] code, a[href^=otpauth]',
  '[data-slot=codes]',
  '[data-slot=otp-cell]',
]
const found = new Map(secrets.map((one) => [one, 0]))

// Each is drawn once, and everything that holds of all of them is asked of it; what walks through it comes last.
describe.each(Object.entries({ ...screens, ...dialogs }))('the screen "%s"', (name, screen) => {
  const isWhole = name in screens
  let arrival: Heard
  let drawn = ''
  /** Which screen it is, and with what it came to be looked at. */
  const shown = () =>
    every('[data-step], [data-slot=title], [role=alert]')
      .map((one) => one.dataset.step ?? one.textContent)
      .join()

  beforeAll(async () => {
    arrival = listen()
    await show(screen)
    drawn = shown()
  })
  afterAll(() => {
    arrival.stop()
    // One that has gone on by itself meanwhile was not the one that was asked.
    expect(shown()).toBe(drawn)
  })

  if (isWhole)
    it('TH-06 has one live region for errors and one for news, empty when they arrive', () => {
      expect(every('[role=alert]')).toHaveLength(1)
      expect(document.querySelector('[data-slot=status]')?.getAttribute('role')).toBe('status')
      expect(every('[role=alert] [role=status], [role=status] [role=alert]')).toHaveLength(0)
      expect(arrival.lost.join()).toBe('')
    })

  it('TH-17 TH-18 says of a field that is refused in words what is wrong with it, and marks what is secret as data-sensitive', () => {
    for (const field of every('[aria-invalid=true]')) {
      const ids = (field.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean)
      const words = ids.map((id) => document.getElementById(id)?.textContent ?? '').join('')
      expect(words, field.outerHTML).not.toBe('')
    }
    for (const selector of secrets) {
      for (const one of every(selector)) {
        found.set(selector, (found.get(selector) ?? 0) + 1)
        expect(one.closest('[data-sensitive]'), one.outerHTML.slice(0, 120)).not.toBeNull()
      }
    }
  })

  it('TH-02 every text has 4.5:1 and every edge of a control 3:1, in both schemes', () => {
    const fields = every('input:not([type=checkbox], [data-slot=username], [data-slot=otp-input])')
    const faintTexts = tooFaint(4.5, () =>
      [...texts(), ...fields].map((one) => [one, onGround(one, getComputedStyle(one).color)]),
    )
    expect(faintTexts).toEqual([])
    for (const field of fields) expect(field.getAttribute('placeholder')).toBeNull()

    const edged = every('[data-slot=input], [data-slot=otp-cell], [data-slot=choice], [data-quiet]')
    const filled = every('[data-slot=button]:not([data-quiet])')
    if (edged.length + filled.length === 0) return
    const faintEdges = tooFaint(3, () => [
      ...edged.map((one) => {
        const around = ground(one.parentElement ?? one)
        return [one, contrast(blend(...around, getComputedStyle(one).borderTopColor), blend(...around))] as const
      }),
      ...filled.map((one) => [one, contrast(blend(...ground(one)), blend(...ground(one.parentElement ?? one)))] as const),
    ])
    expect(faintEdges).toEqual([])
  })

  if (isWhole)
    it.each(['light', 'dark'])(
      'TH-09 in forced colours every text can be read, and every control has an edge, %s',
      async (scheme) => {
        await emulate({ 'forced-colors': 'active', 'prefers-color-scheme': scheme })
        for (const text of texts()) {
          const below = ground(text)
          const ratio = contrast(blend(...below, getComputedStyle(text).color), blend(...below))
          expect(ratio, text.textContent ?? '').toBeGreaterThan(4.5)
        }
        for (const one of every(
          '[data-slot=input], [data-slot=otp-cell], [data-slot=choice], [data-slot=button], [data-slot=card]',
        ))
          expect(edge(one), one.outerHTML.slice(0, 60)).toBeGreaterThan(3)
      },
    )

  it('TH-01 axe finds nothing, light, dark, forced colours or right to left', async () => {
    const violated: string[] = []
    for (const [mode, enter] of Object.entries(modes)) {
      await enter()
      const { violations } = await axe.run(document.body, {
        // The page around the card is not the kit's: its landmarks and first heading are the app's.
        rules: { region: { enabled: false }, 'page-has-heading-one': { enabled: false }, 'target-size': { enabled: true } },
      })
      for (const { id, nodes } of violations) violated.push(`${mode}: ${id}: ${nodes.map((one) => one.html).join(' ')}`)
    }
    expect(violated).toEqual([])
  })

  it('TH-04 every target is at least 24 by 24 pixels, a main control 44 high', async () => {
    await page.viewport(320, 640)
    const small = controls().flatMap((control) => {
      const { width, height } = target(control).getBoundingClientRect()
      const least = main.includes(control.dataset.slot ?? '') ? 44 : 24
      return width < 24 || height < least ? [`${control.outerHTML.slice(0, 80)}: ${width} by ${height}`] : []
    })
    expect(small).toEqual([])
  })

  if (!isWhole) return

  it('TH-05 loses nothing at 320 by 256, with text at 200 %, or with wide spacing', async () => {
    await page.viewport(320, 256)
    expect(losses('320 by 256')).toBe('')
    // WCAG 2.2, success criterion 1.4.12.
    const spacing = addStyle(
      `* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
        p { margin-block-end: 2em !important }`,
    )
    const spaced = losses('wide spacing')
    spacing.remove()
    document.documentElement.style.fontSize = '200%'
    expect([spaced, losses('200 %')]).toEqual(['', ''])
  })

  it('TH-15 TH-16 is usable on a page whose reset strips everything, and has no field that a phone would zoom into where text is small', async () => {
    await page.viewport(320, 640)
    const reset = addStyle('* { margin: 0; padding: 0; box-sizing: border-box; line-height: 1; list-style: none }')
    const lost = losses('reset')
    const small = controls().flatMap((one) => {
      const { width, height } = target(one).getBoundingClientRect()
      return width < 24 || height < 20 ? [one.outerHTML.slice(0, 80)] : []
    })
    reset.remove()
    document.documentElement.style.fontSize = '62.5%'
    const zoomed = every('input:not([type=checkbox], [type=radio], [data-slot=username])').flatMap((one) =>
      Number.parseFloat(getComputedStyle(one).fontSize) < 16 ? [one.outerHTML.slice(0, 80)] : [],
    )
    expect([lost, small, zoomed]).toEqual(['', [], []])
  })

  it('TH-03 TH-07 is tabbed through in the order of its look, and left again; every stop shows its focus, in sight and on top', async () => {
    const stops = await tabThrough()
    expect(stops.map(nameOf)).toEqual(controls().map(nameOf))
    const tops = stops.map((one) => one.getBoundingClientRect().bottom)
    expect(tops).toEqual([...tops].sort((a, b) => a - b))
    expect(every('[tabindex]').map((one) => one.getAttribute('tabindex'))).not.toContain('1')

    await page.viewport(320, 256)
    for (const stop of await tabThrough()) {
      stop.focus()
      await userEvent.keyboard('{Shift}')
      const shown = stop.dataset.slot === 'otp-input' ? document.querySelector('[data-slot=otp-cell][data-active]') : stop
      const { outlineStyle, outlineWidth } = getComputedStyle(shown as Element)
      expect(`${nameOf(stop)}: ${outlineStyle} ${outlineWidth}`).toBe(`${nameOf(stop)}: solid 2px`)
      stop.scrollIntoView({ block: 'nearest' })
      const box = stop.getBoundingClientRect()
      expect(box.top, nameOf(stop)).toBeGreaterThan(-1)
      expect(box.bottom, nameOf(stop)).toBeLessThan(innerHeight + 1)
      const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
      expect(stop.contains(top) || top?.closest('label')?.contains(stop), nameOf(stop)).toBe(true)
    }
  })
})

it('TH-18 of each kind of secret there was one', () => {
  expect([...found].filter(([, count]) => count === 0)).toEqual([])
})
