import { commands } from 'vitest/browser'
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest'
import { httpAdapter } from '../../../../src/adapters/http/index.js'
import { expectAsTheTableSays, leaveAll, walkFirst, walkSecond, type OpenPage } from './walk.js'

describe.each([
  {
    vendor: 'http' as const,
    first: [
      'email_code',
      'email_link',
      'phone_code',
      'passkey',
      'oauth_google',
      'enterprise_sso',
      'web3_metamask_signature',
      'web3_coinbase_wallet_signature',
      'web3_okx_wallet_signature',
      'web3_solana_signature',
      'reset_password_email_code',
      'reset_password_phone_code',
    ] as const,
    second: ['phone_code', 'email_code', 'email_link', 'backup_code', 'passkey', 'security_key'] as const,
  },
  {
    vendor: 'workos' as const,
    first: ['email_code', 'oauth_google', 'enterprise_sso'] as const,
    second: ['phone_code'] as const,
  },
])('on $vendor', ({ vendor, first, second }) => {
  let url = ''
  beforeAll(async () => {
    ;({ url } = await commands.openVendor(vendor, location.origin))
  })
  afterEach(leaveAll)
  afterAll(() => commands.closeVendor(vendor))

  /** What is offered is the server's to say. */
  const openPage: OpenPage = () => httpAdapter({ url, fetch: (to, init) => fetch(to, { ...init, credentials: 'include' }) })

  it.each(first)('%s signs in through the screens', (strategy) => walkFirst({ vendor, openPage }, strategy))
  it.each(second)('%s is the second factor on the screens', (strategy) => walkSecond({ vendor, openPage }, strategy))
})

it.each(['http', 'workos'])('the table in the README says of %s what was walked here', (adapter) =>
  expectAsTheTableSays(adapter, 'http.browser.test.tsx'),
)
