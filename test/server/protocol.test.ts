// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { httpAdapter } from '../../src/adapters/http/index.js'
import { AuthError, errorTable, type AuthErrorCode } from '../../src/core/AuthError.js'
import { createAuthHandler, type AuthHandler } from '../../src/server/index.js'
import { operations } from '../../src/server/operations.js'
import { attempt, scriptedAdapter, sentinels, type ScriptedOptions } from '../support/scriptedAdapter.js'
import { everyVerb, type VerbCase } from './everyVerb.js'
import { checkedFetch, checkRequest, checkResponse, described, document, validatorAt } from './protocolDocument.js'

const origin = 'https://app.example'
const url = `${origin}/api/auth`
const secret = 'only-for-tests-0123456789abcdefghijklmnop'

/** Every `path status` that was answered in this file, as the document has it. */
const seen = new Set<string>()

function server(options: ScriptedOptions = {}) {
  const scripted = scriptedAdapter({ absent: [], ...options })
  const handler = createAuthHandler({ adapter: () => scripted.adapter, secret, onError: () => {} })
  return { scripted, handler, adapter: httpAdapter({ url, fetch: browser(handler) }) }
}

/** A page of the server's own, whose every request and answer is held against the document. */
function browser(handler: AuthHandler): typeof fetch {
  const ask: typeof fetch = (input, init = {}) => {
    const headers = new Headers(init.headers)
    headers.set('origin', origin)
    return handler(new Request(input, { ...init, headers }))
  }
  return checkedFetch(ask, seen)
}

function raw({ path, method, input }: VerbCase, change: RequestInit = {}): Request {
  const query = method === 'GET' ? `?${new URLSearchParams(Object.entries(input)).toString()}` : ''
  const headers = { origin, ...(method === 'POST' && { 'content-type': 'application/json' }), ...change.headers }
  const body = method === 'POST' ? JSON.stringify(input) : undefined
  return new Request(`${url}/${path}${query}`, { method, body, ...change, headers })
}

async function answered(handler: AuthHandler, request: Request): Promise<{ status: number; error: object }> {
  const response = await handler(request)
  seen.add(await checkResponse(request.url, response))
  const body = (await response.json()) as { error: object }
  for (const text of [sentinels.password, sentinels.totpSecret]) expect(JSON.stringify(body)).not.toContain(text)
  return { status: response.status, error: body.error }
}

describe('the protocol’s document', () => {
  it('is OpenAPI 3.1 and every schema in it compiles', () => {
    expect(document.openapi).toBe('3.1.0')
    for (const name of Object.keys(document.components.schemas)) {
      expect(() => validatorAt(`/components/schemas/${name}`), name).not.toThrow()
    }
  })

  it('describes every operation of the handler, and no other', () => {
    const handled = [...operations.values()].map(({ method, path }) => `${method} /${path}`)
    const told = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(told).toEqual(handled)
    expect(everyVerb.map(({ path }) => path)).toEqual([...operations.keys()].filter((path) => path !== 'capabilities'))
  })

  it('has every error code of the contract', () => {
    const { enum: codes } = document.components.schemas.ErrorCode as { enum: string[] }
    expect(codes.toSorted()).toEqual(Object.keys(errorTable).toSorted())
  })

  it.each(everyVerb)('knows a request to $path from one that is not', (verb) => {
    const init = { method: verb.method, body: verb.method === 'POST' ? JSON.stringify(verb.input) : undefined }
    checkRequest(`${url}/${verb.path}`, init)
    const other = verb.method === 'POST' ? { ...init, body: JSON.stringify({ ...verb.input, token: 'x' }) } : { method: 'POST' }
    expect(() => checkRequest(`${url}/${verb.path}`, other)).toThrow(/protocol/)
  })
})

describe('capabilities', () => {
  it('tell a browser all that an adapter is asked for before the first verb', async () => {
    const { adapter, scripted } = server({ absent: ['mfa.rename'], capabilities: { newPassword: { minLength: 8 } } })
    const built = await adapter
    expect(built.capabilities).toEqual(scripted.adapter.capabilities)
    expect(built.stepUp?.levels).toEqual(scripted.adapter.stepUp?.levels)
    const members = (part: object | undefined) => Object.keys(part ?? {}).toSorted()
    expect(members(built.signIn)).toEqual(members(scripted.adapter.signIn))
    expect(members(built.mfa)).toEqual(members(scripted.adapter.mfa))
    expect(members(built.mfa?.backupCodes)).toEqual(members(scripted.adapter.mfa?.backupCodes))
    expect(scripted.calls).toEqual([])
  })

  it('may be built into the page: then nothing is asked', async () => {
    const { handler, scripted } = server()
    const response = await handler(new Request(`${url}/capabilities`))
    const offer = (await response.json()) as Parameters<typeof httpAdapter>[0]['offer']
    const built = httpAdapter({ url, offer: offer ?? expect.unreachable(), fetch: () => expect.unreachable() })
    expect(built.capabilities).toEqual(scripted.adapter.capabilities)
  })

  it('are refused to other people’s pages, and say nothing of a fault', async () => {
    const broken = createAuthHandler({ adapter: () => expect.fail(sentinels.password), secret })
    const request = (headers: HeadersInit) => new Request(`${url}/capabilities`, { headers })
    expect(await answered(server().handler, request({ origin: 'https://evil.example' }))).toMatchObject({ status: 403 })
    expect(await answered(broken, request({}))).toEqual({ status: 500, error: { code: 'unknown', outcome: 'unknown' } })
  })

  it.each([
    'signIn.passkeyOptions',
    'signIn.resetPassword',
    'stepUp',
    'mfa',
    'mfa.abandon',
    'mfa.backupCodes',
    'mfa.backupCodes.status',
  ] as const)('leave %s out where the backend has no such thing', async (member) => {
    const built = await server({ absent: [member] }).adapter
    const named: unknown = member.split('.').reduce<unknown>((owner, key) => (owner as Record<string, unknown>)[key], built)
    expect(named).toBeUndefined()
  })
})

describe.each(everyVerb)('$path', (verb) => {
  const { path, call, answer, member } = verb
  const rejecting = (thrown: unknown) => {
    const one = server()
    one.scripted.answer(verb.verb, () => {
      throw thrown
    })
    return one
  }

  it('crosses and comes back as it is', async () => {
    const { adapter, scripted } = server()
    scripted.answer(verb.verb, () => answer as never)
    expect(await call(await adapter)).toEqual(answer)
    const [made] = scripted.calls
    expect(scripted.calls).toHaveLength(1)
    const { attempt: attemptId, ...rest } = verb.input as { attempt?: string }
    const given = { ...made?.params, ...(made?.fresh !== undefined && { fresh: String(made.fresh) }) }
    if (path === 'mfa/enroll') expect(given).toEqual({ ...rest, attempt: { id: attemptId } })
    else expect(given).toEqual(rest)
    if (path !== 'mfa/enroll') expect(made?.attempt?.id).toBe(attemptId)
  })

  it('400: refused by the backend, with all that the error says', async () => {
    const details = {
      field: 'code',
      attemptsLeft: 2,
      reasons: ['one', 'two'],
      attempt: attempt(),
      stepUp: { level: 'multi_factor' },
    } as const
    const { adapter, handler } = rejecting(
      new AuthError('code_incorrect', sentinels.password, { ...details, cause: sentinels.totpSecret }),
    )
    expect(await answered(handler, raw(verb))).toEqual({
      status: 400,
      error: { code: 'code_incorrect', outcome: 'refused', ...details },
    })
    await expect(call(await adapter)).rejects.toMatchObject({
      name: 'AuthError',
      code: 'code_incorrect',
      outcome: 'refused',
      ...details,
    })
  })

  it('400: malformed', async () => {
    const { handler, scripted } = server()
    const bad = verb.method === 'GET' ? { ...verb, input: { fresh: 'perhaps' } } : verb
    const bodies = verb.method === 'GET' ? [undefined] : ['', '{', '[]', 'null', '"x"', '{"attempt":{"id":1}}{}']
    for (const body of bodies) {
      const refused = await answered(handler, raw(bad, body === undefined ? {} : { body }))
      expect(refused).toEqual({ status: 400, error: { code: 'unknown', outcome: 'refused', problem: 'malformed' } })
    }
    expect(scripted.calls).toEqual([])
  })

  it('403: another page, or a session that will not do', async () => {
    const { handler, scripted } = server()
    for (const foreign of ['https://evil.example', 'null', 'https://app.example.evil.example', 'http://app.example']) {
      const refused = await answered(handler, raw(verb, { headers: { origin: foreign } }))
      expect(refused).toEqual({ status: 403, error: { code: 'unknown', outcome: 'refused', problem: 'origin' } })
    }
    expect(scripted.calls).toEqual([])
    const lost = rejecting(new AuthError('step_up_required', undefined, { stepUp: { level: 'second_factor' } }))
    expect(await answered(lost.handler, raw(verb))).toMatchObject({ status: 403, error: { code: 'step_up_required' } })
    await expect(call(await lost.adapter)).rejects.toMatchObject({ code: 'step_up_required', stepUp: { level: 'second_factor' } })
  })

  const isPost = verb.method === 'POST'

  if (member)
    it('404: not offered', async () => {
      const { handler } = server({ absent: member ? [member] : [] })
      const error = { code: 'not_supported', outcome: 'refused', problem: 'not_offered' }
      expect(await answered(handler, raw(verb))).toEqual({ status: 404, error })
    })

  if (isPost)
    it('413: too large, said or not', async () => {
      const { handler, scripted } = server()
      const body = JSON.stringify({ ...verb.input, captchaToken: 'x'.repeat(70_000) })
      const error = { code: 'unknown', outcome: 'refused', problem: 'too_large' }
      expect(await answered(handler, raw(verb, { body }))).toEqual({ status: 413, error })
      const said = raw(verb, { headers: { 'content-length': '70000' } })
      expect(await answered(handler, said)).toEqual({ status: 413, error })
      expect(scripted.calls).toEqual([])
    })

  if (isPost)
    it('415: a type that a form of any page may send', async () => {
      const { handler, scripted } = server()
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/jsonx',
        '',
      ]) {
        const refused = await answered(handler, raw(verb, { headers: { 'content-type': type } }))
        expect(refused).toEqual({ status: 415, error: { code: 'unknown', outcome: 'refused', problem: 'content_type' } })
      }
      expect(scripted.calls).toEqual([])
    })

  it('405: another method', async () => {
    const response = await server().handler(new Request(`${url}/${path}`, { method: 'PUT', headers: { origin } }))
    expect([response.status, response.headers.get('allow')]).toEqual([405, verb.method])
    expect(await response.json()).toEqual({ error: { code: 'not_supported', outcome: 'refused', problem: 'method' } })
  })

  it('429: wait', async () => {
    const { adapter, handler } = rejecting(new AuthError('rate_limited', undefined, { retryInMs: 1_200 }))
    const response = await handler(raw(verb))
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '2'])
    expect(await answered(handler, raw(verb))).toMatchObject({ error: { code: 'rate_limited', retryInMs: 1_200 } })
    await expect(call(await adapter)).rejects.toMatchObject({ code: 'rate_limited', retryInMs: 1_200, outcome: 'refused' })
  })

  it('500: anything that is no AuthError, without a word of it', async () => {
    for (const thrown of [new Error(sentinels.password), sentinels.password, null, { code: 'locked' }]) {
      const { adapter, handler } = rejecting(thrown)
      expect(await answered(handler, raw(verb))).toEqual({ status: 500, error: { code: 'unknown', outcome: 'unknown' } })
      await expect(call(await adapter)).rejects.toMatchObject({ name: 'AuthError', code: 'unavailable', outcome: 'unknown' })
    }
  })

  const isChecked = answer !== undefined && path !== 'mfa/backup-codes/status'
  if (isChecked)
    it('500: an answer that is not as the contract has it', async () => {
      const { handler, scripted } = server()
      scripted.answer(verb.verb, () => ({ secret: sentinels.totpSecret, id: 7 }) as never)
      expect(await answered(handler, raw(verb))).toMatchObject({ status: 500 })
    })

  it('502: nobody knows whether it happened', async () => {
    for (const code of ['network', 'unavailable', 'unknown'] satisfies AuthErrorCode[]) {
      const { adapter, handler } = rejecting(new AuthError(code, undefined, { outcome: 'unknown' }))
      expect(await answered(handler, raw(verb))).toEqual({ status: 502, error: { code, outcome: 'unknown' } })
      const told = code === 'unknown' ? 'unavailable' : code
      await expect(call(await adapter)).rejects.toMatchObject({ code: told, outcome: 'unknown' })
    }
  })
})

it('answers a path that is not its own with 404', async () => {
  for (const path of [
    '',
    '/',
    '/sign-in',
    '/sign-in/',
    '/sign-in/create/',
    '/create',
    '/__proto__',
    '/constructor',
    '/mfa/../x',
  ]) {
    const response = await server().handler(new Request(`${url}${path}`, { headers: { origin } }))
    expect(response.status, path).toBe(404)
    expect(await response.json()).toEqual({ error: { code: 'not_supported', outcome: 'refused', problem: 'path' } })
  }
})

it('has answered here with every status that the document describes', () => {
  expect(described.filter((one) => !seen.has(one))).toEqual([])
})
