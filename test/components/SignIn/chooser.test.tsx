import { act, cleanup, screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { AuthError } from '../../../src/core/AuthError.js'
import type { FactorOption, SignInAttempt } from '../../../src/core/attempt.js'
import type { SecondStrategy } from '../../../src/core/strategy.js'
import { attempt, backupCodeOption, session, totpOption, verification } from '../../support/scriptedAdapter.js'
import { alertText, button, codeField, reachSecondFactor, renderSignIn, rest } from '../../support/renderSignIn.js'

const email: FactorOption<SecondStrategy> = { id: 'email_code:2', strategy: 'email_code', hint: 'a•••@example.com' }
const phone: FactorOption<SecondStrategy> = { id: 'phone_code:2', strategy: 'phone_code', hint: '••• 42' }
const all = [totpOption, phone, email, backupCodeOption]
const choosing = { supportedSecondFactors: all }
const second = (more: Partial<SignInAttempt> = {}) =>
  attempt({ status: 'needs_second_factor', supportedSecondFactors: all, ...more } as never)

async function chooser(setup: Parameters<typeof renderSignIn>[0] = {}, overrides: Parameters<typeof attempt>[0] = choosing) {
  const page = renderSignIn(setup)
  await reachSecondFactor(page, overrides)
  await screen.findByRole('heading', { level: 2 })
  return page
}

const choices = () => within(screen.getByRole('list')).getAllByRole<HTMLButtonElement>('button')

const broken: [string, (reload: Reload) => Promise<void>][] = [
  ['a refusal', (reload) => reload.reject(new AuthError('unavailable'))],
  ['a lost answer', (reload) => reload.reject(new AuthError('network', 'x', { outcome: 'unknown' }))],
  ['something that is no error', (reload) => reload.reject('boom')],
  ['the same silence', (reload) => reload.resolve(second({ supportedSecondFactors: null }))],
]
type Reload = { reject(thrown: unknown): Promise<void>; resolve(answer: SignInAttempt): Promise<void> }

it.each(broken)('FC-02 factors that the backend does not tell are an error with a retry, also after %s', async (_, fail) => {
  const { fake, user } = await chooser({}, { supportedSecondFactors: null })
  await waitFor(() => expect(alertText()).toBe('We could not load your sign-in methods.'))
  expect(fake.count('signIn.finish')).toBe(0)

  await user.click(button('Try again'))
  const reload = await fake.next('signIn.reload')
  await act(() => fail(reload))
  await waitFor(() => expect(alertText()).toBe('We could not load your sign-in methods.'))
  expect(screen.queryByText('You are signed in')).toBeNull()
  expect(fake.count('signIn.finish')).toBe(0)

  await user.click(button('Try again'))
  await act(async () => (await fake.next('signIn.reload')).resolve(second()))
  expect(await screen.findByRole('list')).toBeVisible()
  expect(choices()).toHaveLength(4)
})

it('FC-02 an answer that never comes frees the retry', async () => {
  const { fake, user } = await chooser({ timeoutMs: 200 }, { supportedSecondFactors: null })
  await user.click(await screen.findByRole('button', { name: 'Try again' }))
  await fake.next('signIn.reload')
  await waitFor(() => expect(button('Try again')).not.toHaveAttribute('aria-disabled'))
  await waitFor(() => expect(alertText()).toBe('We could not load your sign-in methods.'))
  await user.click(button('Try again'))
  await fake.next('signIn.reload')
  expect(fake.count('signIn.finish')).toBe(0)
})

it('FC-02 an empty list that comes with an error is not read as "none needed"', async () => {
  const page = renderSignIn()
  await reachSecondFactor(page)
  await page.user.type(await codeField(), '123456')
  const empty = second({ supportedSecondFactors: [] })
  await act(async () =>
    (await page.fake.next('signIn.attemptSecondFactor')).reject(new AuthError('unknown', 'x', { attempt: empty })),
  )
  expect(await screen.findByRole('heading', { name: 'There is no way to continue here' })).toBeVisible()
  expect(page.fake.count('signIn.finish')).toBe(0)
})

it('FC-03 walking through the list with any key sends nothing; pressing sends', async () => {
  const { fake, user } = await chooser()
  const calls = fake.calls.length
  for (const key of ['{ArrowDown}', '{ArrowUp}', '{ArrowRight}', '{Home}', '{End}']) {
    choices()[0]?.focus()
    for (let i = 0; i < 6; i++) await user.keyboard(key)
  }
  choices()[0]?.focus()
  for (let i = 0; i < 6; i++) await user.tab()
  for (const choice of choices()) await user.hover(choice)
  await rest(20)
  expect(fake.calls).toHaveLength(calls)

  button(/Code by email/).focus()
  await user.keyboard('{Enter}')
  expect((await fake.next('signIn.prepareSecondFactor')).params).toEqual({ factorId: 'email_code:2' })
})

it('FC-04 choices are native buttons in a named list, each named by its type and where it goes', async () => {
  await chooser(
    {},
    { supportedSecondFactors: [totpOption, phone, email, { ...email, id: 'email_code:3', hint: 'b•••@example.com' }] },
  )
  expect(screen.getByRole('list')).toHaveAccessibleName('Confirm it is you')
  expect(choices().map((choice) => choice.textContent?.trim())).toEqual([
    'Authenticator app',
    'Code by text message ••• 42',
    'Code by email a•••@example.com',
    'Code by email b•••@example.com',
  ])
  for (const choice of choices()) {
    expect(choice.type).toBe('button')
    expect(choice).toHaveAccessibleName(choice.textContent?.trim())
  }
})

it('FC-04 two factors with the same name of their own differ by type', async () => {
  await chooser(
    {},
    {
      supportedSecondFactors: [
        { ...totpOption, label: 'Work' },
        { ...phone, hint: undefined, label: 'Work' },
      ],
    },
  )
  const names = choices().map((choice) => choice.textContent?.trim())
  expect(names).toEqual(['Authenticator app Work', 'Code by text message Work'])
})

it('FC-05 one press is one send, however fast and however often the screen comes back', async () => {
  const { fake, user, rerender, page } = await chooser()
  await user.dblClick(button(/Code by email/))
  const prepare = await fake.next('signIn.prepareSecondFactor')
  await act(() =>
    prepare.resolve(second({ secondFactorVerification: verification({ factorId: 'email_code:2', resendInMs: 60_000 }) })),
  )
  await codeField()
  rerender(page({ headingLevel: 3 }))
  dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))

  await user.click(button('Try another way'))
  await user.click(button(/Code by email/))
  expect(await codeField()).toBeVisible()

  rerender(<p>elsewhere</p>)
  rerender(page())
  await rest(50)
  expect(fake.count('signIn.prepareSecondFactor')).toBe(1)
})

it('FC-05 a screen that is taken away and put back sends nothing', async () => {
  const { fake, user, rerender, page } = await chooser()
  await user.click(button(/Code by email/))
  await act(async () => (await fake.next('signIn.prepareSecondFactor')).resolve(second()))
  await codeField()
  rerender(page({}, 'again'))
  await rest(50)
  expect(await codeField()).toBeVisible()
  expect(fake.count('signIn.prepareSecondFactor')).toBe(1)
})

it('FC-06 a late answer of the method before is ignored', async () => {
  const { fake, user } = await chooser()
  await user.click(button(/Authenticator app/))
  await user.type(await codeField(), '111111')
  const old = await fake.next('signIn.attemptSecondFactor')
  await user.click(button('Try another way'))
  await user.click(button(/Code by email/))
  await act(() => old.resolve(second({ status: 'complete' } as never)))
  const prepare = await fake.next('signIn.prepareSecondFactor')
  await act(() => prepare.resolve(second({ secondFactorVerification: verification({ factorId: 'email_code:2' }) })))
  expect(await codeField()).toHaveValue('')
  expect(document.body).toHaveTextContent('a•••@example.com')
  expect(fake.count('signIn.finish')).toBe(0)
})

it('FC-06 a late refusal of the method before is not told of the new one', async () => {
  const { fake, user } = await chooser()
  await user.click(button(/Code by email/))
  const old = await fake.next('signIn.prepareSecondFactor')
  await user.click(await screen.findByRole('button', { name: 'Try another way' }))
  await user.click(button(/Authenticator app/))
  await act(() => old.reject(new AuthError('send_failed')))
  expect(await codeField()).toBeVisible()
  expect(screen.getByRole('heading', { name: 'Enter the code from your app' })).toBeVisible()
  await rest(20)
  expect(alertText()).toBe('')
})

it('FC-06 an answer that never comes does not hold the other methods up', async () => {
  const { fake, user } = await chooser({ timeoutMs: 300 })
  await user.click(button(/Code by email/))
  const old = await fake.next('signIn.prepareSecondFactor')
  await user.click(await screen.findByRole('button', { name: 'Try another way' }))
  await user.click(button(/Authenticator app/))
  await user.type(await codeField(), '222222')
  const verify = await fake.next('signIn.attemptSecondFactor')
  expect(verify.params).toEqual({ factorId: 'totp:1', code: '222222' })
  await act(() => verify.resolve(second({ status: 'complete' } as never)))
  await act(async () => (await fake.next('signIn.finish')).resolve(session()))
  await screen.findByText('Signed in as', { exact: false })
  await act(() => old.resolve(second()))
  expect(screen.getByRole('heading', { name: 'You are signed in' })).toBeVisible()
})

it('FC-08 an only factor opens by itself, without a list or another way', async () => {
  await chooser({}, { supportedSecondFactors: [totpOption] })
  expect(await codeField()).toBeVisible()
  expect(screen.queryByRole('list')).toBeNull()
  expect(screen.queryByRole('button', { name: 'Try another way' })).toBeNull()
})

it('FC-08 an only daily factor opens by itself and keeps the others at hand', async () => {
  const { user } = await chooser({}, { supportedSecondFactors: [totpOption, backupCodeOption] })
  expect(await codeField()).toBeVisible()
  await user.click(button('Try another way'))
  expect(choices().map((choice) => choice.textContent?.trim())).toEqual(['Authenticator app', 'Backup code'])
})

it.each([
  ['none at all', []],
  ['only such as the kit has no screen for', [{ id: 'palm:1', strategy: 'palm' as 'passkey' }]],
])('FC-08 %s is explained, with a way out and a place for help, and lets nobody in', async (_, supportedSecondFactors) => {
  const { fake, user } = await chooser({ help: <a href="/help">Get help</a> }, { supportedSecondFactors, cancelSignsOut: true })
  expect(await screen.findByRole('heading', { name: 'There is no way to continue here' })).toBeVisible()
  expect(screen.getByText(/none that works here is set up/)).toBeVisible()
  expect(screen.getByRole('link', { name: 'Get help' })).toBeVisible()
  expect(fake.count('signIn.finish')).toBe(0)
  await user.click(button('Sign out'))
  await fake.next('signIn.cancel')
  expect(await screen.findByRole('heading', { name: 'Sign in' })).toBeVisible()
  cleanup()
})

it('FC-08 no way to begin at all is explained in words of its own', async () => {
  const { fake, user } = renderSignIn({ script: { capabilities: { firstFactorsPerUser: true } } })
  await user.type(screen.getByRole('textbox'), 'ada@example.com{Enter}')
  await act(async () => (await fake.next('signIn.create')).resolve(attempt({ supportedFirstFactors: [] })))
  expect(await screen.findByRole('heading', { name: 'There is no way to continue here' })).toBeVisible()
  expect(screen.getByText(/No way to sign in works here/)).toBeVisible()
  expect(document.body).not.toHaveTextContent(/second step/)
  expect(button('Back to sign-in')).toBeVisible()
})
