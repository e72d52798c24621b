// `npm test`: the checks, then every suite. With names of stages (`node scripts/test.mjs unit e2e`) only those.
import { rmSync } from 'node:fs'
import { ensureChromium, ensureHeadless } from './chromium.mjs'
import { installReact18 } from './react18.mjs'
import { bin, runStages, script } from './stages.mjs'
import { beginTally, readTally } from './tally.mjs'

process.env.CHROMIUM_PATH = ensureChromium()
ensureHeadless()
process.env.STORYBOOK_DISABLE_TELEMETRY = '1'
beginTally()
rmSync('.tmp/contract', { recursive: true, force: true })

const vitest = (project, env) =>
  bin('vitest', ['run', '--project', project, '--reporter=default', '--reporter=./test/support/tally-reporter.ts'], { env })

const onReact18 = { KIT_REACT: '18' }

const stages = [
  ['check', () => script('check')],
  ['unit', () => vitest('unit*')],
  ['strategies', () => script('strategies', '--check')],
  ['browser', () => vitest('browser')],
  ['stories', () => vitest('storybook')],
  ['react18-install', installReact18],
  ['react18-unit', () => vitest('unit*', onReact18)],
  ['react18-browser', () => vitest('browser', onReact18)],
  ['react18-stories', () => vitest('storybook', onReact18)],
  ['storybook-build', () => bin('storybook', ['build', '--quiet', '--disable-telemetry'])],
  ['e2e', () => bin('playwright', ['test'])],
  ['mutations', () => script('mutations', '--sample', '2')],
]

const asked = process.argv.slice(2)
const wanted = ([name]) => asked.length === 0 || asked.some((word) => name === word || name.startsWith(`${word}-`))
const failed = await runStages(stages.filter(wanted), { stopOnFailure: true })

const { passed, failed: red, skipped, errors } = readTally()
if (failed.length > 0) console.log(`\nStopped at ${failed.join(', ')}.`)
// A stage can fail without a red test: a lint error, a crash.
const failures = Math.max(red + errors, failed.length > 0 ? 1 : 0)
console.log(`\n${passed} passed, ${failures} failed, ${skipped} skipped`)
process.exit(failures > 0 ? 1 : 0)
