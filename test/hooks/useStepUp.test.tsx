import { act, render, renderHook } from '@testing-library/react'
import { useEffect, type ReactNode } from 'react'
import { expect, it, vi } from 'vitest'
import { AuthError, isAuthError } from '../../src/core/AuthError.js'
import { AuthProvider } from '../../src/hooks/context.js'
import { useFlow } from '../../src/hooks/useFlow.js'
import { useStepUp, type UseStepUp } from '../../src/hooks/useStepUp.js'
import { attempt, scriptedAdapter, sentinels, session, totpOption, type ScriptedOptions } from '../support/scriptedAdapter.js'

const raised = session({ currentLevel: 'aal2', nextLevel: 'aal2' })
const refusal = new AuthError('step_up_required', undefined, { stepUp: { level: 'second_factor' } })

/** `call` behind `useStepUp`, and the sign-in that its challenge is shown by. */
function setUp(call: (amount: number, to: string) => Promise<string>, options: ScriptedOptions = {}) {
  const fake = scriptedAdapter({ ...options, answers: { 'session.get': () => session(), ...options.answers } })
  const wrapper = ({ children }: { children: ReactNode }) => <AuthProvider adapter={fake.adapter}>{children}</AuthProvider>
  const hook = renderHook(() => ({ ...useStepUp(call), ...useFlow() }), { wrapper })
  const run = (...args: [number, string]) => {
    const settled = vi.fn<(how: string, what: unknown) => void>()
    let promise!: Promise<string>
    act(() => {
      promise = hook.result.current.run(...args)
      promise.then(
        (answer) => settled('resolved', answer),
        (thrown: unknown) => settled('rejected', isAuthError(thrown) ? thrown.code : thrown),
      )
    })
    return settled
  }
  /** As far as the challenge. */
  const challenged = async () => {
    const create = await act(() => fake.next('stepUp.create'))
    await act(() => create.resolve(attempt({ status: 'needs_second_factor', purpose: 'step_up' })))
    return create
  }
  const pass = async () => {
    act(() => void hook.result.current.signIn.submit({ code: sentinels.code }))
    await act(async () =>
      (await fake.next('signIn.attemptSecondFactor')).resolve(attempt({ status: 'complete', purpose: 'step_up' })),
    )
    await act(async () => (await fake.next('signIn.finish')).resolve(raised))
  }
  return { fake, run, challenged, pass, now: () => hook.result.current, unmount: hook.unmount }
}

/** Refuses so many times, then answers. */
const refusing = (times: number, thrown: unknown = refusal) => {
  let n = 0
  return vi.fn(async (amount: number, to: string) => {
    await Promise.resolve()
    if (n++ < times) throw thrown
    return `${amount} to ${to}`
  })
}

it('a call that is not refused is made once, and opens nothing', async () => {
  const call = refusing(0)
  const { run, fake, now } = setUp(call)
  const settled = run(42, 'Grace')
  await vi.waitFor(() => expect(settled).toHaveBeenCalledWith('resolved', '42 to Grace'))
  expect(call).toHaveBeenCalledTimes(1)
  expect(fake.calls).toEqual([])
  expect(now().challenging).toBe(false)
})

it('a refused call opens the challenge; passed, the call is made once more with the same arguments', async () => {
  const call = refusing(1)
  const { run, challenged, pass, now } = setUp(call)
  const settled = run(42, 'Grace')
  const create = await challenged()
  expect(create.params).toEqual({ level: 'second_factor' })
  expect(now().challenging).toBe(true)
  expect(call).toHaveBeenCalledTimes(1)
  expect(settled).not.toHaveBeenCalled()
  await pass()
  await vi.waitFor(() => expect(settled).toHaveBeenCalledWith('resolved', '42 to Grace'))
  expect(call.mock.calls).toEqual([
    [42, 'Grace'],
    [42, 'Grace'],
  ])
  expect(now().challenging).toBe(false)
})

it('given up, it rejects with `cancelled`, makes no call and signs nobody out', async () => {
  const call = refusing(1)
  const { run, challenged, now, fake } = setUp(call)
  const settled = run(42, 'Grace')
  await challenged()
  act(() => void now().signIn.back())
  await act(async () => (await fake.next('signIn.cancel')).resolve())
  await vi.waitFor(() => expect(settled).toHaveBeenCalledWith('rejected', 'cancelled'))
  expect(settled).toHaveBeenCalledTimes(1)
  expect(call).toHaveBeenCalledTimes(1)
  expect(now().challenging).toBe(false)
  expect(fake.count('session.signOut')).toBe(0)
})

it('a wrong code keeps the challenge open, and the call waits', async () => {
  const call = refusing(1)
  const { run, challenged, pass, now, fake } = setUp(call)
  const settled = run(42, 'Grace')
  await challenged()
  act(() => void now().signIn.submit({ code: '000000' }))
  await act(async () =>
    (await fake.next('signIn.attemptSecondFactor')).reject(new AuthError('code_incorrect', undefined, { field: 'code' })),
  )
  expect(now().challenging).toBe(true)
  expect(settled).not.toHaveBeenCalled()
  await pass()
  await vi.waitFor(() => expect(settled).toHaveBeenCalledWith('resolved', '42 to Grace'))
})

it('two calls at once share one challenge, and each is made once more', async () => {
  const call = refusing(2)
  const { run, challenged, pass, fake } = setUp(call)
  const [one, two] = [run(1, 'Grace'), run(2, 'Alan')]
  await challenged()
  await pass()
  await vi.waitFor(() => expect(two).toHaveBeenCalledWith('resolved', '2 to Alan'))
  expect(one).toHaveBeenCalledWith('resolved', '1 to Grace')
  expect(fake.count('stepUp.create')).toBe(1)
  expect(call).toHaveBeenCalledTimes(4)
})

it('a call that is refused while the challenge of another stands open joins it', async () => {
  const call = refusing(2)
  const { run, challenged, pass, fake } = setUp(call)
  const one = run(1, 'Grace')
  await challenged()
  const two = run(2, 'Alan')
  await act(() => Promise.resolve())
  await pass()
  await vi.waitFor(() => expect(two).toHaveBeenCalledWith('resolved', '2 to Alan'))
  expect(one).toHaveBeenCalledWith('resolved', '1 to Grace')
  expect(fake.count('stepUp.create')).toBe(1)
})

it('refused again after the step-up, it rejects with the refusal, and asks no second time', async () => {
  const call = refusing(9)
  const { run, challenged, pass, fake } = setUp(call)
  const settled = run(42, 'Grace')
  await challenged()
  await pass()
  await vi.waitFor(() => expect(settled).toHaveBeenCalledWith('rejected', 'step_up_required'))
  expect(call).toHaveBeenCalledTimes(2)
  expect(fake.count('stepUp.create')).toBe(1)
})

it('what fails for another reason is passed on as it is', async () => {
  const wrong = new TypeError('Failed to fetch')
  const call = refusing(1, wrong)
  const { run, fake } = setUp(call)
  const settled = run(42, 'Grace')
  await vi.waitFor(() => expect(settled).toHaveBeenCalledWith('rejected', wrong))
  expect(call).toHaveBeenCalledTimes(1)
  expect(fake.calls).toEqual([])
})

it('the second call’s own failure is what it rejects with', async () => {
  const full = new Error('The account is empty.')
  const call = refusing(1).mockRejectedValueOnce(refusal).mockRejectedValueOnce(full)
  const { run, challenged, pass } = setUp(call)
  const settled = run(42, 'Grace')
  await challenged()
  await pass()
  await vi.waitFor(() => expect(settled).toHaveBeenCalledWith('rejected', full))
})

it('a challenge that cannot begin rejects with its problem', async () => {
  const call = refusing(1)
  const { run, fake, now } = setUp(call)
  const settled = run(42, 'Grace')
  await act(async () => (await fake.next('stepUp.create')).reject(new AuthError('rate_limited')))
  await vi.waitFor(() => expect(settled).toHaveBeenCalledWith('rejected', 'rate_limited'))
  expect(call).toHaveBeenCalledTimes(1)
  expect(now().challenging).toBe(false)
})

it('where the adapter offers no step-up, the refusal is passed on', async () => {
  const call = refusing(1)
  const { run, fake } = setUp(call, { absent: ['stepUp'] })
  const settled = run(42, 'Grace')
  await vi.waitFor(() => expect(settled).toHaveBeenCalledWith('rejected', 'step_up_required'))
  expect(fake.calls).toEqual([])
})

it('what the app’s own server refuses with is known by the adapter’s `detect`, and its level is asked for', async () => {
  const call = refusing(1, { status: 403 })
  const detect = (refused: unknown) =>
    (refused as { status?: number }).status === 403 ? { level: 'multi_factor' as const } : null
  const { run, challenged, pass } = setUp(call, { absent: [], detect })
  const settled = run(42, 'Grace')
  expect((await challenged()).params).toEqual({ level: 'multi_factor' })
  await pass()
  await vi.waitFor(() => expect(settled).toHaveBeenCalledWith('resolved', '42 to Grace'))
})

it('HA-03 a component that goes while its challenge is open gives it up, and its call rejects', async () => {
  const call = refusing(1)
  const { run, challenged, fake, unmount } = setUp(call)
  const settled = run(42, 'Grace')
  await challenged()
  unmount()
  await vi.waitFor(() => expect(settled).toHaveBeenCalledWith('rejected', 'cancelled'))
  expect(fake.count('signIn.cancel')).toBe(1)
  expect(call).toHaveBeenCalledTimes(1)
})

/** Two components with a call each, under one provider. */
function setUpTwo(call: (n: number) => Promise<string>) {
  const fake = scriptedAdapter({ answers: { 'session.get': () => session() } })
  const all: Record<string, UseStepUp<[number], string>> = {}
  function Part({ name }: { name: string }) {
    const stepUp = useStepUp(call)
    useEffect(() => void (all[name] = stepUp))
    return null
  }
  const page = (names: string[]) => (
    <AuthProvider adapter={fake.adapter}>
      {names.map((name) => (
        <Part key={name} name={name} />
      ))}
    </AuthProvider>
  )
  const view = render(page(['one', 'two']))
  return { fake, all, show: (names: string[]) => view.rerender(page(names)) }
}

it('HA-03 who goes away gives the challenge up for themselves, and leaves it to who still waits', async () => {
  const { fake, all, show } = setUpTwo(() => Promise.reject(refusal))
  const [one, two] = [vi.fn<(code: string) => void>(), vi.fn<(code: string) => void>()]
  act(() => {
    all.one?.run(1).catch((thrown: AuthError) => one(thrown.code))
    all.two?.run(2).catch((thrown: AuthError) => two(thrown.code))
  })
  const create = await act(() => fake.next('stepUp.create'))
  await act(() =>
    create.resolve(attempt({ status: 'needs_second_factor', purpose: 'step_up', supportedSecondFactors: [totpOption] })),
  )
  show(['two'])
  await vi.waitFor(() => expect(one).toHaveBeenCalledWith('cancelled'))
  expect(two).not.toHaveBeenCalled()
  expect(fake.count('signIn.cancel')).toBe(0)
  expect(all.two?.challenging).toBe(true)
  show([])
  await vi.waitFor(() => expect(two).toHaveBeenCalledWith('cancelled'))
  expect(fake.count('signIn.cancel')).toBe(1)
})

it('HA-03 a component that goes before its challenge has come wants none', async () => {
  const { fake, all, show } = setUpTwo(() => Promise.reject(refusal))
  const one = vi.fn<(code: string) => void>()
  act(() => void all.one?.run(1).catch((thrown: AuthError) => one(thrown.code)))
  const create = await act(() => fake.next('stepUp.create'))
  show(['two'])
  await act(() => create.resolve(attempt({ status: 'needs_second_factor', purpose: 'step_up' })))
  await vi.waitFor(() => expect(one).toHaveBeenCalledWith('cancelled'))
  expect(fake.count('signIn.cancel')).toBe(1)
  expect(all.two?.challenging).toBe(false)
})
