export * from '../../src/adapters/workos/index.js'
