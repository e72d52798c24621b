import { describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { texts } from './colour.js'
import { longScreens, screens, show, stories, withPlainPage } from './screens.js'

withPlainPage()

/** Where an element's own words stand, line by line. */
function lines(one: HTMLElement): DOMRect[] {
  if (one.localName === 'input') return [one.getBoundingClientRect()]
  return [...one.childNodes]
    .filter((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim())
    .flatMap((node) => {
      const range = document.createRange()
      range.selectNode(node)
      return [...range.getClientRects()]
    })
}

const overlap = (a: DOMRect, b: DOMRect) =>
  Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 6 && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2

/** What the screen loses: text that is cut off, pushed out of sight or laid over other text, or a page that scrolls both ways. */
function losses(at: string): string {
  const found: string[] = []
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} wide in ${clientWidth}`)
  const fields = document.querySelectorAll<HTMLElement>('[data-slot=root] input:not([data-slot=username])')
  const words = [...texts(), ...fields].flatMap((of) =>
    lines(of).map((box) => ({ of, box, name: (of.textContent || of.id).slice(0, 30) })),
  )
  for (const { of, box, name } of words) {
    const frame = of.closest('[data-slot=card]')?.getBoundingClientRect()
    if (frame && (box.left < frame.left || box.right > frame.right)) found.push(`"${name}" leaves the card`)
    if (box.left < 0 || box.right > clientWidth) found.push(`"${name}" leaves the page`)
    for (let around = of.parentElement; around; around = around.parentElement) {
      if (around === document.body) break
      const { overflowX, overflowY } = getComputedStyle(around)
      const held = around.getBoundingClientRect()
      const beyond =
        (overflowX !== 'visible' && box.right > held.right + 1) || (overflowY !== 'visible' && box.bottom > held.bottom + 1)
      const burst = around.matches('button, a, summary') && (box.bottom > held.bottom + 1 || box.right > held.right + 1)
      if (beyond || burst) found.push(`"${name}" is cut off`)
    }
  }
  for (const [i, a] of words.entries()) {
    for (const b of words.slice(i + 1)) {
      if (
        !a.of.contains(b.of) &&
        !b.of.contains(a.of) &&
        a.of.localName !== 'input' &&
        b.of.localName !== 'input' &&
        overlap(a.box, b.box)
      )
        found.push(`"${a.name}" and "${b.name}" lie on each other`)
    }
  }
  return found.map((one) => `${at}: ${one}`).join('\n')
}

const all = {
  ...screens,
  ...Object.fromEntries(Object.entries(longScreens).map(([name, screen]) => [`${name}, long texts`, screen])),
}

describe('reflow', () => {
  it.each(Object.entries(all))(
    'TH-05 the screen "%s" loses nothing at 320 by 256, with text at 200 %, or with wide spacing',
    async (_, screen) => {
      await page.viewport(320, 256)
      await show(screen)
      expect(losses('320 by 256')).toBe('')
      const spacing = document.head.appendChild(document.createElement('style'))
      // WCAG 2.2, success criterion 1.4.12.
      spacing.textContent = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
        p { margin-block-end: 2em !important }`
      expect(losses('wide spacing')).toBe('')
      spacing.remove()
      document.documentElement.style.fontSize = '200%'
      expect(losses('200 %')).toBe('')
    },
  )

  it.each(Object.entries(longScreens))('TH-11 texts that are 40 % longer are not cut off: %s', async (_, screen) => {
    for (const width of [320, 1024]) {
      await page.viewport(width, 768)
      await show(screen)
      expect(document.body.textContent).toContain('⟧')
      expect(losses(`${width} wide`)).toBe('')
    }
  })

  it('TH-05 a code of eight characters loses nothing at 320 pixels and with text at 200 %', async () => {
    await page.viewport(320, 256)
    await show(stories.signIn.EightLetters)
    const cells = () => [...document.querySelectorAll('[data-slot=otp-cell]')].map((one) => one.getBoundingClientRect())
    for (const size of ['100%', '200%']) {
      document.documentElement.style.fontSize = size
      expect(cells()).toHaveLength(8)
      for (const [i, cell] of cells().entries()) {
        expect(cell.width).toBeGreaterThan(12)
        expect(cell.right).toBeLessThanOrEqual(320)
        if (i > 0) expect(cell.left).toBeGreaterThanOrEqual(cells()[i - 1]?.right ?? 0)
      }
    }
  })
})
