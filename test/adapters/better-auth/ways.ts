import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { Json } from '../../../src/core/json.js'
import type { Browser, RunningServer } from '../../servers/betterAuthServer.js'
import { createAuthenticator, type Authenticator } from './authenticator.js'

/** Where apps are that use this server. */
export const redirectUrlOf = ({ origin }: RunningServer) => `${origin}/app?latchkey=link`

export function createWallet(origin: string) {
  const account = privateKeyToAccount(generatePrivateKey())
  const sign = (message: string): Promise<string> => account.signMessage({ message })
  return { address: account.address, chainId: 1, origin, sign }
}

/** Registers a passkey as a page does, for whoever is signed in there. */
export async function addPasskey({ client }: Browser, origin: string, verifies: boolean): Promise<Authenticator> {
  const authenticator = createAuthenticator(origin, verifies)
  const options = await client.$fetch<Json>('/passkey/generate-register-options', { method: 'GET' })
  if (!options.data) throw new Error(`No options for a passkey: ${options.error?.status}.`)
  const body = { response: authenticator.create(options.data), name: 'Laptop' }
  const made = await client.$fetch('/passkey/verify-registration', { method: 'POST', body })
  if (made.error) throw new Error(`The passkey was refused: ${JSON.stringify(made.error)}`)
  return authenticator
}
