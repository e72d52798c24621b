export * from '../../src/adapters/http/index.js'
