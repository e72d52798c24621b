import * as server from '@simplewebauthn/server'
import { verifyMessage } from 'viem'
import { verifySolana } from '../../demo/src/verifySolana.js'
import type { MemoryOptions } from '../../src/adapters/memory/index.js'

/** Where the page is, for keys and wallets. */
export const origin = 'http://localhost'
export const rpId = 'localhost'

/** A backend in memory that offers everything: keys and wallets are checked by the libraries that servers use. */
export const everyWay = {
  firstFactors: [
    'password',
    'email_code',
    'email_link',
    'phone_code',
    'passkey',
    'oauth_google',
    'oauth_github',
    'enterprise_sso',
    'web3_metamask_signature',
    'web3_coinbase_wallet_signature',
    'web3_okx_wallet_signature',
    'web3_solana_signature',
    'reset_password_email_code',
    'reset_password_phone_code',
  ],
  secondFactors: ['totp', 'phone_code', 'email_code', 'email_link', 'passkey', 'security_key', 'backup_code'],
  enroll: ['totp', 'phone', 'email', 'webauthn'],
  ssoDomains: ['example.com'],
  webAuthn: { server, rpId, origin },
  wallets: { verifyMessage, verifySolana },
} as const satisfies MemoryOptions
