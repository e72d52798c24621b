// @vitest-environment node
import { createHash, randomBytes } from 'node:crypto'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startOidcProvider, type OidcProvider } from '../../demo/server/oidcProvider.js'

const client = { id: 'demo', secret: 'only-for-tests-0123456789abcdef', redirectUris: ['http://127.0.0.1:9/callback'] }
const accounts = [
  { email: 'ada@acme.example', name: 'Ada' },
  { email: 'bo@acme.example', name: 'Bo', emailVerified: false },
]
const [redirectUri = ''] = client.redirectUris
const said = vi.spyOn(console, 'warn')
let provider: OidcProvider

beforeAll(async () => {
  provider = await startOidcProvider({ clients: [client], accounts })
})
afterAll(() => provider.close())

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url')

async function discovery() {
  const response = await fetch(`${provider.issuer}/.well-known/openid-configuration`)
  return (await response.json()) as Record<'authorization_endpoint' | 'token_endpoint' | 'jwks_uri' | 'userinfo_endpoint', string>
}

async function authorizeUrl(change: Record<string, string | undefined> = {}) {
  const verifier = randomBytes(32).toString('base64url')
  const url = new URL((await discovery()).authorization_endpoint)
  const parameters = {
    client_id: client.id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid email profile',
    state: 'state-of-the-client',
    nonce: 'nonce-of-the-client',
    code_challenge: sha256(verifier),
    code_challenge_method: 'S256',
    ...change,
  }
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value)
  return { url: url.href, verifier }
}

async function exchange(code: string, verifier: string) {
  const response = await fetch((await discovery()).token_endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}

const codeIn = (url: string) => new URL(url).searchParams.get('code') ?? ''

describe("a stand-in for a company's OpenID provider", () => {
  it('signs a person in and hands out a signed id token with name and address', async () => {
    const { url, verifier } = await authorizeUrl()
    const back = await provider.visit(url, { as: 'Ada@acme.example ' })
    expect(back).toMatch(`${redirectUri}?code=`)
    expect(new URL(back).searchParams.get('state')).toBe('state-of-the-client')
    const { status, body } = await exchange(codeIn(back), verifier)
    expect(status).toBe(200)
    const keys = createRemoteJWKSet(new URL((await discovery()).jwks_uri))
    const { payload } = await jwtVerify(body.id_token ?? '', keys, { issuer: provider.issuer, audience: client.id })
    expect(payload).toMatchObject({ email: 'ada@acme.example', email_verified: true, name: 'Ada', nonce: 'nonce-of-the-client' })
    const userinfo = await fetch((await discovery()).userinfo_endpoint, {
      headers: { authorization: `Bearer ${body.access_token}` },
    })
    expect(await userinfo.json()).toMatchObject({ sub: payload.sub, email: 'ada@acme.example' })
  })

  it('says of an address that it is not verified', async () => {
    const { url, verifier } = await authorizeUrl()
    const { body } = await exchange(codeIn(await provider.visit(url, { as: 'bo@acme.example' })), verifier)
    const claims = JSON.parse(Buffer.from(body.id_token?.split('.')[1] ?? '', 'base64url').toString()) as unknown
    expect(claims).toMatchObject({ email: 'bo@acme.example', email_verified: false })
  })

  it('sends a person who denies back with access_denied and no code', async () => {
    const { url } = await authorizeUrl()
    const back = new URL(await provider.visit(url, { deny: true }))
    expect(back.origin + back.pathname).toBe(redirectUri)
    expect(Object.fromEntries(back.searchParams)).toMatchObject({ error: 'access_denied', state: 'state-of-the-client' })
    expect(back.searchParams.has('code')).toBe(false)
  })

  it('demands PKCE', async () => {
    const { url } = await authorizeUrl({ code_challenge: undefined, code_challenge_method: undefined })
    const back = new URL(await provider.visit(url, { as: 'ada@acme.example' }))
    expect(back.searchParams.get('error')).toBe('invalid_request')
  })

  it('takes a code once, and only with its verifier', async () => {
    const first = await authorizeUrl()
    const stolen = codeIn(await provider.visit(first.url, { as: 'ada@acme.example' }))
    expect((await exchange(stolen, 'x'.repeat(43))).body.error).toBe('invalid_grant')
    const { url, verifier } = await authorizeUrl()
    const code = codeIn(await provider.visit(url, { as: 'ada@acme.example' }))
    expect((await exchange(code, verifier)).status).toBe(200)
    expect((await exchange(code, verifier)).body.error).toBe('invalid_grant')
  })

  it('sends nobody to an address that the client has not named', async () => {
    const { url } = await authorizeUrl({ redirect_uri: 'http://127.0.0.1:9/elsewhere' })
    await expect(provider.visit(url, { as: 'ada@acme.example' })).rejects.toThrow('answered 400: invalid_redirect_uri')
  })

  it('lets nobody in whom it does not know', async () => {
    const { url } = await authorizeUrl()
    await expect(provider.visit(url, { as: 'eve@acme.example' })).rejects.toThrow('answered 422: Nobody here has this address.')
  })

  it('has no interaction for who did not come from a client', async () => {
    const response = await fetch(`${provider.issuer}/interaction/made-up`)
    expect(response.status).toBe(400)
  })

  it('hears no other address of this machine', async () => {
    const { port } = new URL(provider.issuer)
    await expect(fetch(`http://127.0.0.2:${port}/jwks`)).rejects.toThrow('fetch failed')
  })

  it('draws a labelled form under a policy without scripts', async () => {
    const { url } = await authorizeUrl()
    const moved = await fetch(url, { redirect: 'manual' })
    const cookie = moved.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const page = await fetch(new URL(moved.headers.get('location') ?? '', url), { headers: { cookie } })
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    const html = await page.text()
    expect(html).toContain('<label for="email">Email address</label>')
    expect(html).not.toMatch(/<script|<style|\s(?:style|on\w+)=/)
  })

  it('keeps to itself that it is told not to run on this Node, and nothing else', async () => {
    expect(said).not.toHaveBeenCalled()
    said.mockImplementation(() => undefined)
    console.warn('heard')
    expect(said).toHaveBeenCalledExactlyOnceWith('heard')
  })
})
