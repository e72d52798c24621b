// @vitest-environment node
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { anonKey, type GotrueStandIn, serviceKey, startGotrueStandIn } from '../../servers/gotrueStandIn.js'
import { runContract } from '../../testing/runContract.js'
import { byKeys, supabaseHarness } from './harness.js'
import { patientWith } from './patience.js'

let server: GotrueStandIn
beforeAll(async () => (server = await startGotrueStandIn()))
beforeEach(() => server.reset())
afterAll(() => server.close())

/** One sign-in that is refused: for its password, unless the client has had its share. */
async function guess(url: string): Promise<number> {
  const body = JSON.stringify({ email: 'nobody@example.com', password: 'x' })
  const headers = { apikey: anonKey, 'content-type': 'application/json' }
  return (await fetch(`${url}/token?grant_type=password`, { method: 'POST', headers, body })).status
}

async function guesses(count: number): Promise<number[]> {
  const statuses: number[] = []
  for (let n = 0; n < count; n++) statuses.push(await guess(server.url))
  return statuses
}

describe('the stand-in’s limits', () => {
  it('are off unless they are asked for', async () => {
    expect(new Set(await guesses(40))).toEqual(new Set([400]))
  })

  it('take thirty, and then as many as the time allows', async () => {
    server.settings.limits = true
    expect(await guesses(31)).toEqual([...Array<number>(30).fill(400), 429])
    server.advance(4_000)
    expect(await guesses(3)).toEqual([400, 400, 429])
    server.advance(3_600_000)
    expect((await guesses(31)).lastIndexOf(400)).toBe(29)
  })
})

describe('a case that meets a real server’s limits', () => {
  const [sleep, print] = [vi.fn(async () => {}), vi.fn()]
  const answerNext = (code: string, message = 'Request rate limit reached') =>
    server.answerNext('/token', { status: 429, body: { code, message }, headers: { 'x-supabase-api-version': '2024-01-01' } })

  async function patient() {
    const place = { url: server.url, anonKey, serviceKey: '', now: Date.now }
    return patientWith(place, sleep, print)
  }
  afterEach(() => void vi.clearAllMocks())

  it('is run again after a wait, and the last run counts', async () => {
    const { around, place, close, waits } = await patient()
    answerNext('over_request_rate_limit')
    const run = vi.fn(async () => {
      if ((await guess(place.url)) === 429) throw new Error('for the limit')
      return undefined
    })
    expect(await around('a/case', run)).toBeUndefined()
    expect([run.mock.calls.length, sleep.mock.calls, waits.notRun]).toEqual([2, [[60_000]], []])
    await close()
  })

  it('has proved nothing, also where it passes', async () => {
    const { around, place, close } = await patient()
    answerNext('over_request_rate_limit')
    let runs = 0
    const run = async () => {
      await guess(place.url)
      if (++runs === 2) throw new Error('broken')
      return undefined
    }
    await expect(around('a/case', run)).rejects.toThrow('broken')
    await close()
  })

  it('is said not to have run where the waits are no help, and nothing is waited for that comes in an hour', async () => {
    const { around, place, close, waits } = await patient()
    for (let n = 0; n < 4; n++) answerNext('over_request_rate_limit')
    const run = vi.fn(() => guess(place.url).then(() => undefined))
    expect(await around('a/case', run)).toMatch(/no room/)
    expect([run.mock.calls.length, sleep.mock.calls.flat()]).toEqual([4, [60_000, 120_000, 180_000]])
    answerNext('over_email_send_rate_limit', 'email rate limit exceeded')
    expect(await around('a/mail', run)).toMatch(/this hour/)
    expect([run.mock.calls.length, waits.notRun]).toEqual([5, ['a/case', 'a/mail']])
    expect(print).toHaveBeenCalledWith(expect.stringMatching(/^not run: a\/mail/))
    await close()
  })

  it('is left out, and said to be, where it would guess until it is stopped', async () => {
    const { around, close, waits } = await patient()
    const run = vi.fn(async () => undefined)
    expect(await around('first/password/too-many', run)).toMatch(/all cases together/)
    expect([run.mock.calls.length, waits.notRun]).toEqual([0, ['first/password/too-many']])
    await close()
  })

  it('is run once where the wait is what it is about, and where nothing stood in its way', async () => {
    const { around, place, close } = await patient()
    answerNext('over_email_send_rate_limit', 'For security purposes, you can only request this after 60 seconds.')
    const run = vi.fn(async () => {
      await guess(place.url)
      throw new Error('broken')
    })
    await expect(around('a/case', run)).rejects.toThrow('broken')
    await expect(around('a/case', run)).rejects.toThrow('broken')
    expect([run.mock.calls.length, sleep.mock.calls.length]).toEqual([2, 0])
    await close()
  })
})

/** As if it were a real server, of which only the keys are known. */
const asIfReal = () => supabaseHarness({ url: server.url, anonKey, serviceKey, now: server.now }, undefined, 'as if real', byKeys)

it('HA-20 whoever was made for a case is gone after it, also who was made before something failed', async () => {
  const stage = await asIfReal().open()
  await stage.person({ totp: true })
  await stage.refusedForStepUp?.()
  server.answerNext('/factors', { status: 500, body: { message: 'down' } })
  await expect(stage.person({ totp: true })).rejects.toThrow()
  expect(server.users).toHaveLength(3)
  await stage.close()
  expect([server.users, server.sessions, server.violations]).toEqual([[], [], []])
})

it('HA-20 who could not be removed is named', async () => {
  const stage = await asIfReal().open()
  await stage.person()
  const id = server.users[0]?.id ?? ''
  server.answerNext('/admin/users', { status: 500, body: { message: 'down' } })
  await expect(stage.close()).rejects.toThrow(id)
})

describe('a case that was left out', () => {
  const came: unknown[] = []
  afterEach(({ task }) => void came.push(task.result))
  afterAll(() => expect(came).toMatchObject([{ pending: true, note: 'left out' }]))
  runContract(supabaseHarness({ url: 'http://127.0.0.1', anonKey, serviceKey, now: Date.now }, undefined, 'left out', byKeys), {
    only: ['first/password/right'],
    around: async () => 'left out',
  })
})
