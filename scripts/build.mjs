// The package: modules and the stylesheet by Vite, declarations by TypeScript 7.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { bin, tsc } from './stages.mjs'

/** Modules whose 'use client' the build lost or made up: without it a server component cannot import them, with it core is none. */
function wrongDirectives() {
  const isClient = (path) => /^['"]use client['"]/.test(readFileSync(path, 'utf8'))
  return readdirSync('src', { recursive: true })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => [`src/${file}`, `dist/${file.replace(/\.tsx?$/, '.js')}`])
    .filter(([source, built]) => existsSync(built) && isClient(source) !== isClient(built))
    .map(([, built]) => built)
}

if (!(await bin('vite', ['build', '--logLevel', 'warn'])) || !(await tsc('-p', 'tsconfig.build.json'))) process.exit(1)
// TypeScript 6 wants a type for `import 'latchkey/styles.css'`.
writeFileSync('dist/styles.css.d.ts', 'export {}\n')

const wrong = wrongDirectives()
if (wrong.length > 0) {
  console.error(`'use client' differs from the source: ${wrong.join(', ')}`)
  process.exit(1)
}
