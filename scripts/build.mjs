// The package: modules and the stylesheet by Vite, declarations by TypeScript 7.
import { writeFileSync } from 'node:fs'
import { bin, tsc } from './stages.mjs'

const ok = (await bin('vite', ['build', '--logLevel', 'warn'])) && (await tsc('-p', 'tsconfig.build.json'))
// TypeScript 6 wants a type for `import 'latchkey/styles.css'`.
if (ok) writeFileSync('dist/styles.css.d.ts', 'export {}\n')
process.exit(ok ? 0 : 1)
