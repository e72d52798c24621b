import { describe, expect, it } from 'vitest'
import { show, stories, withPlainPage } from './screens.js'

withPlainPage()

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

  it('TH-15 decides the level of the heading', async () => {
    await show(stories.signIn.WithLinks)
    expect(document.querySelector('[data-slot=title]')?.localName).toBe('h2')
  })
})

function styleOf(one: Element): Record<string, string> {
  const style = getComputedStyle(one)
  return Object.fromEntries([...style].map((name) => [name, style.getPropertyValue(name)]))
}
