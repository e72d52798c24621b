// @vitest-environment node
import { describe, expect, it } from 'vitest'
import type { AuthAdapter } from '../../src/core/adapter.js'
import { AuthError, type AuthErrorDetails } from '../../src/core/AuthError.js'
import { adapterContract, throughVerbs, type AdapterHarness, type VerbCall } from '../../src/testing/index.js'
import { memoryAdapter } from '../../src/adapters/memory/index.js'
import { memoryHarness, openMemoryStage } from '../adapters/memory/harness.js'

/** What came of one case: `passed`, or the message that it failed with. */
async function play(id: string, harness: AdapterHarness, printed: string[] = []): Promise<string> {
  const found = adapterContract(harness, { print: (line) => printed.push(line), verbTimeoutMs: 300 }).find((one) => one.id === id)
  return (found ?? expect.unreachable()).run().then(
    (reason) => (reason === undefined ? 'passed' : `gap: ${reason}`),
    (error: Error) => error.message,
  )
}

const withGaps = (gaps: Record<string, string>, { missing = [] as string[] } = {}): AdapterHarness => ({
  ...memoryHarness,
  gaps,
  open: async () => Object.assign(openMemoryStage(), Object.fromEntries(missing.map((lever) => [lever, undefined]))),
})

const broken = (around: (call: VerbCall) => Promise<unknown>): AdapterHarness => ({
  ...memoryHarness,
  open: async () => openMemoryStage((adapter) => throughVerbs(adapter, around)),
})

describe('HA-20 the cases', () => {
  it('are those that the sample claims', () => {
    const ids = (sample: AuthAdapter) => adapterContract({ ...memoryHarness, sample }).map(({ id }) => id)
    const { sample } = memoryHarness
    const { mfa: _, ...bare } = { ...sample, capabilities: { ...sample.capabilities, secondFactors: [] } }
    expect(ids(sample)).toContain('second/totp/right')
    expect(ids(sample)).toContain('enroll/totp/right')
    expect(ids(sample)).toEqual(expect.arrayContaining(['answers/sending/failure', 'answers/second-factor/locked']))
    expect(ids(bare).filter((id) => id.startsWith('answers/second'))).toEqual([])
    expect(ids(bare).filter((id) => /^(second|enroll|step-up)\//.test(id))).toEqual([])
    expect(ids(bare)).toContain('first/password/right')
  })

  it('have names of their own, with their ids', () => {
    const cases = adapterContract(memoryHarness)
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
    for (const { id, name } of cases) expect(name.startsWith(`${id}: `)).toBe(true)
  })

  it('fail where an adapter claims something else than the sample', async () => {
    const { sample } = memoryHarness
    const claims = { ...sample, capabilities: { ...sample.capabilities, trustDevice: false } }
    expect(await play('offers/as-the-sample', { ...memoryHarness, sample: claims })).toContain('"trustDevice":false')
  })
})

describe('HA-20 a gap', () => {
  it('is printed, with its reason and with what was seen', async () => {
    const printed: string[] = []
    const harness = withGaps({ 'first/password/too-many': 'Nothing counts.' })
    expect(adapterContract(harness).find(({ id }) => id === 'first/password/too-many')?.gap).toBe('Nothing counts.')
    expect(await play('first/password/too-many', harness, printed)).toBe('gap: Nothing counts.')
    expect(printed).toEqual([
      'gap: memory, first/password/too-many: Nothing counts. (Seen: 25 wrong proofs in a row were refused like the first: nothing stops guessing.)',
    ])
  })

  it('that is not there fails', async () => {
    for (const key of ['second/totp/wrong', 'second/totp', 'second/*/wrong', '*/totp']) {
      expect(await play('second/totp/wrong', withGaps({ [key]: 'We are lazy.' }))).toContain('the gap is not there')
    }
  })

  it('is no excuse for a stage that could not be closed', async () => {
    const unclosed = (gaps: Record<string, string>) => ({
      ...withGaps(gaps),
      async open() {
        const stage = openMemoryStage()
        const close = stage.close.bind(stage)
        return Object.assign(stage, {
          async close() {
            await close()
            throw new Error('Left behind: ada.')
          },
        })
      },
    })
    expect(await play('first/password/too-many', unclosed({ 'first/password/too-many': 'Nothing counts.' }))).toBe(
      'Left behind: ada.',
    )
    expect(await play('second/totp/wrong', unclosed({}))).toBe('Left behind: ada.')
  })

  it('of no case and no lever fails, and so does one without a reason', async () => {
    expect(await play('harness/gaps', withGaps({ 'second/totp/wrnog': 'A slip.' }))).toContain('of no case and no lever')
    expect(await play('harness/gaps', withGaps({ 'second/totp/wrong': ' ' }))).toContain('has no reason')
    expect(await play('harness/gaps', withGaps({ 'second/*/wrong': 'A reason.' }))).toBe('passed')
  })

  it('of a lever that is there fails', async () => {
    const harness = withGaps({ passTime: 'Time cannot be moved.' })
    expect(await play('harness/gaps', harness)).toContain('the stage has it')
    expect(await play('harness/gaps', withGaps(harness.gaps ?? {}, { missing: ['passTime'] }))).toBe('passed')
  })

  it('of a lever stands for the cases that need it', async () => {
    const printed: string[] = []
    const harness = withGaps({ passTime: 'Time cannot be moved.' }, { missing: ['passTime'] })
    for (const id of ['first/email_code/expired', 'first/email_code/superseded', 'first/email_code/reused']) {
      expect(adapterContract(harness).find((one) => one.id === id)?.gap).toBe('Time cannot be moved.')
      expect(await play(id, harness, printed)).toBe('gap: Time cannot be moved.')
    }
    expect(printed.map((line) => line.split(', ')[1])).toEqual([
      'first/email_code/expired: Time cannot be moved.',
      'first/email_code/superseded: Time cannot be moved.',
      'first/email_code/reused: Time cannot be moved.',
    ])
  })

  describe('of a lever that is wanted only on the way', () => {
    // A second message to one person has to wait.
    const options = { firstFactors: ['email_code'] } as const
    const id = 'secrets/tokens'
    const onTheWay = (gaps: Record<string, string>, breaks?: Parameters<typeof openMemoryStage>[0]): AdapterHarness => ({
      ...memoryHarness,
      sample: memoryAdapter(options),
      gaps,
      open: async () => {
        const { passTime: _, ...stage } = openMemoryStage(breaks, options)
        return stage
      },
    })
    const gaps = { passTime: 'Time cannot be moved.' }

    it('is told as a gap, and not as what has passed', async () => {
      const printed: string[] = []
      expect(adapterContract(onTheWay(gaps)).find((one) => one.id === id)?.gap).toBeUndefined()
      expect(await play(id, onTheWay(gaps), printed)).toBe('gap: Time cannot be moved.')
      expect(printed).toEqual(['gap: memory, secrets/tokens: Time cannot be moved.'])
      expect(await play(id, onTheWay({}))).toContain('The stage has no passTime.')
    })

    it('is one gap where the case is declared as one too', async () => {
      const printed: string[] = []
      const harness = onTheWay({ ...gaps, [id]: 'A reason of its own.' })
      expect(await play(id, harness, printed)).toBe('gap: A reason of its own.')
      expect(printed).toHaveLength(1)
    })

    it('hides no fault that was seen before it', async () => {
      const broken = onTheWay(gaps, (adapter) =>
        throughVerbs(adapter, async ({ run }) => ({ ...(Object(await run()) as object), expiresInMs: -5 })),
      )
      expect(await play(id, broken)).toContain('expiresInMs: -5')
    })
  })

  it('that is not declared fails: a missing lever is told, with what to do', async () => {
    const harness = withGaps({}, { missing: ['passTime'] })
    expect(await play('first/email_code/expired', harness)).toBe(
      'The stage has no passTime. Give it one, or declare it as a gap, with the reason.',
    )
  })
})

describe('whatever a case is about, it sees', () => {
  const onError = (details: (secret: string) => [message: string, details: AuthErrorDetails]) =>
    broken(({ args, run }) =>
      run().catch((thrown: unknown) => {
        const { password } = Object.assign({}, ...args) as { password?: string }
        if (!password || !(thrown instanceof AuthError)) throw thrown
        throw new AuthError(thrown.code, ...details(password))
      }),
    )

  it.each<[string, (secret: string) => [string, AuthErrorDetails]]>([
    ['message', (secret) => [`${secret} is wrong`, { field: 'password' }]],
    ['cause', (secret) => ['wrong', { field: 'password', cause: { request: { body: [JSON.stringify({ secret })] } } }]],
    [
      'cause’s cause',
      (secret) => [
        'wrong',
        { field: 'password', cause: new Error('x', { cause: new Map([['url', `?p=${encodeURIComponent(secret)}`]]) }) },
      ],
    ],
    ['reasons', (secret) => ['wrong', { field: 'password', reasons: [secret] }]],
  ])('HA-10 a password in the %s of an error', async (_, details) => {
    const seen = await play('first/password/wrong', onError(details))
    expect(seen).toContain('signIn.attemptFirstFactor was rejected and shows a password at its error')
    expect(seen).not.toMatch(/wörd/)
  })

  it('HA-10 a code, an app’s secret or a token in an answer', async () => {
    const leak = (verbs: string, extra: (call: VerbCall) => object) =>
      broken(async (call) => {
        const answer = await call.run()
        return verbs.split(' ').includes(call.verb) ? { ...(answer as object), ...extra(call) } : answer
      })
    const code = leak('signIn.attemptSecondFactor', ({ args: [, params] }) => ({ note: params }))
    expect(await play('second/totp/right', code)).toContain('signIn.attemptSecondFactor hands back a code at .note.code')
    const token = leak('session.get', () => ({ token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.c2lnbmF0dXJl' }))
    expect(await play('first/password/right', token)).toContain('session.get hands back a signed token at .token')
    let secret = ''
    const app = broken(async ({ verb, run }) => {
      const answer = (await run()) as { secret?: string }
      secret = answer?.secret ?? secret
      return verb === 'mfa.verify' ? { ...answer, enrolled: `otpauth://totp/x?secret=${secret}` } : answer
    })
    expect(await play('enroll/totp/once-more', app)).toContain('mfa.verify hands back the secret of an authenticator app')
  })

  it('HA-09 a rejection that is no AuthError, a code of its own, a refusal that nobody can know', async () => {
    const rejecting = (thrown: () => unknown) =>
      broken(({ run }) =>
        run().catch(() => {
          throw thrown()
        }),
      )
    const wrong = (thrown: () => unknown) => play('first/password/unknown-user', rejecting(thrown))
    expect(await wrong(() => new TypeError('Failed to fetch'))).toContain('no AuthError')
    expect(await wrong(() => new AuthError('brand_new' as 'unknown'))).toContain('not in the table: "brand_new"')
    expect(await wrong(() => new AuthError('network'))).toContain('without an answer nobody knows')
    expect(await wrong(() => new AuthError('rate_limited', 'x', { retryInMs: Date.now() * 1000 }))).toContain('no duration')
  })

  it('answers that are not as the contract says', async () => {
    const changing = (change: object) =>
      broken(async ({ run }) => {
        const answer = await run()
        return typeof answer === 'object' && answer && 'purpose' in answer ? { ...answer, ...change } : answer
      })
    const seen = (change: object) => play('order/finish-before-first', changing(change))
    const option = { id: 'email_code', strategy: 'email_code' }
    expect(await seen({ expiresInMs: -5 })).toContain('expiresInMs: -5')
    expect(await seen({ expiresInMs: Date.now() })).toContain('no duration')
    expect(await seen({ supportedSecondFactors: [option, option] })).toContain('two factors under one id')
    expect(await seen({ supportedSecondFactors: [{ ...option, hint: 'ada@example.com' }] })).toContain('without a mask')
    expect(await seen({ supportedSecondFactors: [{ ...option, hint: 'a•••@example.com' }] })).toBe('passed')
    expect(await seen({ firstFactorVerification: { status: 'unverified', factorId: 'x', attemptsLeft: 1.5 } })).toContain(
      '1.5 attempts',
    )
  })

  it('HA-07 a verb that never settles', async () => {
    const never = broken(({ verb, run }) => (verb === 'session.get' ? new Promise(() => {}) : run()))
    expect(await play('session/nobody', never)).toContain('session.get did not settle within 300 ms')
  })
})
