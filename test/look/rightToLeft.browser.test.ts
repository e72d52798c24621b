import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { mirrored } from '../../stories/support/pseudo.js'
import { ada } from '../../stories/support/users.js'
import { rtlScreens, show, stories, withPlainPage } from './screens.js'

withPlainPage()

const box = (one: Element | null | undefined) => (one as Element).getBoundingClientRect()
const find = (selector: string) => document.querySelector(selector)

/** Where the words stand. */
function words(one: Element | null): DOMRect {
  const range = document.createRange()
  range.selectNodeContents(one as Element)
  return range.getBoundingClientRect()
}

const near = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThan(2)

describe('right to left', () => {
  it('TH-10 titles, labels and errors begin on the right; the eye is on the left, the box right of its words', async () => {
    await show(rtlScreens.signIn)
    const field = box(find('[data-slot=otp]'))
    near(words(find('[data-slot=title]')).right, field.right)
    near(words(find('[data-slot=error]')).right, field.right)
    const check = find('[data-slot=check]')
    expect(box(check?.querySelector('input')).left).toBeGreaterThan(words(check).left)
    near(box(check?.querySelector('input')).right, field.right)
  })

  it('TH-10 a code, its cells and its caret run from left to right, beginning where the page begins', async () => {
    await show(rtlScreens.signIn)
    const cells = [...document.querySelectorAll('[data-slot=otp-cell]')]
    const lefts = cells.map((cell) => box(cell).left)
    expect(lefts).toEqual([...lefts].sort((a, b) => a - b))
    near(box(cells.at(-1)).right, box(find('[data-slot=otp]')).right)
    const input = find('[data-slot=otp-input]') as HTMLInputElement
    expect(getComputedStyle(input).direction).toBe('ltr')
    near(box(input).left, box(cells[0]).left)
    await userEvent.fill(page.getByRole('textbox', { name: mirrored.code.label }), '123')
    expect(cells.map((cell) => cell.textContent)).toEqual(['1', '2', '3', '', '', ''])
  })

  it('TH-10 addresses keep their direction inside of a sentence and in their fields', async () => {
    await show(rtlScreens.signIn)
    const address = find('[data-slot=hint] bdi')
    expect(address?.textContent).toBe('a•••@example.com')
    expect(getComputedStyle(address as Element).unicodeBidi).toMatch(/isolate/)
    // One line, the first letter left of the last.
    const [first, last] = [0, -1].map((at) => letter(address as Element, at))
    expect(first?.left).toBeLessThan(last?.left ?? 0)
    await show(rtlScreens.chooser)
    const hint = find('[data-slot=choice-hint]')
    near(words(hint).right, words(hint?.previousElementSibling ?? null).right)
    expect(letter(hint as Element, 0).left).toBeLessThan(letter(hint as Element, -1).left)
  })

  it('TH-10 the setup key and the backup codes run from left to right', async () => {
    await show(rtlScreens.enrolment)
    const groups = [...document.querySelectorAll('[data-slot=key] code span')].slice(0, 3)
    expect(box(groups[0]).left).toBeLessThan(box(groups[1]).left)
    expect(getComputedStyle(find('[data-slot=key] code') as Element).direction).toBe('ltr')
    const details = [...document.querySelectorAll('[data-slot=key] dd')]
    expect(details.map((one) => one.textContent)).toContain(ada.email)
    near(words(find('[data-slot=key] dt')).right, words(details.at(-1) ?? null).right)
    await show(rtlScreens.backupCodes)
    const list = find('[data-slot=codes]') as Element
    expect(getComputedStyle(list).direction).toBe('ltr')
    const [one, two] = [...list.children]
    expect(box(one).left).toBeLessThan(box(two).left)
  })

  it('TH-10 the identifier takes the direction of what is typed, and the eye stands at the end of its line', async () => {
    await show(rtlScreens.gate)
    document.documentElement.dir = 'rtl'
    await show(stories.signIn.Start)
    document.documentElement.dir = 'rtl'
    const field = find('#lk-identifier') as HTMLInputElement
    await userEvent.fill(field, ada.email)
    expect(getComputedStyle(field).direction).toBe('ltr')
    expect(box(find('[data-slot=toggle]')).left - box(find('#lk-password')).left).toBeLessThan(4)
  })
})

function letter(one: Element, at: number): DOMRect {
  const text = one.firstChild as Text
  const from = at < 0 ? text.length + at : at
  const range = document.createRange()
  range.setStart(text, from)
  range.setEnd(text, from + 1)
  return range.getBoundingClientRect()
}
