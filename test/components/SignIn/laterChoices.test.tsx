import { act, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { createMemoryBackend, type MemoryOptions, type SeedUser } from '../../../src/adapters/memory/index.js'
import { AuthError } from '../../../src/core/AuthError.js'
import { en } from '../../../src/locales/en.js'
import { everyWay } from '../../support/everyWay.js'
import {
  alertText,
  button,
  codeField,
  identifierField,
  passwordField,
  reachSecondFactor,
  renderSignIn,
  rest,
  submitPassword,
} from '../../support/renderSignIn.js'
import { attempt, backupCodeOption, totpOption } from '../../support/scriptedAdapter.js'

const ada = { id: 'ada', email: 'ada@example.com', password: 'correct horse battery', phone: '+15550100' } satisfies SeedUser

function open(options: Partial<MemoryOptions> = {}) {
  const backend = createMemoryBackend({ ...everyWay, identifiers: ['email'], users: [ada], ...options })
  return { backend, ...renderSignIn({ adapter: backend.adapter }) }
}

describe('the way that a code comes by', () => {
  const phone = { id: 'phone_code:2', strategy: 'phone_code', hint: '••• 42' } as const
  /** After a reload nothing has been sent yet. */
  const standing = (channels?: readonly ('sms' | 'whatsapp')[]) => {
    const again = attempt({
      status: 'needs_second_factor',
      supportedSecondFactors: [{ ...phone, ...(channels && { channels }) }],
    })
    const script = {
      capabilities: { survivesReload: 'browser' as const },
      answers: { 'signIn.resume': () => ({ attempt: again }) },
    }
    return { again, ...renderSignIn({ script }) }
  }

  it('where there is a choice, each way has its own button, and the one that is pressed is asked for', async () => {
    const { again, user, fake } = standing(['sms', 'whatsapp'])
    expect(await screen.findByRole('button', { name: en.code.by.sms })).toBeVisible()
    expect(screen.queryByRole('button', { name: en.code.send })).toBeNull()
    await user.click(button(en.code.by.whatsapp))
    const prepare = await fake.next('signIn.prepareSecondFactor')
    expect(prepare.params).toEqual({ factorId: phone.id, channel: 'whatsapp' })
    await act(() => prepare.resolve(again))
    expect(await codeField()).toBeVisible()
  })

  it.each([undefined, ['sms'] as const])('with %j there is nothing to choose', async (channels) => {
    const { user, fake } = standing(channels)
    await user.click(await screen.findByRole('button', { name: en.code.send }))
    expect((await fake.next('signIn.prepareSecondFactor')).params).toEqual({ factorId: phone.id })
  })

  it('another way is taken when the wait of the first is over, in memory', async () => {
    const { backend, user } = open({
      phoneChannels: ['sms', 'whatsapp'],
      identifiers: ['email', 'phone'],
      limits: { resendMs: 0 },
    })
    await user.type(screen.getByRole('textbox'), '+15550100')
    await user.click(button(en.start.ways.phone_code))
    await codeField()
    expect(backend.outbox.messages.map(({ channel }) => channel)).toEqual(['sms'])
    await user.click(button(en.code.by.whatsapp))
    await waitFor(() => expect(backend.outbox.messages.map(({ channel }) => channel)).toEqual(['sms', 'whatsapp']))
  })
})

describe('a password that was forgotten', () => {
  it('SI-10 is reset from the password’s own step too, and nobody learns there who exists', async () => {
    const seen: (string | null)[] = []
    for (const email of ['nobody@example.com', ada.email]) {
      const backend = createMemoryBackend({ ...everyWay, identifiers: ['email'], users: [ada] })
      const { user, unmount } = renderSignIn({ adapter: backend.adapter, password: false })
      await user.type(identifierField(), `${email}{Enter}`)
      expect(await screen.findByRole('heading', { name: en.password.title })).toBeVisible()
      await user.click(button(en.start.ways.reset_password_email_code))
      await codeField()
      await rest(20)
      seen.push(document.querySelector('[data-slot=root]')?.textContent?.replace(email, '') ?? null)
      if (email === ada.email) {
        await user.paste(backend.outbox.latest(ada.email)?.code ?? '')
        expect(await screen.findByRole('heading', { name: en.newPassword.title })).toBeVisible()
      }
      unmount()
      localStorage.clear()
    }
    expect(seen[0]).toBe(seen[1])
  })

  it('is not offered where the page has a link of its own for it', async () => {
    const page = renderSignIn({
      forgot: <a href="/forgot">Forgotten?</a>,
      script: { capabilities: { firstFactorsPerUser: true } },
    })
    await page.user.type(identifierField(), 'ada@example.com{Enter}')
    await act(async () => (await page.fake.next('signIn.create')).resolve(attempt()))
    await screen.findByLabelText('Password')
    expect(screen.getByRole('link', { name: 'Forgotten?' })).toBeVisible()
    expect(screen.queryByRole('button', { name: en.start.ways.reset_password_email_code })).toBeNull()
  })

  it.each([
    ['password_weak', ['length'], en.errors.password_weak],
    ['password_weak', ['characters', 'length'], `${en.errors.password_weak} ${en.newPassword.characters}`],
    ['password_weak', ['anotherWord', 'zxcvbn_2'], en.errors.password_weak],
    ['password_pwned', ['pwned'], en.errors.password_pwned],
    ['password_same', undefined, en.errors.password_same],
  ] as const)('SI-10 a new password that is refused (%s %j) is told in words alone, and goes', async (code, reasons, words) => {
    const page = renderSignIn({ script: { absent: [], capabilities: { newPassword: { minLength: 12 } } } })
    const create = await submitPassword(page)
    await act(() => create.resolve(attempt({ status: 'needs_new_password', purpose: 'reset_password' })))
    expect(await screen.findByText(/At least 12 characters\./)).toBeVisible()
    const field = screen.getByLabelText('New password')
    await page.user.type(field, 'short')
    await page.user.click(button(en.newPassword.submit))
    const reset = await page.fake.next('signIn.resetPassword')
    await act(() => reset.reject(new AuthError(code, undefined, { field: 'password', ...(reasons && { reasons }) })))
    await waitFor(() => expect(alertText()?.trim()).toBe(words))
    expect(field).toHaveValue('')
    expect(field).toHaveFocus()
  })
})

describe('a browser that is trusted', () => {
  const both = { supportedSecondFactors: [totpOption, backupCodeOption] }

  it('SI-14 can be chosen with a backup code as with any other', async () => {
    const page = renderSignIn({ script: { capabilities: { trustDevice: true } } })
    await reachSecondFactor(page, both)
    await codeField()
    await page.user.click(button(en.common.otherWay))
    await page.user.click(button(/Backup code/))
    await page.user.click(await screen.findByRole('checkbox', { name: en.code.trustDevice }))
    await page.user.type(screen.getByRole('textbox', { name: en.backupCode.label }), 'abcde-fghjk{Enter}')
    const { params } = await page.fake.next('signIn.attemptSecondFactor')
    expect(params).toMatchObject({ code: 'abcde-fghjk', trustDevice: true })
  })

  it('is not asked about in a step-up, nor where the backend cannot', async () => {
    for (const script of [
      { capabilities: { trustDevice: false } },
      {
        capabilities: { trustDevice: true, survivesReload: 'browser' as const },
        answers: {
          'signIn.resume': () => ({ attempt: attempt({ status: 'needs_second_factor', purpose: 'step_up', ...both }) }),
        },
      },
    ]) {
      const page = renderSignIn({ script })
      if (!('answers' in script)) await reachSecondFactor(page, both)
      await codeField()
      await page.user.click(button(en.common.otherWay))
      await page.user.click(button(/Backup code/))
      await screen.findByRole('textbox', { name: en.backupCode.label })
      expect(screen.queryByRole('checkbox')).toBeNull()
      page.unmount()
    }
  })
})

it('a browser that is new to the account is told why it is asked again', async () => {
  const page = renderSignIn()
  await reachSecondFactor(page, { notice: 'new_device', supportedSecondFactors: [totpOption] })
  await codeField()
  await waitFor(() => expect(screen.getByText(en.code.newDevice)).toHaveAttribute('role', 'status'))
})

it.each([
  ['this_tab', en.link.wait],
  ['opened_tab', en.link.waitOpened],
] as const)('a link that signs %s in says which page goes on', async (emailLink, words) => {
  const { user } = open({ emailLink })
  await user.type(identifierField(), ada.email)
  await user.click(button(en.start.ways.email_link))
  expect(await screen.findByText(words)).toBeVisible()
})

it('SI-19 `saml` is the company sign-in by its deprecated name', async () => {
  const page = renderSignIn({
    script: { capabilities: { firstFactors: [{ strategy: 'password' }, { strategy: 'saml' as never }] } },
  })
  await page.user.type(identifierField(), 'ada@example.com')
  await page.user.click(button(en.start.ways.enterprise_sso))
  const { params } = await page.fake.next('signIn.create')
  expect(params).toMatchObject({ strategy: 'enterprise_sso', identifier: 'ada@example.com' })
})

it('SI-02 every form on every step is posted, should it be submitted before the page is alive', async () => {
  const posts = () => {
    const forms = [...document.querySelectorAll('form')]
    expect(forms.length).toBeGreaterThan(0)
    for (const form of forms) expect(form.method).toBe('post')
  }
  const page = renderSignIn({ script: { capabilities: { firstFactorsPerUser: true } } })
  posts()
  await page.user.type(identifierField(), 'ada@example.com{Enter}')
  await act(async () => (await page.fake.next('signIn.create')).resolve(attempt()))
  await screen.findByLabelText('Password')
  posts()
  await page.user.type(passwordField(), 'pass{Enter}')
  await act(async () =>
    (await page.fake.next('signIn.attemptFirstFactor')).resolve(
      attempt({ status: 'needs_second_factor', supportedSecondFactors: [totpOption, backupCodeOption] }),
    ),
  )
  await codeField()
  posts()
  await page.user.click(button(en.common.otherWay))
  await page.user.click(within(screen.getByRole('list')).getByRole('button', { name: /Backup code/ }))
  await screen.findByRole('textbox', { name: en.backupCode.label })
  posts()
  page.unmount()

  const reset = renderSignIn({ script: { absent: [] } })
  const create = await submitPassword(reset)
  await act(() => create.resolve(attempt({ status: 'needs_new_password', purpose: 'reset_password' })))
  await screen.findByLabelText('New password')
  posts()
})
