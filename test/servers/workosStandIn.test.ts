// @vitest-environment node
import { WorkOS } from '@workos-inc/node'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWorkOSStandIn, type WorkOSStandIn } from './workosStandIn.js'

let workos: WorkOSStandIn
let sdk: WorkOS

beforeAll(async () => {
  workos = await startWorkOSStandIn()
  sdk = new WorkOS(workos.apiKey, { ...workos.options })
})
beforeEach(() => void workos.refusals.splice(0))
afterAll(() => workos.close())

const redirectUri = 'https://app.example/back'
const there = () => sdk.userManagement.getAuthorizationUrlWithPKCE({ provider: 'GoogleOAuth', redirectUri })

function changed(url: string, change: Record<string, string | null>): string {
  const address = new URL(url)
  for (const [name, value] of Object.entries(change)) {
    if (value === null) address.searchParams.delete(name)
    else address.searchParams.set(name, value)
  }
  return address.href
}

describe('the stand-in’s way to a provider', () => {
  it.each<[string, Record<string, string | null>]>([
    ['a parameter of no document', { scope: 'openid' }],
    ['no client', { client_id: null }],
    ['another client', { client_id: 'client_other' }],
    ['no way back', { redirect_uri: null }],
    ['a token instead of a code', { response_type: 'token' }],
    ['half of PKCE', { code_challenge: null }],
    ['a plain challenge', { code_challenge_method: 'plain' }],
    ['a provider that WorkOS does not name so', { provider: 'google' }],
  ])('notes %s', async (_, change) => {
    const { url } = await there()
    await workos.visit(changed(url, change), 'ada@example.com').catch(() => undefined)
    expect(workos.refusals).toHaveLength(1)
  })

  it('says no to two selectors, and leads back with the state', async () => {
    const { url, state } = await there()
    const { searchParams } = new URL(await workos.visit(changed(url, { organization_id: 'org_1' }), null))
    expect([searchParams.get('error'), searchParams.get('state')]).toEqual(['invalid_connection_selector', state])
  })

  it('takes a code once, with its verifier, within ten minutes', async () => {
    const begin = async () => {
      const { url, codeVerifier } = await there()
      const code = new URL(await workos.visit(url, 'ada@example.com')).searchParams.get('code') ?? ''
      return { code, codeVerifier }
    }
    const refusal = { error: 'invalid_grant', status: 400 }
    const good = await begin()
    expect((await sdk.userManagement.authenticateWithCode(good)).authenticationMethod).toBe('GoogleOAuth')
    await expect(sdk.userManagement.authenticateWithCode(good)).rejects.toMatchObject(refusal)
    await expect(sdk.userManagement.authenticateWithCode({ code: (await begin()).code })).rejects.toMatchObject(refusal)
    const late = await begin()
    workos.advance(10 * 60_000)
    await expect(sdk.userManagement.authenticateWithCode(late)).rejects.toMatchObject(refusal)
    expect(workos.refusals).toEqual([])
  })
})
