export * from '../../src/adapters/memory/index.js'
