import { configure } from 'vitest-browser-react/pure'

// Every suite runs under StrictMode's double effects: a kit that sends twice there is broken.
configure({ reactStrictMode: true })
