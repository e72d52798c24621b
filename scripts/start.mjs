// `npm start`: builds the demo and serves it. Builds only with --build; serves what is built with --serve.
// --mode development makes the build that keeps React's development checks, in a folder of its own.
import { parseArgs } from 'node:util'
import { bin, run } from './stages.mjs'

const { values } = parseArgs({
  options: {
    mode: { type: 'string', default: 'production' },
    port: { type: 'string' },
    build: { type: 'boolean' },
    serve: { type: 'boolean' },
  },
})

const { mode } = values
const folder = mode === 'production' ? 'dist' : 'dist-dev'
const env = { NODE_ENV: mode, ...(values.port ? { PORT: values.port } : {}) }
// Paths are the demo's own: its vite.config.ts makes demo/ the root.
const vite = (...args) =>
  bin('vite', ['build', '-c', 'demo/vite.config.ts', '--mode', mode, '--logLevel', 'warn', ...args], { env })

const build = async () =>
  (await vite('--outDir', `${folder}/client`)) && (await vite('--outDir', `${folder}/server`, '--ssr', 'server/main.ts'))
const serve = () => run(process.execPath, ['--enable-source-maps', `demo/${folder}/server/main.js`], { env })

const ok = (values.serve || (await build())) && (values.build || (await serve()))
process.exit(ok ? 0 : 1)
