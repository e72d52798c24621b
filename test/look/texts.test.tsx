// @vitest-environment node
import { renderToString } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { mirrored, stretched } from '../../stories/support/pseudo.js'
import type { Messages } from '../../src/core/messages.js'
import { duration, fill, plural } from '../../src/hooks/texts.js'
import { en } from '../../src/locales/en.js'

describe('numbers and times', () => {
  it('TH-11 a count takes the form that its language uses for it', () => {
    const tries = { one: '{count} próba', few: '{count} próby', many: '{count} prób', other: '{count} próby' }
    expect([1, 2, 5, 22, 25].map((count) => plural(tries, count, 'pl'))).toEqual([
      '1 próba',
      '2 próby',
      '5 prób',
      '22 próby',
      '25 prób',
    ])
    expect([1, 2].map((count) => plural(en.attemptsLeft, count, 'en'))).toEqual(['1 try left.', '2 tries left.'])
  })

  it('TH-11 a form that a catalogue does not have is its other one', () => {
    expect(plural({ other: '{count} uur' }, 1, 'nl')).toBe('1 uur')
  })

  it('TH-11 numbers are written as the language writes them', () => {
    expect(plural({ other: '{count}' }, 1234, 'de')).toBe('1.234')
    expect(plural({ other: '{count}' }, 6, 'ar-EG')).toBe('٦')
  })

  it.each([
    [200, 'en', '1 second'],
    [29_001, 'en', '30 seconds'],
    [90_000, 'en', '90 seconds'],
    [90_001, 'en', '2 minutes'],
    [900_000, 'en', '15 minutes'],
    [30_000, 'de', '30 Sekunden'],
    [30_000, 'ja', '30 秒'],
  ])('TH-11 a wait of %i ms is told in %s as "%s", never shorter than it is', (ms, locale, told) => {
    expect(duration(ms, locale)).toBe(told)
  })

  it('TH-11 what is filled in is isolated and stays as it is', () => {
    expect(renderToString(<p>{fill('Code {code} an {hint}', { code: '001234', hint: 'a•••@example.com' })}</p>)).toBe(
      '<p>Code <bdi>001234</bdi> an <bdi>a•••@example.com</bdi></p>',
    )
  })
})

/** Every text of a catalogue, with where it stands. */
function textsOf(part: object, at = ''): [string, string][] {
  return Object.entries(part).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string' ? [[`${at}${key}`, value] as [string, string]] : textsOf(value as object, `${at}${key}.`),
  )
}

describe('the made-up catalogues', () => {
  const named = (messages: Messages) => textsOf(messages).filter(([at]) => at !== 'locale' && at !== 'dir')

  it.each(Object.entries({ stretched, mirrored }))(
    'TH-11 %s changes every text and keeps what is to be filled in',
    (_, messages) => {
      const english = new Map(named(en))
      expect(named(messages).map(([at]) => at)).toEqual([...english.keys()])
      for (const [at, text] of named(messages)) {
        const before = english.get(at) ?? ''
        expect(text, at).not.toBe(before)
        expect(text.match(/\{\w+\}/g), at).toEqual(before.match(/\{\w+\}/g))
      }
    },
  )

  it('TH-11 the stretched one is at least 40 % longer', () => {
    for (const [at, text] of named(stretched)) {
      const before = textsOf(en).find(([where]) => where === at)?.[1] ?? ''
      const words = (one: string) => one.replace(/\{\w+\}/g, '').length
      expect(words(text), at).toBeGreaterThanOrEqual(Math.floor(words(before) * 1.4))
    }
  })
})
