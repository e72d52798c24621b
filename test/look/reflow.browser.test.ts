import { describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { losses } from './losses.js'
import { longScreens, show, stories, withPlainPage } from './screens.js'

withPlainPage()

describe('reflow', () => {
  it.each(Object.entries(longScreens))(
    'TH-05 the screen "%s" with long texts loses nothing at 320 by 256, with text at 200 %, or with wide spacing',
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
