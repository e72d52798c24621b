// @vitest-environment node
import { expect, it } from 'vitest'
import { createWatch } from '../../src/testing/watchAdapter.js'
import { scriptedAdapter, session } from '../support/scriptedAdapter.js'

const link = 'http://localhost/callback?session=sess_0123456789abc&token=tok_0123456789abc#key=key_0123456789abc'

/** What is seen when a link was opened and the session is so. */
async function seen(change: object): Promise<readonly string[]> {
  const watch = createWatch(300)
  const { adapter } = scriptedAdapter({
    answers: { 'signIn.resume': () => ({ attempt: null }), 'session.get': () => ({ ...session(), ...change }) },
  })
  const { signIn, session: api } = watch.on(adapter)
  await signIn.resume({ url: link })
  await api.get()
  return watch.faults
}

it('HA-10 takes what a link carries for secret, and not the id of the session that it names', async () => {
  expect(await seen({ id: 'sess_0123456789abc' })).toEqual([])
  for (const label of ['tok_0123456789abc', 'key_0123456789abc', 'sess_0123456789abc']) {
    expect(await seen({ user: { id: 'u', label } })).toEqual(['session.get hands back the token of a link at .user.label'])
  }
  expect(await seen({ id: 'sess_0123456789abc', user: { id: 'u', label: 'tok_0123456789abc' } })).toHaveLength(1)
})

it('HA-10 looks once more for what only the stage knows', async () => {
  const watch = createWatch(300)
  const { adapter } = scriptedAdapter({ answers: { 'session.get': () => ({ ...session(), user: { id: 'cookie-0123' } }) } })
  await watch.on(adapter).session.get()
  expect(watch.faults).toEqual([])
  watch.lookFor(['cookie-0123'])
  expect(watch.faults).toEqual(['session.get hands back a token of this browser at .user.id'])
})
