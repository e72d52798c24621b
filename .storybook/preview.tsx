import type { Preview } from '@storybook/react-vite'
import { StrictMode, version } from 'react'
import '../src/styles.css'

// Set when the stories run as tests: a leg on the wrong React proves nothing.
const wanted: unknown = import.meta.env.KIT_REACT
if (wanted !== undefined && version.split('.')[0] !== wanted) throw new Error(`KIT_REACT is ${String(wanted)}, but React is ${version}.`)

const preview: Preview = {
  // An axe violation fails the story's test.
  parameters: { a11y: { test: 'error' }, layout: 'centered', controls: { expanded: true } },
  globalTypes: {
    scheme: {
      description: 'Colour scheme',
      toolbar: { title: 'Scheme', icon: 'contrast', items: ['light', 'dark'], dynamicTitle: true },
    },
    dir: {
      description: 'Text direction',
      toolbar: { title: 'Direction', icon: 'transfer', items: ['ltr', 'rtl'], dynamicTitle: true },
    },
  },
  initialGlobals: { scheme: 'light', dir: 'ltr' },
  decorators: [
    (Story, { globals }) => {
      const root = document.documentElement
      root.dir = String(globals.dir)
      root.style.colorScheme = String(globals.scheme)
      document.body.style.background = 'Canvas'
      return (
        <StrictMode>
          <Story />
        </StrictMode>
      )
    },
  ],
}

export default preview
