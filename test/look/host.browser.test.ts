import { describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { losses } from './losses.js'
import { controls, dialogs, screens, show, stories, target, withPlainPage } from './screens.js'

withPlainPage()

const addStyle = (text: string) => {
  const style = document.head.appendChild(document.createElement('style'))
  style.textContent = text
  return style
}

describe('a page of somebody else’s', () => {
  it('TH-15 keeps its own look, also where it names its parts as the kit does', async () => {
    await show(stories.signIn.WithLinks)
    // Other kits mark their parts by data-slot too.
    const theirs = document.body.appendChild(document.createElement('section'))
    theirs.innerHTML = `<div data-slot="card"><h2 data-slot="title">Plans</h2><p data-slot="hint">Choose</p>
      <label data-slot="label">Name<input data-slot="input" aria-invalid="true"></label><p data-slot="error">No</p>
      <button data-slot="button" data-pending>Go</button><a data-slot="link" href="#">More</a><code>x</code>
      <ul data-slot="choices"><li><button data-slot="choice">One</button></li></ul><span data-slot="badge">New</span></div>`
    const look = () => [theirs, ...theirs.querySelectorAll('*')].map((one) => [one.outerHTML, styleOf(one)])
    const sheets = [...document.styleSheets].filter(({ cssRules }) =>
      [...cssRules].some((rule) => rule instanceof CSSLayerBlockRule && rule.name === 'latchkey'),
    )
    expect(sheets.length).toBeGreaterThan(0)
    const withKit = look()
    for (const sheet of sheets) sheet.disabled = true
    const without = look()
    for (const sheet of sheets) sheet.disabled = false
    theirs.remove()
    expect(withKit).toEqual(without)
  })

  it.each(Object.entries(screens))(
    'TH-15 TH-16 whose reset strips everything leaves the screen "%s" usable; one whose text is small has no field in it that a phone would zoom into',
    async (_, screen) => {
      await page.viewport(320, 640)
      const reset = addStyle('* { margin: 0; padding: 0; box-sizing: border-box; line-height: 1; list-style: none }')
      await show(screen)
      const lost = losses('reset')
      const small = controls().flatMap((one) => {
        const { width, height } = target(one).getBoundingClientRect()
        return width < 24 || height < 20 ? [one.outerHTML.slice(0, 80)] : []
      })
      reset.remove()
      document.documentElement.style.fontSize = '62.5%'
      const zoomed = [...document.querySelectorAll('input:not([type=checkbox], [type=radio], [data-slot=username])')].flatMap(
        (one) => (Number.parseFloat(getComputedStyle(one).fontSize) < 16 ? [one.outerHTML.slice(0, 80)] : []),
      )
      expect([lost, small, zoomed]).toEqual(['', [], []])
    },
  )

  it('TH-15 decides the level of the heading', async () => {
    await show(stories.signIn.WithLinks)
    expect(document.querySelector('[data-slot=title]')?.localName).toBe('h2')
  })
})

describe('a screen', () => {
  const secrets = [
    'input[name=password], input[autocomplete$=password]',
    'input[name=code], input[autocomplete=one-time-code]',
    '[data-slot=qr], [data-slot=key] code, a[href^=otpauth]',
    '[data-slot=codes]',
    '[data-slot=otp-cell]',
  ]
  const found = new Map(secrets.map((one) => [one, 0]))

  it.each(Object.entries({ ...screens, ...dialogs }))(
    'TH-17 TH-18 "%s" says of a field that is refused in words what is wrong with it, and marks what is secret as data-sensitive',
    async (_, screen) => {
      await show(screen)
      for (const field of document.querySelectorAll('[aria-invalid=true]')) {
        const ids = (field.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean)
        const words = ids.map((id) => document.getElementById(id)?.textContent ?? '').join('')
        expect(words, field.outerHTML).not.toBe('')
      }
      for (const selector of secrets) {
        for (const one of document.querySelectorAll(selector)) {
          found.set(selector, (found.get(selector) ?? 0) + 1)
          expect(one.closest('[data-sensitive]'), one.outerHTML.slice(0, 120)).not.toBeNull()
        }
      }
    },
  )

  it('TH-18 of each kind there was one', () => {
    expect([...found].filter(([, count]) => count === 0)).toEqual([])
  })
})

function styleOf(one: Element): Record<string, string> {
  const style = getComputedStyle(one)
  return Object.fromEntries([...style].map((name) => [name, style.getPropertyValue(name)]))
}
