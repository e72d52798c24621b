export * from '../../src/adapters/better-auth/index.js'
