// @vitest-environment node
import { expect, it } from 'vitest'
import { read } from '../support/sources.js'

const hour = 60 * 60_000
const page = read('docs/gates.md')
const rows = new Map(
  [...page.matchAll(/^\| (AAL\d) +\| (.+?) +\| (.+?) +\|$/gm)].map(([, level = '', overall, idle]) => [level, { overall, idle }]),
)

it('MG-11 the docs list how old a proof may be by NIST SP 800-63B', () => {
  expect(page).toMatch(/SP 800-63B-4/)
  expect(rows.get('AAL2')).toEqual({ overall: '24 hours at most', idle: '1 hour at most' })
  expect(rows.get('AAL1')).toMatchObject({ overall: '30 days at most' })
})

it('MG-11 the milliseconds beside the limits are the limits', () => {
  const said = [...page.matchAll(/`([\d *_]+)`/g)].map(([, product = '']) =>
    product.split('*').reduce((so, factor) => so * Number(factor.replace('_', '')), 1),
  )
  expect(said).toEqual([24 * hour, 30 * 24 * hour])
  expect(page).toContain('maxAgeMs={24 * 60 * 60_000}')
})

it('MG-11 who reads how to guard a page is led there', () => {
  const readme = read('README.md')
  const guard = readme.slice(readme.indexOf('### Guard a page'), readme.indexOf('### Make it yours'))
  expect(guard).toContain('](docs/gates.md)')
})
