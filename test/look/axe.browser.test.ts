import axe from 'axe-core'
import { describe, expect, it } from 'vitest'
import { dialogs, emulate, screens, setScheme, show, withPlainPage } from './screens.js'

withPlainPage()

const modes = {
  light: () => setScheme('light'),
  dark: () => setScheme('dark'),
  'forced colours': () => emulate({ 'forced-colors': 'active' }),
  'right to left': async () => {
    await emulate({})
    document.documentElement.dir = 'rtl'
  },
}

describe('axe', () => {
  it.each(Object.entries({ ...screens, ...dialogs }))(
    'TH-01 finds nothing on the screen "%s", light, dark, forced colours or right to left',
    async (_, screen) => {
      await show(screen)
      const found: string[] = []
      for (const [mode, enter] of Object.entries(modes)) {
        await enter()
        const { violations } = await axe.run(document.body, {
          // The page around the card is not the kit's: its landmarks and first heading are the app's.
          rules: { region: { enabled: false }, 'page-has-heading-one': { enabled: false }, 'target-size': { enabled: true } },
        })
        for (const { id, nodes } of violations) found.push(`${mode}: ${id}: ${nodes.map((one) => one.html).join(' ')}`)
      }
      expect(found).toEqual([])
    },
  )
})
