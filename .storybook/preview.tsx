import type { Preview } from '@storybook/react-vite'
import { version } from 'react'
import { configure } from 'storybook/test'
import '../src/styles.css'

// Set when the stories run as tests: a leg on the wrong React proves nothing.
const wanted = import.meta.env.KIT_REACT as string | undefined
if (wanted !== undefined && version.split('.')[0] !== wanted) throw new Error(`KIT_REACT is ${wanted}, but React is ${version}.`)

// A machine that does other things meanwhile is no failure. Milliseconds.
configure({ asyncUtilTimeout: 5_000 })

// What axe finds is in the page, whichever React drew it: it looks once.
const looks = wanted !== '18'

const preview: Preview = {
  // An axe violation fails the story's test. Effects run twice only where the root is strict: a <StrictMode> below it does not ask for that.
  parameters: {
    a11y: { test: looks ? 'error' : 'off' },
    react: { rootOptions: { unstable_strictMode: true } },
    layout: 'centered',
    controls: { expanded: true },
  },
  globalTypes: {
    scheme: {
      description: 'Colour scheme',
      toolbar: { title: 'Scheme', icon: 'contrast', items: ['light', 'dark'], dynamicTitle: true },
    },
    dir: {
      description: 'Text direction',
      toolbar: { title: 'Direction', icon: 'transfer', items: ['ltr', 'rtl'], dynamicTitle: true },
    },
    locale: {
      description: 'Language',
      toolbar: {
        title: 'Language',
        icon: 'globe',
        dynamicTitle: true,
        items: [
          { value: 'en', title: 'English' },
          { value: 'stretched', title: 'Made up, 40 % longer' },
          { value: 'mirrored', title: 'Made up, right to left' },
        ],
      },
    },
  },
  initialGlobals: { scheme: 'light', dir: 'ltr', locale: 'en' },
  async afterEach() {
    // What fades in has not yet the contrast that it will have.
    finishAnimations()
    // The addon looks at the story as it is, in the light.
    if (import.meta.env.KIT_STORIES && looks) await (await import('./dark.js')).checkInTheDark()
  },
  decorators: [
    (Story, { globals }) => {
      const root = document.documentElement
      root.dir = String(globals.dir)
      root.style.colorScheme = String(globals.scheme)
      document.body.style.background = 'Canvas'
      return <Story />
    },
  ],
}

export default preview

/** Ends the animations that have an end. Storybook's test runs pause them, so there is nothing to wait for. */
function finishAnimations() {
  for (const one of document.getAnimations()) if (one.effect?.getComputedTiming().endTime !== Infinity) one.finish()
}
