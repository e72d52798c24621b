import { describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { controls, dialogs, screens, show, target, withPlainPage } from './screens.js'

withPlainPage()

const main = ['button', 'input', 'otp-input', 'choice', 'toggle']

describe('targets', () => {
  it.each(Object.entries({ ...screens, ...dialogs }))(
    'TH-04 on the screen "%s" every target is at least 24 by 24 pixels, a main control 44 high',
    async (_, screen) => {
      await page.viewport(320, 640)
      await show(screen)
      const small = controls().flatMap((control) => {
        const { width, height } = target(control).getBoundingClientRect()
        const least = main.includes(control.dataset.slot ?? '') ? 44 : 24
        return width < 24 || height < least ? [`${control.outerHTML.slice(0, 80)}: ${width} by ${height}`] : []
      })
      expect(small).toEqual([])
    },
  )
})
