export { supabaseAdapter, type SupabaseAdapterOptions } from './supabaseAdapter.js'
export type { SupabaseAuth } from './supabaseAuth.js'
