// @vitest-environment node
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startClerkStandIn, type ClerkStandIn } from './clerkStandIn.js'
import { startClerkBackendStandIn } from './clerkStandInBackend.js'
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

describe('the stand-in for a development instance of Clerk’s', () => {
  it('makes and removes people by the Backend API, and notes what that does not document', async () => {
    const instance = await startClerkStandIn({ development: {} })
    const backend = await startClerkBackendStandIn(instance)
    const ask = async (method: string, path: string, body?: object, key = backend.secretKey) => {
      const headers = { authorization: `Bearer ${key}`, 'clerk-api-version': '2026-05-12', 'content-type': 'application/json' }
      const answer = await fetch(`${backend.url}/v1${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
      const { id = '', errors } = (await answer.json()) as { id?: string; errors?: { code: string }[] }
      return { id, code: errors?.[0]?.code, violations: backend.violations.splice(0) }
    }
    const ada = { email_address: ['ada+clerk_test@example.com'], phone_number: ['+12015550100'], password: 'correct horse' }
    expect((await ask('POST', '/users', ada, 'sk_test_other')).code).toBe('authentication_invalid')
    const { id, violations } = await ask('POST', '/users', ada)
    expect([instance.users.map((one) => one.id), violations]).toEqual([[id], []])
    expect(await ask('POST', '/users', ada)).toMatchObject({ code: 'form_identifier_exists', violations: [] })
    for (const [path, body, said] of [
      ['/users', { ...ada, emailAddress: [] }, 'form_param_unknown emailAddress'],
      ['/users', { email_address: 'ada@example.com' }, 'form_param_value_invalid email_address'],
      ['/phone_numbers', { user_id: id }, 'form_param_missing phone_number'],
      [
        '/phone_numbers',
        { user_id: id, phone_number: '+12015550101', reserved_for_second_factor: true },
        'form_param_value_invalid',
      ],
      ['/clients', {}, 'path_not_documented'],
    ] as const) {
      const asked = await ask('POST', path, body)
      expect(asked.violations).toEqual([expect.stringContaining(`POST /v1${path}: ${said}`)])
    }
    expect(await ask('DELETE', `/users/${id}`)).toEqual({ id, code: undefined, violations: [] })
    expect(instance.users).toEqual([])
    await backend.close()
    await instance.close()
  })

  it('knows test addresses and testing tokens, and has limits by address', async () => {
    const instance = await startClerkStandIn({ development: {} })
    const { email, emailId } = instance.addUser({ email: 'ada+clerk_test@example.com' })
    const ask = async (path: string, form: Record<string, string>, token = '') => {
      const query = `__clerk_api_version=1&_clerk_js_version=1${token}`
      const authorization = instance.clients[0]?.token ?? ''
      return fetch(`${instance.url}/v1/client/sign_ins${path}?${query}`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(form).toString(),
      })
    }
    expect((await ask('', { identifier: email }, '&__clerk_testing_token=made-up')).status).toBe(401)
    const { response } = (await (await ask('', { identifier: email })).json()) as { response: { id: string } }
    await ask(`/${response.id}/prepare_first_factor`, { strategy: 'email_code', email_address_id: emailId })
    expect(instance.outbox).toEqual([])
    const attempt = (code: string) => ask(`/${response.id}/attempt_first_factor`, { strategy: 'email_code', code })
    const wrong = [await attempt('000000'), await attempt('000000'), await attempt('000000')]
    expect(wrong.map(({ status }) => status)).toEqual([422, 422, 422])
    const limited = await attempt('424242')
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, expect.stringMatching(/^([1-9]|10)$/)])
    instance.advance(10_000)
    expect((await attempt('424242')).status).toBe(200)
    await instance.close()
  })
})
