import { expect, it } from 'vitest'
import { build } from 'vite'
import { filesUnder, read } from '../support/sources.js'

const stylesheets = filesUnder('src', /\.css$/)
const rules = (file: string) => read(file).replace(/\/\*[^]*?\*\//g, '')

it('TH-10 the stylesheet places nothing by left or right', () => {
  expect(stylesheets.length).toBeGreaterThan(3)
  for (const file of stylesheets) {
    expect(rules(file), file).not.toMatch(/(^|[\s{;])((margin|padding|border)-)?(left|right)(-\w+)?\s*:|:\s*(left|right)\b/)
  }
})

it('TH-14 the stylesheet fetches nothing', () => {
  for (const file of stylesheets) expect(rules(file), file).not.toMatch(/https?:|url\(|@import (?!'\.\/)/)
})

it('TH-02 the stylesheet keeps its colours when an app builds it with the defaults, for older browsers too', async () => {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, rolldownOptions: { input: 'src/styles.css' } },
  })
  const { output } = built as { output: { fileName: string; source?: string | Uint8Array }[] }
  const css = output.find(({ fileName }) => fileName.endsWith('.css'))?.source
  expect(css).toContain('CanvasText')
  // What such a build makes of light-dark() and :dir() works only where the app's own styles say color-scheme or lang.
  expect(css).not.toMatch(/lightningcss|light-dark|:lang\(|:dir\(/)
})
