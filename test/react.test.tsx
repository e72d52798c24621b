import { render } from '@testing-library/react'
import * as React from 'react'
import * as ReactDOM from 'react-dom'
import { expect, it, vi } from 'vitest'
import { EffectCounter } from './support/EffectCounter.js'

it('runs on the React that KIT_REACT names', () => {
  expect(process.env.KIT_REACT).toMatch(/^1[89]$/)
  expect(React.version.split('.')[0]).toBe(process.env.KIT_REACT)
  expect(ReactDOM.version).toBe(React.version)
})

it('renders every unit test in StrictMode', () => {
  const onEffect = vi.fn()
  render(<EffectCounter onEffect={onEffect} />)
  expect(onEffect).toHaveBeenCalledTimes(2)
})
