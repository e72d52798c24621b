import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { createMemoryBackend } from '../../../src/adapters/memory/index.js'
import { en } from '../../../src/locales/en.js'
import { everyWay } from '../../support/everyWay.js'
import { button, codeField, identifierField, passwordField, renderSignIn, rest } from '../../support/renderSignIn.js'

const ada = {
  id: 'ada',
  email: 'ada@example.com',
  password: 'correct horse battery',
  phone: '+15550100',
  totp: { secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' },
  backupCodes: ['abcde-fghjk'],
  emailSecondFactor: true,
}
type User = ReturnType<typeof renderSignIn>['user']

function open() {
  const backend = createMemoryBackend({ ...everyWay, identifiers: ['email'], users: [ada] })
  return { backend, ...renderSignIn({ adapter: backend.adapter, help: <a href="/help">Get help</a> }) }
}

/** Walks through every kind of step, and looks at each. */
async function walk(look: (step: string | undefined) => void) {
  const see = async () => {
    await rest(20)
    look(document.querySelector<HTMLElement>('[data-slot="card"]')?.dataset.step)
  }
  const first = open()
  await see()
  await way(first.user, en.start.ways.email_code)
  await codeField()
  await see()
  await first.user.click(button(en.common.otherWay))
  await see()
  await first.user.click(button(en.choose.password))
  await see()
  await first.user.type(passwordField(), ada.password)
  await first.user.click(button(en.common.continue))
  await codeField()
  await first.user.click(button(en.common.otherWay))
  await see()
  for (const factor of [/Authenticator app/, /Code by email/, /backup code/i]) {
    await first.user.click(button(factor))
    await screen.findByRole('textbox')
    await see()
    await first.user.click(button(en.common.otherWay))
  }
  first.unmount()

  const link = open()
  await way(link.user, en.start.ways.email_link)
  await screen.findByRole('heading', { name: en.link.title })
  await see()
  link.unmount()
  localStorage.clear()

  const reset = open()
  await way(reset.user, en.start.ways.reset_password_email_code)
  await codeField()
  await reset.user.paste(reset.backend.outbox.latest(ada.email)?.code ?? '')
  await screen.findByRole('heading', { name: en.newPassword.title })
  await see()
}

async function way(user: User, name: string) {
  await user.type(identifierField(), ada.email)
  await user.click(button(name))
}

it('SI-30 the only field that nobody sees is the password step’s username', async () => {
  const unseen: string[] = []
  await walk((step) => {
    for (const field of document.querySelectorAll<HTMLInputElement>('input, select, textarea')) {
      expect(field.type).not.toBe('hidden')
      if (field.labels?.length) continue
      expect(field.outerHTML).toContain('data-slot="username"')
      expect(field).toHaveAttribute('autocomplete', 'username')
      unseen.push(step ?? '')
    }
  })
  expect(unseen.length).toBeGreaterThan(0)
  expect(new Set(unseen)).not.toContain('start')
})

it('SI-32 help, another way and the way back stand in the same order on every step', async () => {
  const steps: string[] = []
  const seen = new Set<string | null>()
  const order = [en.code.resend, en.common.otherWay, en.common.back, 'Get help']
  await walk((step) => {
    const links = [...document.querySelectorAll('[data-slot="links"] :is(a, button, [role="timer"])')]
      // While another code has to be waited for, the wait stands where the button will.
      .map((link) => (link.role === 'timer' ? en.code.resend : link.textContent))
      // The password step's way back has a name of its own.
      .map((text) => (text === en.password.change ? en.common.back : text))
    const known = links.filter((text) => order.includes(text))
    expect(known).toEqual(order.filter((text) => known.includes(text)))
    expect(links.at(-1)).toBe('Get help')
    for (const text of known) seen.add(text)
    steps.push(step ?? '')
  })
  expect(steps.length).toBeGreaterThan(8)
  expect([...seen].sort()).toEqual([...order].sort())
})

it('SI-31 every step that a person’s act leads to has the focus in its field or on its heading', async () => {
  const steps = new Set<string | undefined>()
  await walk((step) => {
    steps.add(step)
    if (step === 'start') return
    const card = document.querySelector('[data-slot="card"]')
    const field = card?.querySelector('input:not([tabindex="-1"], [type="checkbox"])')
    expect(document.activeElement).toBe(field ?? card?.querySelector('h2'))
  })
  expect([...steps]).toEqual(
    expect.arrayContaining(['first-factor', 'choose-first', 'choose-second', 'second-factor', 'new-password']),
  )
})
