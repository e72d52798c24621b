import { act, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { FactorOption } from '../../../src/core/attempt.js'
import type { SecondStrategy } from '../../../src/core/strategy.js'
import { AuthError } from '../../../src/core/AuthError.js'
import { attempt, totpOption, verification } from '../../support/scriptedAdapter.js'
import { alertText, button, codeField, reachSecondFactor, renderSignIn, rest } from '../../support/renderSignIn.js'

const phone: FactorOption<SecondStrategy> = { id: 'phone_code:2', strategy: 'phone_code', hint: '••• 42' }
const options = [phone, totpOption]
const sent = attempt({
  status: 'needs_second_factor',
  supportedSecondFactors: options,
  secondFactorVerification: verification({ factorId: phone.id }),
})

interface Asked extends CredentialRequestOptions {
  readonly otp?: { transport: readonly string[] }
}

let asked: { given: Asked; answer: (found: object | null) => void; refuse: (thrown: Error) => void }[]
const open = () => asked.filter(({ given }) => !given.signal?.aborted)

beforeEach(() => {
  asked = []
  vi.stubGlobal('OTPCredential', class {})
  Object.defineProperty(navigator, 'credentials', {
    configurable: true,
    value: {
      get: (given: Asked) => new Promise((answer, refuse) => void asked.push({ given, answer, refuse })),
    },
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  Reflect.deleteProperty(navigator, 'credentials')
})

async function atPhoneCode() {
  const page = renderSignIn()
  await reachSecondFactor(page, { supportedSecondFactors: options })
  await page.user.click(await screen.findByRole('button', { name: /text message/ }))
  expect(asked).toEqual([])
  await act(async () => (await page.fake.next('signIn.prepareSecondFactor')).resolve(sent))
  await codeField()
  return page
}

it('OT-21 the code is read from the message once it was sent, and submitted once', async () => {
  const { fake } = await atPhoneCode()
  expect(open()).toHaveLength(1)
  expect(open()[0]?.given.otp).toEqual({ transport: ['sms'] })
  const [one] = open()
  await act(async () => one?.answer({ code: '042917' }))
  expect((await fake.next('signIn.attemptSecondFactor')).params).toEqual({ factorId: phone.id, code: '042917' })
  // While the code is on its way nothing else is waited for.
  expect(open()).toEqual([])
  await rest(20)
  expect(fake.count('signIn.attemptSecondFactor')).toBe(1)
})

it('OT-21 a refusal is silent, and the field works', async () => {
  const { fake, user } = await atPhoneCode()
  const [one] = open()
  await act(async () => one?.refuse(new DOMException('x', 'NotAllowedError')))
  await rest(20)
  expect(alertText()).toBe('')
  await user.type(await codeField(), '123456')
  expect((await fake.next('signIn.attemptSecondFactor')).params).toEqual({ factorId: phone.id, code: '123456' })
})

it('OT-21 what comes after a submit, another way or the end of the screen is dropped', async () => {
  const { fake, user, unmount } = await atPhoneCode()
  const [first] = open()
  await user.type(await codeField(), '123456')
  expect(first?.given.signal?.aborted).toBe(true)
  const verify = await fake.next('signIn.attemptSecondFactor')
  await act(async () => first?.answer({ code: '999999' }))
  expect(await codeField()).toHaveValue('123456')
  await act(() => verify.reject(new AuthError('code_incorrect', 'x', { field: 'code' })))

  const [second] = open()
  await user.click(button('Try another way'))
  expect(second?.given.signal?.aborted).toBe(true)
  await user.click(button(/Authenticator app/))
  await act(async () => second?.answer({ code: '888888' }))
  expect(await codeField()).toHaveValue('')
  expect(open()).toEqual([])

  await user.click(button('Try another way'))
  await user.click(button(/text message/))
  await codeField()
  const [third] = open()
  unmount()
  expect(third?.given.signal?.aborted).toBe(true)
  expect(fake.count('signIn.attemptSecondFactor')).toBe(1)
})

it('OT-21 nobody is asked where the browser cannot', async () => {
  vi.unstubAllGlobals()
  await atPhoneCode()
  expect(asked).toEqual([])
})
