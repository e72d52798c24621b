/** The hosted backend that the demo was started on. The page gets it, so no secret is in it. */
export type Hosted =
  | { readonly kind: 'supabase'; readonly url: string; readonly key: string }
  | { readonly kind: 'clerk'; readonly key: string; readonly proxyUrl?: string }
  | { readonly kind: 'workos' }

export const hostedNames: Readonly<Record<Hosted['kind'], string>> = { supabase: 'Supabase', clerk: 'Clerk', workos: 'WorkOS' }
