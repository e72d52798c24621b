export * from '../../src/adapters/clerk/index.js'
