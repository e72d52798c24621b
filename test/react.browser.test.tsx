import * as React from 'react'
import * as ReactDOM from 'react-dom'
import { expect, it, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { EffectCounter } from './support/EffectCounter.js'

it('runs on the React that KIT_REACT names', () => {
  expect(import.meta.env.KIT_REACT).toMatch(/^1[89]$/)
  expect(React.version.split('.')[0]).toBe(import.meta.env.KIT_REACT)
  expect(ReactDOM.version).toBe(React.version)
})

it('renders every browser test in StrictMode', async () => {
  const onEffect = vi.fn()
  await render(<EffectCounter onEffect={onEffect} />)
  expect(onEffect).toHaveBeenCalledTimes(2)
})
