import { screen, waitFor } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { createMemoryBackend, type MemoryBackend } from '../../../src/adapters/memory/index.js'
import type { FirstStrategy } from '../../../src/core/strategy.js'
import { en } from '../../../src/locales/en.js'
import { everyWay } from '../../support/everyWay.js'
import { alertText, button, codeField, passwordField, renderSignIn, rest } from '../../support/renderSignIn.js'

const ada = { id: 'ada', email: 'ada@example.com', password: 'correct horse battery', phone: '+15550100' }
const somebodyElse = { ...ada, id: 'bob', email: 'bob@example.org', phone: '+15550199' }

afterEach(() => vi.restoreAllMocks())

const open = (known: boolean) =>
  createMemoryBackend({
    ...everyWay,
    identifiers: ['email', 'phone'],
    users: [known ? ada : somebodyElse],
    manualTime: 1_700_000_000_000,
  })

const identifier = () => screen.getByRole<HTMLInputElement>('textbox', { name: en.start.identifier })
const card = () => document.querySelector('[data-slot="card"]')?.outerHTML

type User = ReturnType<typeof renderSignIn>['user']

/** What is on screen after each of the steps, and what was asked of the adapter, for somebody known and for somebody who is not. */
async function bothSee(...steps: ((user: User) => Promise<unknown>)[]) {
  const seen: unknown[] = []
  for (const known of [true, false]) {
    const backend = open(known)
    const asked = attemptsOf(backend)
    const view = renderSignIn({ adapter: backend.adapter })
    const screens: unknown[] = []
    for (const step of steps) {
      await step(view.user)
      await rest(20)
      screens.push(card(), document.activeElement?.outerHTML)
    }
    seen.push({ screens, calls: backend.calls.map(({ verb }) => verb), options: await asked() })
    view.unmount()
    localStorage.clear()
  }
  return seen as [{ screens: unknown[]; calls: string[]; options: unknown[] }, unknown]
}

/** What each attempt offers, as the adapter told it. */
function attemptsOf({ adapter: { signIn } }: MemoryBackend) {
  const create = vi.spyOn(signIn, 'create')
  const prepare = vi.spyOn(signIn, 'prepareFirstFactor')
  return async () => {
    const answers = [...create.mock.results, ...prepare.mock.results].map(({ value }) => value as Promise<object>)
    const told = await Promise.allSettled(answers)
    // Its id is made anew for each, as are addresses of providers.
    return told.map((one) => JSON.stringify(one).replace(/"id":"[^":]+"|"(?:redirectUrl|state)":"[^"]+"/g, ''))
  }
}

const begin =
  (strategy: Exclude<FirstStrategy, 'password' | `oauth_${string}` | `web3_${string}`>, as: string) => async (user: User) => {
    await user.type(identifier(), as)
    await user.click(button(en.start.ways[strategy]))
  }

const wrongCode = async (user: User) => {
  await user.type(await codeField(), '000000')
  await waitFor(() => expect(alertText()).not.toBe(''))
}

const alike = ([known, unknown]: Awaited<ReturnType<typeof bothSee>>) => {
  expect(unknown).toEqual(known)
  return known
}

it('SI-13 a password of somebody unknown is refused as a wrong one is', async () => {
  const { calls } = alike(
    await bothSee(async (user) => {
      await user.type(identifier(), ada.email)
      await user.type(passwordField(), 'wrong horse battery')
      await user.click(button(en.start.submit))
      await waitFor(() => expect(alertText()).not.toBe(''))
    }),
  )
  expect(calls.filter((verb) => verb === 'signIn.create')).toHaveLength(1)
})

it.each([
  ['email_code', ada.email],
  ['phone_code', ada.phone],
  ['reset_password_email_code', ada.email],
  ['reset_password_phone_code', ada.phone],
] as const)('SI-13 %s goes the same way for somebody unknown, up to the refusal of the code', async (strategy, as) => {
  const { calls } = alike(await bothSee(begin(strategy, as), codeField, wrongCode))
  expect(calls.filter((verb) => verb === 'signIn.prepareFirstFactor')).toHaveLength(1)
  expect(calls.filter((verb) => verb === 'signIn.attemptFirstFactor')).toHaveLength(1)
})

it('SI-13 email_link goes the same way for somebody unknown', async () => {
  const { calls } = alike(
    await bothSee(begin('email_link', ada.email), () => screen.findByRole('heading', { name: en.link.title })),
  )
  expect(calls.filter((verb) => verb === 'signIn.prepareFirstFactor')).toHaveLength(1)
})

it('SI-13 enterprise_sso leads away by the domain, whoever is known in it', async () => {
  // What a page that is left says in jsdom.
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const { calls } = alike(await bothSee(begin('enterprise_sso', ada.email)))
  expect(calls.filter((verb) => verb === 'signIn.create')).toHaveLength(1)
})

it('SI-13 another way of the same attempt is offered alike', async () => {
  alike(await bothSee(begin('email_code', ada.email), codeField, async (user) => user.click(button(en.common.otherWay))))
})

it('SI-13 a passkey is asked for with the same options, and of nobody in particular', async () => {
  const told = []
  for (const known of [true, false]) {
    const answer = await open(known).adapter.signIn.passkeyOptions?.()
    told.push({ ...(answer?.publicKey as object), challenge: '' })
  }
  expect(told[0]).toEqual(told[1])
  expect(told[0]).not.toHaveProperty('allowCredentials')
})
