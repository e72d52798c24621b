// @vitest-environment node
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startClerkStandIn, type ClerkStandIn } from './clerkStandIn.js'
import type { UserRecord } from './clerkStandInState.js'

let server: ClerkStandIn
let user: UserRecord

beforeAll(async () => {
  server = await startClerkStandIn()
  user = server.addUser()
})
afterAll(() => server.close())

/** As Clerk's client would ask; the authorization that a first answer gave is kept. */
function asking() {
  let authorization = ''
  return async (path: string, form: Record<string, string>, query = '__clerk_api_version=1&_clerk_js_version=1') => {
    const answer = await fetch(`${server.url}/v1${path}?${query}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    })
    authorization = answer.headers.get('authorization') ?? authorization
    const { response, errors } = (await answer.json()) as { response?: { id: string }; errors?: { code: string }[] }
    return { id: response?.id ?? '', code: errors?.[0]?.code, violations: server.violations.splice(0) }
  }
}

describe('the stand-in for Clerk', () => {
  it('notes whatever nothing documents, and nothing of what a person did wrong', async () => {
    const ask = asking()
    const { id, violations } = await ask('/client/sign_ins', { identifier: user.email })
    expect(violations).toEqual([])
    const first = `/client/sign_ins/${id}/attempt_first_factor`
    const prepare = `/client/sign_ins/${id}/prepare_first_factor`
    for (const [path, form, code, said] of [
      ['/client/other', {}, 'path_not_documented', ''],
      ['/client/sign_ins', { identifier: user.email, token: '1' }, 'form_param_unknown', 'token'],
      ['/client/sign_ins', { strategy: 'password', identifier: user.email }, 'form_param_missing', 'password'],
      [first, { strategy: 'totp', code: '1' }, 'form_param_value_invalid', 'strategy'],
      [first, { strategy: 'constructor' }, 'form_param_value_invalid', 'strategy'],
      [first, { strategy: 'password', code: '1' }, 'form_param_unknown', 'code'],
      [first, { strategy: 'email_code', code: '1', password: '2' }, 'form_param_unknown', 'password'],
      [first, { strategy: 'web3_metamask_signature' }, 'form_param_missing', 'signature'],
      [prepare, { strategy: 'email_code' }, 'form_param_missing', 'email_address_id'],
      [prepare, { strategy: 'phone_code', email_address_id: user.emailId }, 'form_param_unknown', 'email_address_id'],
    ] as const) {
      const asked = await ask(path, form)
      expect([asked.code, asked.violations]).toEqual([code, [`POST ${path}: ${code} ${said}`]])
    }
    expect((await ask('/client/sign_ins', {}, '')).violations).toEqual(['POST /client/sign_ins: api_version_missing '])
    expect(await ask(first, { strategy: 'password', password: 'not it' })).toMatchObject({
      code: 'form_password_incorrect',
      violations: [],
    })
    expect(await ask(first, { strategy: 'password', password: '' })).toMatchObject({ code: 'form_param_nil', violations: [] })
    const there = await ask(prepare, { strategy: 'email_code', email_address_id: user.emailId })
    expect(there).toMatchObject({ code: undefined, violations: [] })
  })
})
