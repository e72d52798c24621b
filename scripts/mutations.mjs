// Each test/mutations/<ID>.patch is the smallest edit that breaks one requirement; its test must see red.
//   --check        every patch applies, and every P0 requirement has one (or a reason in docs/requirements.json: "noMutation"; "owed" is a debt)
//   --sample N     N of them, others each day (--seed S: the sample of S)
//   ids, or none   these, or all
// Lines before the diff say what to run: `# test: path [path…]` and, where it is not `unit`, `# project: browser`.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { addToTally, readTally } from './tally.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { check: { type: 'boolean' }, sample: { type: 'string' }, seed: { type: 'string' } },
})

const folder = 'test/mutations'
const projects = ['unit', 'browser', 'storybook', 'e2e']

const patches = (existsSync(folder) ? readdirSync(folder) : [])
  .filter((file) => file.endsWith('.patch'))
  .toSorted()
  .map((file) => {
    const path = `${folder}/${file}`
    const text = readFileSync(path, 'utf8')
    const said = (key) => new RegExp(`^# ${key}: (.+)$`, 'm').exec(text)?.[1].trim()
    // A second edit for the same requirement is called HA-05.b.patch.
    return { id: file.slice(0, 5), file, path, tests: said('test')?.split(/\s+/) ?? [], project: said('project') ?? 'unit' }
  })

function check() {
  const wrong = []
  for (const { path, tests, project } of patches) {
    const applied = spawnSync('git', ['apply', '--check', path], { encoding: 'utf8' })
    if (applied.status !== 0) wrong.push(`${path} no longer applies: ${applied.stderr.trim().split('\n')[0]}`)
    if (tests.length === 0) wrong.push(`${path} does not say "# test: …"`)
    for (const test of tests) if (!existsSync(test)) wrong.push(`${path} names a missing test: ${test}`)
    if (!projects.includes(project)) wrong.push(`${path} names a project that is none: ${project}`)
  }
  const requirements = JSON.parse(readFileSync('docs/requirements.json', 'utf8'))
  const has = (id) => patches.some((patch) => patch.id === id)
  const without = requirements
    .filter(({ id, priority, noMutation }) => priority === 'P0' && !noMutation && !has(id))
    .map(({ id }) => id)
  if (without.length > 0) wrong.push(`P0 without a patch (${without.length}): ${without.join(' ')}`)
  const owed = requirements.filter(({ id, noMutation }) => noMutation === 'owed' && !has(id)).map(({ id }) => id)
  if (owed.length > 0) console.log(`Owed, P0 without a patch (${owed.length}): ${owed.join(' ')}`)
  for (const line of wrong) console.error(line)
  console.log(`${patches.length} patches.`)
  return wrong.length === 0
}

/** A copy of the files as they stand, beside the same node_modules. */
function copyTree() {
  const tree = mkdtempSync(join(tmpdir(), 'latchkey-mutations-'))
  const tracked = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).split('\0').filter(Boolean)
  for (const file of tracked.filter(existsSync)) {
    mkdirSync(join(tree, dirname(file)), { recursive: true })
    cpSync(file, join(tree, file))
  }
  symlinkSync(realpathSync('node_modules'), join(tree, 'node_modules'))
  return tree
}

/** Runs the requirement's own tests in the copy: what failed, what passed. */
function runTests(tree, { id, tests, project }) {
  const tally = join(tree, '.tmp/tally')
  rmSync(tally, { recursive: true, force: true })
  const command =
    project === 'e2e'
      ? ['playwright', 'test', ...tests, '--grep', id]
      : [
          'vitest',
          'run',
          '--project',
          project === 'unit' ? 'unit*' : project,
          ...tests,
          '-t',
          id,
          '--reporter=default',
          '--reporter=./test/support/tally-reporter.ts',
        ]
  const [name, ...args] = command
  const env = { ...process.env, TALLY: tally, KIT_REACT: '19', E2E_BUILD: 'production', NO_COLOR: '1' }
  const ran = spawnSync(resolve('node_modules/.bin', name), args, { cwd: tree, env, encoding: 'utf8', timeout: 300_000 })
  return { ...readTally(tally), output: `${ran.stdout}${ran.stderr}` }
}

/** Applies a patch in the copy, or takes it back. Outside a repository git takes paths as they are. */
const apply = (tree, path, ...options) =>
  execFileSync('git', ['apply', ...options, resolve(path)], {
    cwd: tree,
    env: { ...process.env, GIT_CEILING_DIRECTORIES: dirname(tree) },
  })

/** Green before the edit and red with it, in a test: a file that cannot be loaded proves nothing. */
function verdict(tree, patch) {
  const before = runTests(tree, patch)
  if (before.passed === 0 || before.failed + before.errors > 0) return { ...before, says: 'is not green without the edit' }
  apply(tree, patch.path)
  const after = runTests(tree, patch)
  apply(tree, patch.path, '-R')
  return { ...after, says: after.failed > 0 ? 'red' : 'STAYED GREEN' }
}

function tryOut(chosen) {
  const tree = copyTree()
  let red = 0
  try {
    for (const patch of chosen) {
      const { says, failed, passed, output } = verdict(tree, patch)
      console.log(`${patch.file.replace('.patch', '')} ${says} (${failed} failed, ${passed} passed)`)
      if (says === 'red') red += 1
      else console.log(output.trim().split('\n').slice(-25).join('\n'))
    }
  } finally {
    rmSync(tree, { recursive: true, force: true })
  }
  addToTally('mutations', { passed: red, failed: chosen.length - red, skipped: 0, errors: 0 })
  return red === chosen.length
}

/** N patches spread over the list, beginning elsewhere for each seed. */
function sample(count, seed) {
  const begin = seed * count
  return patches.length <= count ? patches : Array.from({ length: count }, (_, n) => patches[(begin + n) % patches.length])
}

const today = Math.floor(Date.now() / 86_400_000)
const named = ({ id, file }) => positionals.includes(id) || positionals.includes(file.replace('.patch', ''))
const chosen = () =>
  values.sample
    ? sample(Number(values.sample), Number(values.seed ?? today))
    : positionals.length > 0
      ? patches.filter(named)
      : patches

process.exit((values.check ? check() : tryOut(chosen())) ? 0 : 1)
