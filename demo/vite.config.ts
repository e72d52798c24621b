import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('.'),
  plugins: [react()],
  resolve: {
    // So that the demo is written as any app is.
    alias: [
      { find: /^latchkey$/, replacement: here('../src/index.ts') },
      { find: /^latchkey\/core$/, replacement: here('../src/core.ts') },
      { find: /^latchkey\/styles\.css$/, replacement: here('../src/styles.css') },
      { find: /^latchkey\/(adapters\/[\w-]+|server(?:\/[\w-]+)?)$/, replacement: here('../src/$1/index.ts') },
    ],
  },
  build: {
    emptyOutDir: true,
    target: 'es2022',
    rollupOptions: { input: [here('index.html'), here('alone.html')] },
    // A `data:` address would break `img-src 'self'`.
    assetsInlineLimit: 0,
    // Clerk's client, which comes only where the demo runs on Clerk. Kilobytes.
    chunkSizeWarningLimit: 1000,
  },
})
