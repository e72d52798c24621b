// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { slot } from '../../src/hooks/stateAttributes.js'

describe('slot', () => {
  it('writes true as an empty attribute, and text and numbers as their value', () => {
    expect(slot('cell', { active: true, step: 'start', index: 0, note: '' })).toEqual({
      'data-slot': 'cell',
      'data-active': '',
      'data-step': 'start',
      'data-index': 0,
      'data-note': '',
    })
  })

  it('leaves false, null and undefined out', () => {
    expect(Object.keys(slot('cell', { active: false, error: null, step: undefined }))).toEqual(['data-slot', 'className'])
  })

  it('carries the class name', () => {
    expect(slot('cell', undefined, 'mine').className).toBe('mine')
  })
})
