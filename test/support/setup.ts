import '@testing-library/jest-dom/vitest'
import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'
import { quickenStyles } from './quickStyles.js'

// Every suite runs under StrictMode's double effects: a kit that sends twice there is broken.
configure({ reactStrictMode: true })
afterEach(cleanup)
if (typeof window !== 'undefined') quickenStyles(window)
