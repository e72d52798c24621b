import { describe, expect, it } from 'vitest'
import { AuthError } from '../../src/core/AuthError.js'
import { createChallengedFactors } from '../../src/core/challengedFactors.js'
import type { Factor } from '../../src/core/enrollment.js'
import type { Json } from '../../src/core/json.js'
import type { ProvedSession } from '../../src/core/provedSession.js'
import type { SealedAttempt } from '../../src/core/sealedAttempt.js'
import { createSealedBook, type SealedBook } from '../../src/core/sealedBook.js'

const app: Factor = { id: 'totp:1', strategy: 'totp', status: 'verified', removable: true }
const phone: Factor = { id: 'phone_code:2', strategy: 'phone_code', status: 'verified', removable: true, hint: '•••12' }
const password = { method: 'password', at: 1_000 }
const held: ProvedSession = { id: 's1', userId: 'u1', label: 'ann@example.com', proved: [password] }

/** Survives its text only, as what is sealed does. */
function cell() {
  let text = 'null'
  return {
    read: () => JSON.parse(text) as Json,
    write: (value: Json | null) => void (text = JSON.stringify(value)),
  }
}

/** A browser's two cells, and a backend in a few variables. Each call of `request` is a request: nothing is kept between them. */
function setUp({ session = null as ProvedSession | null, factors = [] as Factor[] } = {}) {
  const cells = { attempt: cell(), session: cell() }
  cells.session.write(session as unknown as Json)
  const backend = {
    alive: ['s1', 's2'],
    factors,
    revoked: [] as string[],
    removed: [] as string[],
    challenges: 0,
    right: '123456',
    refuse: null as AuthError | null,
  }
  let ids = 0
  function request() {
    const book: SealedBook<SealedAttempt> = createSealedBook<SealedAttempt>({
      request: { header: () => null, ...cells },
      firstFactors: ['password'],
      newId: () => `id_${++ids}`,
      now: () => 5_000,
      sessions: async () => backend.alive,
      async revoke(id) {
        backend.revoked.push(id)
        backend.alive = backend.alive.filter((one) => one !== id)
      },
      factors: async () => backend.factors,
      removeFactor: async (id) => void backend.removed.push(id),
      toSecond: (...params) => second.toSecond(...params),
    })
    const second = createChallengedFactors<SealedAttempt>({
      at: book.at,
      holds: () => false,
      challenge: async () => ({ id: `challenge_${++backend.challenges}`, expiresInMs: 60_000 }),
      async pass(kept, attempts, factorId, challengeId, code) {
        const { refuse } = backend
        backend.refuse = null
        if (refuse) throw refuse
        if (code !== backend.right) throw new AuthError('code_incorrect', undefined, { field: 'code' })
        kept.proved[1] = { method: `${factorId} by ${challengeId}`, at: 4_000 }
        return attempts.complete(kept, { user: { id: 'u1' } })
      },
    })
    return { ...book, second }
  }
  /** A sign-in whose first factor was passed. */
  async function half() {
    const { begin, write, second } = request()
    const { kept, book } = begin(
      { identifier: 'ann@example.com' },
      { session: { id: 's2', userId: 'u1', label: 'ann@example.com' } },
    )
    kept.userId = 'u1'
    kept.proved.push(password)
    const attempt = await second.toSecond(kept, book, backend.factors)
    write(kept)
    return attempt
  }
  return { cells, backend, request, half }
}

const codeOf = (thrown: Promise<unknown>) =>
  thrown.then(
    () => 'done',
    (error: AuthError) => error.code,
  )
const answer = (code = '123456', factorId = app.id) => ({ factorId, code })

describe('an attempt that is sealed into a cookie', () => {
  it('HA-19 makes its session the browser’s when it is finished, and not before', async () => {
    const { request, half, cells } = setUp({ factors: [app] })
    const attempt = await half()
    expect(await codeOf(request().signIn.finish(attempt))).toBe('not_supported')
    expect((await request().second.verbs.attemptSecondFactor(attempt, answer())).status).toBe('complete')
    expect(cells.session.read()).toBeNull()
    expect(await request().signIn.finish(attempt)).toMatchObject({ id: 's2', currentLevel: 'aal2', secondFactorAgeMs: 1_000 })
    expect(cells.session.read()).toMatchObject({ id: 's2', userId: 'u1' })
    // Asked again, it says the same; what is finished is not gone on with after a reload.
    expect(await request().signIn.finish(attempt)).toMatchObject({ id: 's2' })
    expect(await request().signIn.resume({})).toEqual({ attempt: null })
  })

  it('HA-19 is not finished over a session that came in between, nor after its own is over', async () => {
    const { request, half, cells, backend } = setUp({ factors: [app] })
    const attempt = await half()
    await request().second.verbs.attemptSecondFactor(attempt, answer())
    await request().signIn.finish(attempt)
    cells.session.write({ ...held, id: 's1' } as unknown as Json)
    expect(await codeOf(request().signIn.finish(attempt))).toBe('session_mismatch')
    cells.session.write(null)
    expect(await codeOf(request().signIn.finish(attempt))).toBe('session_lost')
    backend.alive = []
    const again = await half()
    await request().second.verbs.attemptSecondFactor(again, answer())
    expect(await codeOf(request().signIn.finish(again))).toBe('session_lost')
    expect(cells.session.read()).toBeNull()
  })

  it('HA-17 is one: an older one, and one of another browser, is lost', async () => {
    const { request, half } = setUp({ factors: [app] })
    const older = await half()
    const newer = await half()
    expect(await codeOf(request().second.verbs.attemptSecondFactor(older, answer()))).toBe('attempt_lost')
    expect(await codeOf(request().signIn.reload(newer))).toBe('done')
    expect(await codeOf(setUp().request().signIn.reload(newer))).toBe('attempt_lost')
  })

  it('is gone as soon as another is begun, should the answer to that be lost', async () => {
    const { request, half } = setUp({ factors: [app] })
    await half()
    request().begin({ identifier: 'bea@example.com' })
    expect(await request().signIn.resume({})).toEqual({ attempt: null })
  })

  it('is kept after a refusal, and given up with its session once the backend has lost it', async () => {
    const { request, half, backend } = setUp({ factors: [app] })
    const attempt = await half()
    expect(await codeOf(request().second.verbs.attemptSecondFactor(attempt, answer('000000')))).toBe('code_incorrect')
    expect((await request().signIn.resume({})).attempt?.id).toBe(attempt.id)
    backend.refuse = new AuthError('attempt_lost')
    expect(await codeOf(request().second.verbs.attemptSecondFactor(attempt, answer()))).toBe('attempt_lost')
    expect(await request().signIn.resume({})).toEqual({ attempt: null })
    expect(backend.revoked).toEqual(['s2'])
  })

  it('is cancelled with the session that it made; what is finished, and another’s, is not', async () => {
    const { request, half, backend } = setUp({ factors: [app] })
    const attempt = await half()
    await request().signIn.cancel({ id: 'made-up' })
    expect((await request().signIn.resume({})).attempt?.id).toBe(attempt.id)
    await request().signIn.cancel(attempt)
    expect(await request().signIn.resume({})).toEqual({ attempt: null })
    expect(backend.revoked).toEqual(['s2'])

    backend.alive = ['s2']
    const done = await half()
    await request().second.verbs.attemptSecondFactor(done, answer())
    await request().signIn.finish(done)
    await request().signIn.cancel(done)
    expect(backend.revoked).toEqual(['s2'])
    expect(await request().sessionApi.get()).toMatchObject({ id: 's2' })
  })
})

describe('the challenges of a sealed attempt', () => {
  it('HA-05 are made with the step, so that a replay meets the challenge that the code was used on', async () => {
    const { request, half, backend } = setUp({ factors: [app, phone] })
    const attempt = await half()
    expect(backend.challenges).toBe(1)
    await request().second.verbs.attemptSecondFactor(attempt, answer())
    expect(backend.challenges).toBe(1)
  })

  it('HA-05 after a lost reply no spent challenge is met again, and “already used” means that the attempt went on', async () => {
    const { request, half, backend } = setUp({ factors: [app] })
    const attempt = await half()
    backend.refuse = new AuthError('network', undefined, { outcome: 'unknown' })
    expect(await codeOf(request().second.verbs.attemptSecondFactor(attempt, answer()))).toBe('network')
    backend.refuse = new AuthError('already_used', undefined, { field: 'code' })
    expect(await codeOf(request().second.verbs.attemptSecondFactor(attempt, answer()))).toBe('attempt_lost')
    expect(backend.challenges).toBe(2)
  })

  it('HA-18 an expired challenge of an app is made anew once, that of a message never', async () => {
    const { request, half, backend } = setUp({ factors: [app, phone] })
    const attempt = await half()
    backend.refuse = new AuthError('code_expired', undefined, { field: 'code' })
    expect((await request().second.verbs.attemptSecondFactor(attempt, answer())).status).toBe('complete')
    expect(backend.challenges).toBe(2)

    const other = await half()
    await request().second.verbs.prepareSecondFactor(other, { factorId: phone.id })
    const made = backend.challenges
    backend.refuse = new AuthError('code_expired', undefined, { field: 'code' })
    expect(await codeOf(request().second.verbs.attemptSecondFactor(other, answer('123456', phone.id)))).toBe('code_expired')
    expect(backend.challenges).toBe(made)
    // Until the person asks for a new one there is none to answer.
    expect(await codeOf(request().second.verbs.attemptSecondFactor(other, answer('123456', phone.id)))).toBe('code_expired')
    await request().second.verbs.prepareSecondFactor(other, { factorId: phone.id })
    backend.refuse = new AuthError('already_used', undefined, { field: 'code' })
    expect(await codeOf(request().second.verbs.attemptSecondFactor(other, answer('123456', phone.id)))).toBe('already_used')
  })

  it('HA-17 are of the factors that are offered; an app has none to send', async () => {
    const { request, half } = setUp({ factors: [app] })
    const attempt = await half()
    const { attemptSecondFactor, prepareSecondFactor } = request().second.verbs
    expect(await codeOf(prepareSecondFactor(attempt, { factorId: app.id }))).toBe('not_supported')
    expect(await codeOf(attemptSecondFactor(attempt, answer('123456', phone.id)))).toBe('factor_not_found')
    expect(await codeOf(attemptSecondFactor(attempt, answer('none')))).toBe('code_incorrect')
  })
})

describe('whoever is signed in', () => {
  it('TE-16 changes factors only after the second one was proved, where there is one', async () => {
    const { request, backend, cells } = setUp({ session: held, factors: [app] })
    const enroll = () => request().enroll(undefined, (kept) => void (kept.enrolling = phone.id))
    expect(await codeOf(request().mfa.unenroll({ factorId: app.id }))).toBe('step_up_required')
    expect(await codeOf(enroll())).toBe('step_up_required')
    expect(backend.removed).toEqual([])

    const attempt = await request().stepUp.create({ level: 'second_factor' })
    await request().second.verbs.attemptSecondFactor(attempt, answer())
    await request().signIn.finish(attempt)
    expect(cells.session.read()).toMatchObject({ id: 's1', proved: [{ method: 'password' }, { at: 4_000 }] })
    expect(await codeOf(request().mfa.unenroll({ factorId: phone.id }))).toBe('factor_not_found')
    expect(await codeOf(enroll())).toBe('done')
    await request().mfa.unenroll({ factorId: app.id })
    expect(backend.removed).toEqual([app.id])
  })

  it('is nobody once the backend has ended the session, and the browser forgets it', async () => {
    const { request, backend, cells } = setUp({ session: held })
    expect(await request().sessionApi.get()).toMatchObject({ id: 's1', currentLevel: 'aal1' })
    backend.alive = []
    expect(await codeOf(request().mfa.listFactors())).toBe('session_lost')
    expect(await request().sessionApi.get()).toBeNull()
    expect(cells.session.read()).toBeNull()
  })

  it('TE-10 has no factor yet that is being enrolled, and giving it up removes that one only', async () => {
    const { request, backend } = setUp({ session: held })
    const add = (id: string) =>
      request().enroll(undefined, (kept) => {
        kept.enrolling = id
        backend.factors = [{ ...app, id }]
      })
    await add('totp:7')
    expect(await request().mfa.listFactors()).toEqual([])
    expect(await request().sessionApi.get()).toMatchObject({ nextLevel: 'aal1' })
    await request().mfa.abandon({ enrollmentId: 'totp:1' })
    expect(backend.removed).toEqual([])
    await add('totp:8')
    expect(backend.removed).toEqual(['totp:7'])
    await request().mfa.abandon({ enrollmentId: 'totp:8' })
    expect(backend.removed).toEqual(['totp:7', 'totp:8'])
    expect(await codeOf(request().atEnrollment('totp:8', () => undefined))).toBe('attempt_lost')
  })

  it('TE-13 a factor whose proof was lost on the way is not removed by giving up', async () => {
    const { request, backend } = setUp({ session: held })
    await request().enroll(undefined, (kept) => void (kept.enrolling = 'totp:7'))
    await request().atEnrollment('totp:7', (kept) => void (kept.doubt = true))
    await request().mfa.abandon({ enrollmentId: 'totp:7' })
    expect(backend.removed).toEqual([])
  })

  it('signs out of this browser first, whatever comes of the backend, and elsewhere as asked', async () => {
    for (const [scope, left, revoked] of [
      ['this', null, ['s1']],
      ['others', held, ['s2']],
      ['all', null, ['s1', 's2']],
    ] as const) {
      const { request, backend, cells } = setUp({ session: held })
      await request().sessionApi.signOut({ scope })
      expect(cells.session.read()).toEqual(left)
      expect(backend.revoked).toEqual(revoked)
    }
    const { request, backend, cells } = setUp({ session: held })
    Object.defineProperty(backend, 'revoked', { value: { push: () => expect.unreachable('refused') } })
    await codeOf(request().sessionApi.signOut({ scope: 'this' }))
    expect(cells.session.read()).toBeNull()
  })
})
