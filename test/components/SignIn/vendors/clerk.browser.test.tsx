import { Clerk } from '@clerk/clerk-js/no-rhc'
import { commands } from 'vitest/browser'
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest'
import { clerkAdapter } from '../../../../src/adapters/clerk/index.js'
import { expectAsTheTableSays, leaveAll, walkFirst, walkSecond, type OpenPage } from './walk.js'

const vendor = 'clerk'
const first = [
  'email_code',
  'email_link',
  'phone_code',
  'passkey',
  'oauth_google',
  'enterprise_sso',
  'web3_metamask_signature',
  'web3_base_signature',
  'web3_coinbase_wallet_signature',
  'web3_okx_wallet_signature',
  'web3_solana_signature',
  'reset_password_email_code',
  'reset_password_phone_code',
] as const
const second = ['phone_code', 'email_code', 'email_link', 'backup_code', 'passkey'] as const

describe('on clerk', () => {
  let url = ''
  beforeAll(async () => {
    ;({ url } = await commands.openVendor(vendor, location.origin))
  })
  afterEach(leaveAll)
  afterAll(() => commands.closeVendor(vendor))

  const openPage: OpenPage = async (offer) => {
    const clerk = new Clerk(`pk_live_${btoa('clerk.local.test$')}`, { proxyUrl: url })
    await clerk.load({ telemetry: false })
    return clerkAdapter(clerk, offer)
  }

  it.each(first)('%s signs in through the screens', (strategy) => walkFirst({ vendor, openPage }, strategy))
  it.each(second)('%s is the second factor on the screens', (strategy) => walkSecond({ vendor, openPage }, strategy))
})

it('the table in the README says of clerk what was walked here', () => expectAsTheTableSays('clerk', 'clerk.browser.test.tsx'))
