import '@testing-library/jest-dom/vitest'
import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'

// Every suite runs under StrictMode's double effects: a kit that sends twice there is broken.
configure({ reactStrictMode: true })
afterEach(cleanup)
