// @vitest-environment node
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sso } from '@better-auth/sso'
import { betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { toNodeHandler } from 'better-auth/node'
import { genericOAuth } from 'better-auth/plugins/generic-oauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { companyFor } from '../../demo/server/authPlugins.js'
import { startProviders, type Providers } from '../../demo/server/providers.js'
import { cookieFetch } from './cookieFetch.js'

const accounts = [
  { email: 'ada@example.com', name: 'Ada' },
  { email: 'sam@globex.example', name: 'Sam' },
]
const http = createServer()
let origin: string
let providers: Providers

beforeAll(async () => {
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  providers = await startProviders({ origin, accounts })
  const { oidc, companies, origins } = providers
  const auth = betterAuth({
    baseURL: origin,
    trustedOrigins: [origin, ...origins],
    secret: 'only-for-tests-0123456789abcdefghij',
    database: memoryAdapter({ user: [], session: [], account: [], verification: [], ssoProvider: [] }),
    telemetry: { enabled: false },
    logger: { disabled: true },
    plugins: [
      genericOAuth({
        config: [
          {
            disableSignUp: true,
            providerId: oidc.id,
            clientId: oidc.clientId,
            clientSecret: oidc.clientSecret,
            discoveryUrl: `${oidc.issuer}/.well-known/openid-configuration`,
            scopes: ['openid', 'email', 'profile'],
            pkce: true,
          },
        ],
      }),
      sso({
        defaultSSO: companies.map((one) => companyFor(origin, one)),
        disableImplicitSignUp: true,
        domainVerification: { enabled: true },
      }),
    ],
  })
  const { internalAdapter } = await auth.$context
  for (const one of accounts) await internalAdapter.createUser({ ...one, emailVerified: true }, { method: 'email' })
  http.on('request', (request, response) => void toNodeHandler(auth)(request, response))
})

afterAll(async () => {
  await providers.close()
  http.closeAllConnections()
  http.close()
})

function browser() {
  const { fetch } = cookieFetch(origin)
  const ask = async (path: string, body?: unknown) => {
    const response = await fetch(`${origin}/api/auth${path}`, {
      method: body ? 'POST' : 'GET',
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    })
    return (await response.json()) as { url: string; user?: { email: string; name: string } } | null
  }
  const follow = (url: string, init?: RequestInit) => fetch(url, { redirect: 'manual', ...init })
  return { ask, follow }
}

describe('Better Auth and the stand-ins, where everybody has an account already', () => {
  it('has a session after a sign-in with Acme ID', async () => {
    const { ask, follow } = browser()
    const sent = await ask('/sign-in/social', { provider: 'acme', callbackURL: `${origin}/done`, disableRedirect: true })
    const back = await providers.visit.oidc(sent?.url ?? '', { as: 'ada@example.com' })
    expect(back).toMatch(`${origin}/api/auth/callback/acme?code=`)
    expect((await follow(back)).headers.get('location')).toBe(`${origin}/done`)
    expect((await ask('/get-session'))?.user).toMatchObject({ email: 'ada@example.com', name: 'Ada' })
  })

  it('has none after a denial, and the app hears of it', async () => {
    const { ask, follow } = browser()
    const urls = { callbackURL: `${origin}/done`, errorCallbackURL: `${origin}/failed` }
    const sent = await ask('/sign-in/social', { provider: 'acme', ...urls, disableRedirect: true })
    const back = await providers.visit.oidc(sent?.url ?? '', { deny: true })
    expect((await follow(back)).headers.get('location')).toMatch(`${origin}/failed?error=access_denied`)
    expect(await ask('/get-session')).toBeNull()
  })

  it("has a session after a sign-in with the company's SAML, found by the address", async () => {
    const { ask, follow } = browser()
    const sent = await ask('/sign-in/sso', { email: 'sam@globex.example', callbackURL: `${origin}/done` })
    const { acsUrl, SAMLResponse, RelayState = '' } = await providers.visit.saml(sent?.url ?? '', { as: 'sam@globex.example' })
    const body = new URLSearchParams({ SAMLResponse, RelayState })
    expect((await follow(acsUrl, { method: 'POST', body })).headers.get('location')).toBe(`${origin}/done`)
    expect((await ask('/get-session'))?.user).toMatchObject({ email: 'sam@globex.example', name: 'Sam' })
    const again = await follow(acsUrl, { method: 'POST', body })
    expect(again.headers.get('location')).toContain('error=')
  })

  it('has none when the answer was tampered with', async () => {
    const { ask, follow } = browser()
    const sent = await ask('/sign-in/sso', { email: 'sam@globex.example', callbackURL: `${origin}/done` })
    const { acsUrl, SAMLResponse, RelayState = '' } = await providers.visit.saml(sent?.url ?? '', { as: 'sam@globex.example' })
    const xml = Buffer.from(SAMLResponse, 'base64').toString().replaceAll('sam@globex', 'ceo@globex')
    const body = new URLSearchParams({ SAMLResponse: Buffer.from(xml).toString('base64'), RelayState })
    await follow(acsUrl, { method: 'POST', body })
    expect(await ask('/get-session')).toBeNull()
  })

  it('knows only the people of the company there', async () => {
    const { ask } = browser()
    const sent = await ask('/sign-in/sso', { email: 'sam@globex.example', callbackURL: `${origin}/done` })
    await expect(providers.visit.saml(sent?.url ?? '', { as: 'ada@example.com' })).rejects.toThrow('answered 422')
  })
})
