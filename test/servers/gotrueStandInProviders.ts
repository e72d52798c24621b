import { createHash, randomUUID } from 'node:crypto'
import type { Session as VendorSession, SSOResponse } from '@supabase/auth-js'
import type { Data } from './gotrueStandInMfa.js'
import type { Body } from './gotrueStandInShapes.js'
import { solanaAddress } from './gotrueStandInSolana.js'
import { GotrueError, type Settings, type State, type UserRecord } from './gotrueStandInState.js'

/** An Ethereum wallet of the tests. Real ones sign with secp256k1; this stand-in only checks that the text was signed by whom it names. */
export function walletSignature(address: string, message: string): `0x${string}` {
  const hash = createHash('sha512').update(`${address.toLowerCase()} ${message}`).digest('hex')
  return `0x${hash}1b`
}

export function checkCaptcha(settings: Settings, { gotrue_meta_security: security }: Body) {
  const { captcha_token: token } = Object(security) as { captcha_token?: string }
  if (token) settings.captchas.push(token)
  if (settings.captcha && token !== 'captcha-good')
    throw new GotrueError(400, 'captcha_failed', 'captcha protection: request disallowed (invalid-input-response)')
}

/** Sign-in with what others vouch for: providers and wallets. */
export function createProviderRoutes(state: State, origin: () => string) {
  const { settings, users } = state
  const flows = new Map<string, { user: UserRecord; challenge: string; method: string }>()

  /** PKCE with a code, else with the tokens in the fragment. */
  function sendBack(target: URL, user: UserRecord, challenge: string | undefined, type: string, method: string): string {
    if (challenge) {
      const code = randomUUID()
      flows.set(code, { user, challenge, method })
      target.searchParams.set('code', code)
      return target.href
    }
    const { access_token, refresh_token, expires_in, expires_at, token_type } = state.begin(user, method)
    const facts = {
      access_token,
      refresh_token,
      expires_in: String(expires_in),
      expires_at: String(expires_at),
      token_type,
      type,
    }
    target.hash = new URLSearchParams(facts).toString()
    return target.href
  }

  /** Whoever is new is signed up. */
  function signInByWallet(wallet: string): VendorSession {
    const user = users.find(({ wallets }) => wallets.includes(wallet)) ?? state.addUser({})
    user.wallets.push(wallet)
    return state.begin(user, 'web3')
  }

  return {
    sendBack,

    pkce(body: Body): VendorSession {
      const flow = flows.get(String(body.auth_code))
      if (!flow) throw new GotrueError(404, 'flow_state_not_found', 'invalid flow state, no valid flow state found')
      flows.delete(String(body.auth_code))
      if (createHash('sha256').update(String(body.code_verifier)).digest('base64url') !== flow.challenge)
        throw new GotrueError(400, 'bad_code_verifier', 'code challenge does not match previously saved code verifier')
      return state.begin(flow.user, flow.method)
    },

    web3(body: Body): VendorSession {
      checkCaptcha(settings, body)
      if (body.chain === 'solana') return signInByWallet(solanaAddress(body, state.now()))
      if (body.chain !== 'ethereum') throw new GotrueError(400, 'web3_unsupported_chain', 'Unsupported chain')
      const message = String(body.message)
      const lines = message.split('\n')
      const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? ''
      const address = lines[1] ?? ''
      const host = lines[0]?.replace(' wants you to sign in with your Ethereum account:', '')
      if (!/^0x[a-fA-F0-9]{40}$/.test(address) || lines[2] !== '' || field('Version') !== '1' || !/^\d+$/.test(field('Chain ID')))
        throw new GotrueError(400, 'validation_failed', 'siwe: message is malformed')
      const age = Math.abs(state.now() - Date.parse(field('Issued At')))
      const isRight = body.signature === walletSignature(address, message) && new URL(field('URI')).host === host && age < 600_000
      if (!isRight)
        throw new GotrueError(400, undefined, 'Signature does not match address in message', { error: 'invalid_grant' })
      return signInByWallet(address.toLowerCase())
    },

    /** A provider, or a company's, says at once who it is; `settings.provider` is empty where the person said no there. */
    authorize(query: URLSearchParams): string {
      const target = new URL(query.get('redirect_to') ?? origin())
      const provider = query.get('provider') ?? ''
      if (!settings.enabled.has(provider))
        throw new GotrueError(400, 'validation_failed', 'Unsupported provider: provider is not enabled')
      if (!settings.provider) {
        target.search = new URLSearchParams({ error: 'access_denied', error_description: 'The user has denied' }).toString()
        return target.href
      }
      const user = state.findUser(settings.provider) ?? state.addUser({ email: settings.provider, email_confirm: true })
      return sendBack(target, user, query.get('code_challenge') ?? undefined, 'oauth', provider === 'saml' ? 'sso/saml' : 'oauth')
    },

    sso(body: Body) {
      if (body.domain && !settings.domains.includes(body.domain))
        throw new GotrueError(404, 'sso_provider_not_found', 'No SSO provider assigned for this domain')
      if (body.provider_id && body.provider_id !== 'idp-1')
        throw new GotrueError(404, 'sso_provider_not_found', 'No such SSO provider')
      const { redirect_to, code_challenge } = body
      const facts = { provider: 'saml', ...(redirect_to && { redirect_to }), ...(code_challenge && { code_challenge }) }
      return { url: `${origin()}/authorize?${new URLSearchParams(facts).toString()}` } satisfies Data<SSOResponse>
    },
  }
}
