import { describe, expect, it } from 'vitest'
import { providerName, type Strategy } from '../../src/core/strategy.js'

describe('a provider’s name', () => {
  it.each<[Strategy, string]>([
    ['oauth_google', 'Google'],
    ['oauth_github', 'GitHub'],
    ['oauth_gitlab', 'GitLab'],
    ['oauth_gitee', 'Gitee'],
    ['oauth_linkedin', 'LinkedIn'],
    ['oauth_linkedin_oidc', 'LinkedIn'],
    ['oauth_slack_oidc', 'Slack'],
    ['oauth_tiktok', 'TikTok'],
    ['oauth_x', 'X'],
    ['oauth_meta', 'Meta'],
    ['oauth_git_tea', 'Git Tea'],
    ['oauth_acme-id', 'Acme-Id'],
    ['oauth_custom_staff_portal', 'Custom Staff Portal'],
    ['web3_metamask_signature', 'MetaMask'],
    ['web3_coinbase_wallet_signature', 'Coinbase Wallet'],
    ['web3_okx_wallet_signature', 'OKX Wallet'],
  ])('of %s is %s', (strategy, name) => expect(providerName(strategy)).toBe(name))

  it('is the adapter’s, as it stands', () => expect(providerName('oauth_github', 'github of Acme')).toBe('github of Acme'))
})
