import { AuthClient } from '@supabase/auth-js'
import { commands } from 'vitest/browser'
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest'
import { supabaseAdapter } from '../../../../src/adapters/supabase/index.js'
import { expectAsTheTableSays, leaveAll, walkFirst, walkSecond, type OpenPage } from './walk.js'

describe.each([
  {
    vendor: 'supabase' as const,
    first: [
      'email_code',
      'email_link',
      'passkey',
      'oauth_google',
      'enterprise_sso',
      'web3_metamask_signature',
      'web3_base_signature',
      'web3_coinbase_wallet_signature',
      'web3_okx_wallet_signature',
      'web3_solana_signature',
      'reset_password_email_code',
    ] as const,
    second: ['phone_code', 'security_key'] as const,
    identifiers: ['email'] as const,
  },
  {
    vendor: 'supabase by phone' as const,
    first: ['phone_code', 'reset_password_phone_code'] as const,
    second: [],
    identifiers: ['phone'] as const,
  },
])('on $vendor', ({ vendor, first, second, identifiers }) => {
  let door = { url: '', key: '' }
  beforeAll(async () => {
    door = await commands.openVendor(vendor, location.origin)
  })
  afterEach(leaveAll)
  afterAll(() => commands.closeVendor(vendor))

  const openPage: OpenPage = (offer) =>
    supabaseAdapter(
      new AuthClient({
        url: door.url,
        headers: { apikey: door.key },
        storageKey: 'sb',
        flowType: 'pkce',
        autoRefreshToken: false,
        detectSessionInUrl: false,
        experimental: { passkey: true },
      }),
      offer as object,
    )

  it.each(first)('%s signs in through the screens', (strategy) => walkFirst({ vendor, openPage }, strategy, { identifiers }))
  if (second.length > 0)
    it.each(second)('%s is the second factor on the screens', (strategy) => walkSecond({ vendor, openPage }, strategy))
})

it('the table in the README says of supabase what was walked here', () =>
  expectAsTheTableSays('supabase', 'supabase.browser.test.tsx'))
