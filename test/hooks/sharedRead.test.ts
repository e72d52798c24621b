import { expect, it, vi } from 'vitest'
import { createSharedRead } from '../../src/hooks/sharedRead.js'

const watched = () => {
  const shared = createSharedRead<string>()
  shared.subscribe(() => {})
  return shared
}

it('of all who hear of a change in one go one asks, and each change is asked for', async () => {
  const shared = watched()
  const read = vi.fn(async () => 'new')
  await Promise.all([shared.ask(read, true), shared.ask(read, true), shared.ask(read)])
  expect(read).toHaveBeenCalledTimes(1)
  await shared.ask(read, true)
  expect(read).toHaveBeenCalledTimes(2)
})

it('an answer that was under way when something changed is not waited for', async () => {
  const shared = watched()
  let answer: (text: string) => void = () => {}
  const old = shared.ask(() => new Promise<string>((resolve) => (answer = resolve)))
  await shared.ask(async () => 'new', true)
  answer('old')
  await old
  expect(shared.get()).toEqual({ reading: 'new', failed: false })
})
