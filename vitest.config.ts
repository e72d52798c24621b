import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { chromiumArgs, findHeadless } from './scripts/chromium.mjs'
import { giveClipboard, takeClipboard } from './test/support/clipboardTurn.js'
import * as vendors from './test/support/vendorTurn.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const reactMajor = process.env.KIT_REACT ?? '19'
const react18 = here('test/react18/node_modules/')
const alias =
  reactMajor === '18'
    ? [
        // An alias to a folder skips the package's exports, so this door is named by its file.
        { find: /^vitest-browser-react\/pure$/, replacement: `${react18}vitest-browser-react/dist/pure.js` },
        {
          find: /^(react|react-dom|react-hook-form|@tanstack\/react-query|qrcode\.react|@testing-library\/(?:react|dom|user-event)|vitest-browser-react)(\/.*)?$/,
          replacement: `${react18}$1$2`,
        },
      ]
    : []

// A dependency first met in the middle of a run reloads the page and fails the tests in it.
const optimizeDeps = {
  include: [
    'react',
    'react/jsx-runtime',
    'react/jsx-dev-runtime',
    'react-dom',
    'react-dom/client',
    'react-dom/server',
    'react-hook-form',
    '@tanstack/react-query',
    'qrcode.react',
    '@simplewebauthn/browser',
    'otpauth',
    'otpauth/bare',
    '@noble/hashes/hmac.js',
    '@noble/hashes/legacy.js',
    '@noble/hashes/sha3.js',
    '@simplewebauthn/browser',
    '@simplewebauthn/server',
    'viem',
    'viem/accounts',
    '@supabase/auth-js',
    '@clerk/clerk-js/no-rhc',
    '@storybook/react-vite',
    'storybook/test',
    'vitest-browser-react',
    'vitest-browser-react/pure',
    'axe-core',
  ],
}

const browser = {
  enabled: true,
  headless: true,
  provider: playwright({ launchOptions: { executablePath: findHeadless(), args: chromiumArgs } }),
  instances: [{ browser: 'chromium' as const }],
  screenshotFailures: false,
  commands: { takeClipboard, giveClipboard, ...vendors },
  viewport: { width: 1024, height: 768 },
}

/**
 * The contracts and the screens are the longest and their files among the shortest, so that by size they would come last and one core would wait
 * for the other.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const isLong = ({ moduleId }: TestSpecification) => /(contract|everyScreen\.browser)\.test\.ts$/.test(moduleId)
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

const unit = {
  // Generous: a busy machine with two cores is no failure.
  testTimeout: 20_000,
  exclude: ['test/**/*.browser.test.{ts,tsx}', 'test/e2e/**', 'test/react18/**'],
}

/** They mock a module or load it anew, or check a real ceremony's bytes by their class: each needs a process of its own. */
const ownProcess = [
  'test/adapters/later.test.ts',
  'test/components/MfaGate/lateDialog.test.tsx',
  'test/components/PasskeyEnroll.test.tsx',
  'test/components/FactorList/secrets.test.tsx',
]
const pages = { ...unit, environment: 'jsdom', setupFiles: ['test/support/setup.ts'] }

const betterAuth = ['test/{adapters,server}/better-auth/**/*.test.ts']

export default defineConfig({
  plugins: [react()],
  resolve: { alias },
  optimizeDeps,
  // The copy that mutations are tried on has its packages behind a link.
  server: { fs: { allow: ['.', realpathSync(here('node_modules'))] } },
  cacheDir: reactMajor === '18' ? 'node_modules/.vite-react18' : 'node_modules/.vite',
  test: {
    env: { KIT_REACT: reactMajor },
    // By default a core is left idle.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    coverage: { provider: 'v8', include: ['src/**/*.{ts,tsx}'] },
    projects: [
      {
        extends: true,
        test: {
          ...pages,
          name: 'unit-pages',
          // Each file has a world of its own still, but jsdom is loaded once and not for each: that was half of a file's time.
          pool: 'vmThreads',
          include: ['test/{components,hooks}/**/*.test.{ts,tsx}', 'test/look/**/*.test.tsx', 'test/react.test.tsx'],
          exclude: [...pages.exclude, ...ownProcess],
        },
      },
      { extends: true, test: { ...pages, name: 'unit-apart', include: ownProcess } },
      // What never meets React runs once.
      ...(reactMajor === '18'
        ? []
        : [
            {
              extends: true as const,
              test: {
                ...unit,
                name: 'unit-plain',
                environment: 'node',
                // To load what they are about is most of a file's time, and these files keep nothing in a module.
                isolate: false,
                exclude: [...unit.exclude, ...ownProcess, ...betterAuth],
                include: ['test/{core,adapters,server,servers,testing,docs,support,look}/**/*.test.ts', 'test/*.test.ts'],
              },
            },
            {
              extends: true as const,
              // As above, but apart: their server moves the process's clock.
              test: { ...unit, name: 'unit-better-auth', environment: 'node', isolate: false, include: betterAuth },
            },
          ]),
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/**/*.browser.test.{ts,tsx}'],
          exclude: ['test/e2e/**', 'test/react18/**'],
          setupFiles: ['test/support/setup.browser.ts'],
          testTimeout: 30_000,
          // A machine that does other things meanwhile is no failure. Milliseconds.
          expect: { poll: { timeout: 10_000 } },
          browser,
        },
      },
      // Storybook's plugin stops the whole run when its folder is not there.
      ...(existsSync(here('.storybook/main.ts'))
        ? [
            {
              extends: true as const,
              plugins: [storybookTest({ configDir: here('.storybook'), disableAddonDocs: true })],
              // As in Storybook itself, one page shows them all: to load the kit for each file was a quarter of the time.
              test: { name: 'storybook', testTimeout: 30_000, isolate: false, browser, env: { KIT_STORIES: '1' } },
            },
          ]
        : []),
    ],
  },
})
