export { supabaseAdapter } from './supabaseAdapter.js'
export type { SupabaseAdapterOptions } from './supabaseOptions.js'
export type { SupabaseAuth } from './supabaseAuth.js'
