import { defineConfig } from '@playwright/test'
import { chromiumArgs, findHeadless } from './scripts/chromium.mjs'

// Two builds behind the same headers. A dev server would break the strict CSP, and production has no StrictMode effects.
const port = Number(process.env.E2E_PORT ?? 4181)
const builds = [
  { name: 'production', mode: 'production', port },
  { name: 'strict-mode', mode: 'development', port: port + 1 },
].filter(({ name }) => !process.env.E2E_BUILD || process.env.E2E_BUILD === name)

const strictOnly = [
  '**/strict/**',
  '**/ways/codes.test.ts',
  '**/ways/emailLink.test.ts',
  '**/ways/enumeration.test.ts',
  '**/ways/inMemory.test.ts',
  '**/ways/secondFactors.test.ts',
]
const productionOnly = ['**/account/**', '**/framing.test.ts', '**/ways/devices.test.ts', '**/ways/providers.test.ts']

export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.test.ts',
  outputDir: 'test-results',
  // Each project has a server of its own, and on it one test at a time.
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  // A machine that does other things meanwhile is no failure.
  expect: { timeout: 10_000 },
  reporter: [['list'], ['./test/support/tally-reporter.playwright.ts']],
  use: { headless: true, launchOptions: { executablePath: findHeadless(), args: chromiumArgs } },
  projects: [
    ...builds.map(({ name, port }) => ({
      name,
      workers: 1,
      // What a build does not change is seen once, and the builds share it so that they end together.
      testIgnore: ['**/hosted/**', ...(name === 'production' ? strictOnly : productionOnly)],
      grepInvert: name === 'production' ? [] : /@once/,
      use: { baseURL: `http://localhost:${port}` },
    })),
    // The production build again, on other backends; each test starts a demo of its own.
    ...(process.env.E2E_BUILD === 'strict-mode' ? [] : [{ name: 'hosted', workers: 1, testMatch: '**/hosted/**/*.test.ts' }]),
  ],
  webServer: builds.map(({ mode, port }) => ({
    command: `node scripts/start.mjs --mode ${mode} --port ${port}`,
    url: `http://localhost:${port}`,
    reuseExistingServer: false,
    timeout: 120_000,
    // Moves the server's clock, counts requests, starts afresh.
    env: { DEMO_LEVERS: '1' },
  })),
})
