export * from '../../src/adapters/supabase/index.js'
