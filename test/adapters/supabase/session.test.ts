// @vitest-environment node
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { supabaseAdapter } from '../../../src/adapters/supabase/index.js'
import { addPerson, codeOf, openPage, password, refused, startStandInPlace, until, type StandInPlace } from './world.js'

let place: StandInPlace
beforeAll(async () => {
  place = await startStandInPlace()
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
beforeEach(() => place.server.reset())
afterEach(async () => {
  place.proxy.heal()
  await place.proxy.unplug(false)
  expect(place.server.violations).toEqual([])
})
afterAll(() => place.close())

async function signedIn() {
  const ada = await addPerson(place, { totp: true })
  const page = openPage(place, { port: place.proxy.port })
  const attempt = await page.create({ identifier: ada.email, password })
  const proof = { factorId: `totp:${ada.factorId}`, code: codeOf(place, ada.secret) }
  return { ada, ...page, attempt, proof }
}

describe('a session', () => {
  it('has ages by the server’s clock, and after a reload too, for one refresh', async () => {
    const { attempt, proof, attemptSecondFactor, finish, storage } = await signedIn()
    await finish(await attemptSecondFactor(attempt, proof))
    place.server.advance(600_000)
    const { session } = openPage(place, { storage })
    const before = place.server.log.length
    const now = await session.get()
    expect(now?.secondFactorAgeMs).toBeGreaterThanOrEqual(599_000)
    expect(now?.secondFactorAgeMs).toBeLessThan(605_000)
    expect(now?.methods.map(({ method }) => method).toSorted()).toEqual(['password', 'totp'])
    await session.get()
    expect(place.server.log.slice(before)).toEqual(['GET /user', 'POST /token', 'GET /user'])
  })

  it('whose token is over by the server’s clock and not by this one is refreshed', async () => {
    const { attempt, proof, attemptSecondFactor, session } = await signedIn()
    await attemptSecondFactor(attempt, proof)
    place.server.advance(2 * 3_600_000)
    expect(await session.get()).toMatchObject({ currentLevel: 'aal2' })
  })

  it('ended at the server is none', async () => {
    const { session, storage } = await signedIn()
    place.server.sessions.length = 0
    expect(await session.get()).toBeNull()
    expect(storage.items.size).toBe(0)
  })

  it('that cannot be read is an error, never absent', async () => {
    const { session } = await signedIn()
    await place.proxy.unplug(true)
    expect(await refused(session.get())).toMatchObject({ code: 'network', outcome: 'unknown' })
    await place.proxy.unplug(false)
    place.server.answerNext('/user', { status: 503, body: {} })
    expect(await refused(session.get())).toMatchObject({ code: 'unavailable', outcome: 'unknown' })
    expect(await session.get()).not.toBeNull()
  })

  it('HA-21 tells outside auth-js’s own callback, where every method answers', async () => {
    const ada = await addPerson(place)
    // The lock that auth-js holds while it tells: a listener that waited for auth-js in there would wait for ever.
    let tail: Promise<unknown> = Promise.resolve()
    const lock = <R>(_name: string, _ms: number, run: () => Promise<R>) => {
      const turn = tail.then(run)
      tail = turn.catch(() => null)
      return turn
    }
    const page = openPage(place, { client: { lock } })
    const levels: unknown[] = []
    page.session.subscribe(() => void page.session.get().then((session) => levels.push(session?.currentLevel ?? null)))
    await page.create({ identifier: ada.email, password })
    await until(() => levels.length > 0)
    await page.session.signOut()
    await until(() => levels.length > 1)
    expect(levels).toEqual(['aal1', null])
  })

  it('HA-21 gives auth-js’s callback back at once, and calls nobody in it', async () => {
    const { auth } = openPage(place)
    let inside = false
    const answers: unknown[] = []
    const listen = auth.onAuthStateChange.bind(auth)
    vi.spyOn(auth, 'onAuthStateChange').mockImplementation((callback) =>
      listen((event, session) => {
        inside = true
        answers.push(callback(event, session))
        inside = false
      }),
    )
    const { session } = supabaseAdapter(auth)
    const seen: boolean[] = []
    session.subscribe(() => seen.push(inside))
    const ada = await addPerson(place)
    await auth.signInWithPassword({ email: ada.email, password })
    await until(() => seen.length > 0)
    expect(seen).toEqual([false])
    expect(answers.length).toBeGreaterThan(0)
    expect(answers.filter((answer) => answer !== undefined)).toEqual([])
  })

  it('is not told of again when nothing has changed, so that no two tabs set each other going', async () => {
    const { session, auth } = await signedIn()
    const told = vi.fn()
    const stop = session.subscribe(told)
    await auth.refreshSession()
    await session.get()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(told).not.toHaveBeenCalled()
    await auth.signOut({ scope: 'local' })
    await until(() => told.mock.calls.length > 0)
    expect(told.mock.calls).toEqual([[]])
    stop()
  })
})

describe('a lost reply', () => {
  it('HA-05 to a right code: the attempt stands where it stood, and a new code of the same app gets in', async () => {
    const { attempt, proof, attemptSecondFactor, reload, finish } = await signedIn()
    place.proxy.cut(/\/factors\/[^/]+\/verify$/, 'before-headers')
    expect(await refused(attemptSecondFactor(attempt, proof))).toMatchObject({ code: 'network', outcome: 'unknown' })
    expect(await reload(attempt)).toMatchObject({ status: 'needs_second_factor' })
    const done = await attemptSecondFactor(attempt, proof)
    expect(await finish(done)).toMatchObject({ currentLevel: 'aal2' })
  })

  it('to a password: nothing is taken for it, least of all who was there before', async () => {
    const { create, resume, session, ada } = await signedIn()
    const eve = await addPerson(place)
    place.proxy.cut('/token?grant_type=password', 'after-headers')
    expect(await refused(create({ identifier: eve.email, password }))).toMatchObject({ outcome: 'unknown' })
    expect(await resume({})).toEqual({ attempt: null })
    expect(await session.get()).toMatchObject({ user: { id: ada.id }, pending: 'second_factor' })
  })

  it('HA-05 to a new password: the same one again is taken for done', async () => {
    const ada = await addPerson(place)
    const firstFactors = ['reset_password_email_code'] as const
    const page = openPage(place, { firstFactors, port: place.proxy.port })
    const [factorId] = firstFactors
    const attempt = await page.create({ strategy: factorId, identifier: ada.email })
    await page.prepareFirstFactor(attempt, { factorId })
    const asked = await page.attemptFirstFactor(attempt, { factorId, code: place.mail(ada.email).code })
    place.proxy.cut('/user', 'before-headers')
    const next = { password: 'another horse battery' }
    expect(await refused(page.resetPassword!(asked, next))).toMatchObject({ outcome: 'unknown' })
    expect(await page.reload(asked)).toMatchObject({ status: 'needs_new_password' })
    expect(await page.resetPassword!(asked, next)).toMatchObject({ status: 'complete' })
  })
})
