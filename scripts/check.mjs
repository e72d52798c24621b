// `npm run check`: everything that can be known without running the suites.
import { installReact18 } from './react18.mjs'
import { bin, runStages, script, tsc } from './stages.mjs'

// These two use one core, and go along with the others.
const formatting = bin('prettier', ['--check', '.', '--log-level', 'warn'])
const compiling = formatting.then(() => bin('eslint', ['.', '--max-warnings', '0']))

const failed = await runStages([
  ['types', () => tsc('-p', '.')],
  ['types on React 18', async () => (await installReact18()) && tsc('-p', 'tsconfig.react18.json')],
  ['oxlint', () => bin('oxlint', ['--type-aware', '--deny-warnings'])],
  ['build', () => script('build')],
  ['publint', () => bin('publint', ['--pack', 'npm', '--strict'])],
  ['types of the package', () => bin('attw', ['--pack', '.', '--profile', 'esm-only'])],
  ['sizes', () => script('sizes')],
  ['requirements', () => script('requirements', '--check')],
  ['mutations apply', () => script('mutations', '--check')],
  ['prettier', () => formatting],
  // React Compiler's rules, and Storybook's.
  ['eslint', () => compiling],
])

if (failed.length > 0) console.log(`\nRed: ${failed.join(', ')}.`)
process.exit(failed.length > 0 ? 1 : 0)
