// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { AuthError } from '../../src/core/AuthError.js'
import { attempt, scriptedAdapter, sentinels, session } from './scriptedAdapter.js'

describe('scriptedAdapter', () => {
  it('holds a call until the test answers it, and lets answers come out of order', async () => {
    const fake = scriptedAdapter()
    const first = fake.adapter.signIn.reload({ id: 'a' })
    const second = fake.adapter.signIn.reload({ id: 'b' })
    const order: string[] = []
    void first.then((answer) => order.push(answer.id))
    void second.then((answer) => order.push(answer.id))
    const [a, b] = [await fake.next('signIn.reload'), await fake.next('signIn.reload')]
    expect([a.attempt?.id, b.attempt?.id]).toEqual(['a', 'b'])
    await b.resolve(attempt({ id: 'b' }))
    await a.resolve(attempt({ id: 'a' }))
    expect(order).toEqual(['b', 'a'])
  })

  it('gives a call that comes later than next() asked for it, with its params, signal and captcha token', async () => {
    const fake = scriptedAdapter()
    const next = fake.next('signIn.create')
    const { signal } = new AbortController()
    const params = { identifier: 'ada@example.com', password: sentinels.password }
    const answer = fake.adapter.signIn.create(params, { signal, captchaToken: 'captcha' })
    const call = await next
    expect(call).toMatchObject({ verb: 'signIn.create', params, captchaToken: 'captcha' })
    expect(call.signal).toBe(signal)
    void call.reject(new AuthError('invalid_credentials'))
    await expect(answer).rejects.toMatchObject({ code: 'invalid_credentials' })
    expect(fake.count('signIn.create')).toBe(1)
  })

  it('answers by itself where a standing answer is given, until it is taken back', async () => {
    const fake = scriptedAdapter({ answers: { 'session.get': () => session() } })
    expect(await fake.adapter.session.get()).toEqual(session())
    fake.answer('session.get', () => {
      throw new AuthError('network', undefined, { outcome: 'unknown' })
    })
    await expect(fake.adapter.session.get({ fresh: true })).rejects.toMatchObject({ code: 'network' })
    fake.answer('session.get', null)
    const held = fake.adapter.session.get()
    await (await fake.next('session.get')).resolve(null)
    expect(await held).toBeNull()
    expect(fake.calls.map((call) => call.fresh)).toEqual([undefined, true, undefined])
  })

  it('leaves optional members out, counts listeners, and tells them later', async () => {
    const fake = scriptedAdapter({ absent: ['mfa', 'stepUp'] })
    expect(fake.adapter.mfa).toBeUndefined()
    expect(fake.adapter.stepUp).toBeUndefined()
    expect(fake.adapter.signIn.resetPassword).toBeTypeOf('function')
    let told = 0
    const stop = fake.adapter.session.subscribe(() => told++)
    expect(fake.listeners).toBe(1)
    const done = fake.sessionChanged()
    expect(told).toBe(0)
    await done
    expect(told).toBe(1)
    stop()
    expect(fake.listeners).toBe(0)
  })
})
