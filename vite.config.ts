import { existsSync } from 'node:fs'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// One entry per door of package.json's exports.
const doors = {
  index: 'src/index.ts',
  core: 'src/core.ts',
  'adapters/memory/index': 'src/adapters/memory/index.ts',
  'adapters/better-auth/index': 'src/adapters/better-auth/index.ts',
  'adapters/workos/index': 'src/adapters/workos/index.ts',
  'adapters/http/index': 'src/adapters/http/index.ts',
  'server/index': 'src/server/index.ts',
  'adapters/supabase/index': 'src/adapters/supabase/index.ts',
  'adapters/clerk/index': 'src/adapters/clerk/index.ts',
  'server/better-auth/index': 'src/server/better-auth/index.ts',
  'testing/index': 'src/testing/index.ts',
  'locales/en': 'src/locales/en.ts',
  styles: 'src/styles.css',
}

export default defineConfig({
  plugins: [react()],
  publicDir: false,
  build: {
    target: 'es2022',
    sourcemap: true,
    minify: false,
    cssCodeSplit: true,
    lib: { formats: ['es'], entry: Object.fromEntries(Object.entries(doors).filter(([, file]) => existsSync(file))) },
    rolldownOptions: {
      // Everything that is not ours stays an import, so that an app has one copy of it.
      external: /^(?!\.|\/|src\/|virtual:|\0)/,
      // Modules are kept apart: `'use client'` stays on the modules that say it, and imports stay lazy.
      output: { preserveModules: true, preserveModulesRoot: 'src', entryFileNames: '[name].js' },
    },
  },
})
