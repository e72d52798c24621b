import type { Preview } from '@storybook/react-vite'
import { StrictMode } from 'react'
import '../src/styles.css'

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
