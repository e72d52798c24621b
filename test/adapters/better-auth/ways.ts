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
export async function addPasskey(
  { client }: Browser,
  origin: string,
  verifies: boolean,
  authenticator = createAuthenticator(origin, verifies),
): Promise<Authenticator> {
  const options = await client.$fetch<Json>('/passkey/generate-register-options', { method: 'GET' })
  if (!options.data) throw new Error(`No options for a passkey: ${options.error?.status}.`)
  const body = { response: authenticator.create(options.data), name: 'Laptop' }
  const made = await client.$fetch('/passkey/verify-registration', { method: 'POST', body })
  if (made.error) throw new Error(`The passkey was refused: ${JSON.stringify(made.error)}`)
  return authenticator
}

/** Enrols a number for the second factor, for whoever is signed in there. */
export async function addPhone({ client }: Browser, { outbox }: RunningServer, phoneNumber: string, password: string) {
  const asked = await client.$fetch('/latchkey/enroll-phone', { method: 'POST', body: { phoneNumber, password } })
  if (asked.error) throw new Error(`The phone was refused: ${JSON.stringify(asked.error)}`)
  const { code } = outbox.find(({ to }) => to === phoneNumber) ?? {}
  const made = await client.$fetch('/latchkey/verify-phone', { method: 'POST', body: { code } })
  if (made.error) throw new Error(`The phone's code was refused: ${JSON.stringify(made.error)}`)
}

/** A keychain: makes a passkey for every enrolment, and answers with the newest. */
export function createKeychain(origin: string, verifies: boolean) {
  let newest = createAuthenticator(origin, verifies)
  return {
    authenticator: newest,
    async credential(publicKey: Json): Promise<Json> {
      if (!Object.hasOwn(publicKey as object, 'user')) return newest.get(publicKey)
      newest = createAuthenticator(origin, verifies)
      return newest.create(publicKey)
    },
  }
}
