import { cleanup, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { createMemoryBackend, type SeedUser } from '../../../src/adapters/memory/index.js'
import { en } from '../../../src/locales/en.js'
import { everyWay } from '../../support/everyWay.js'
import { button, codeField, identifierField, passwordField, renderSignIn, rest } from '../../support/renderSignIn.js'

const ada = {
  id: 'ada',
  email: 'ada@example.com',
  password: 'correct horse battery',
  phone: '+15550100',
  phoneSecondFactor: true,
  totp: { secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' },
  backupCodes: ['abcde-fghjk'],
} satisfies SeedUser
const eve = { id: 'eve', email: 'eve@example.com', password: ada.password, mustEnroll: true } satisfies SeedUser

afterEach(() => history.replaceState(null, '', '/'))

type Page = ReturnType<typeof open>

function open() {
  const backend = createMemoryBackend({ ...everyWay, identifiers: ['email'], users: [ada, eve] })
  return { backend, ...renderSignIn({ adapter: backend.adapter }) }
}

const way = async ({ user }: Page, name: string) => {
  await user.type(identifierField(), ada.email)
  await user.click(button(name))
}
const byPassword = async ({ user }: Page, email: string) => {
  await user.type(identifierField(), email)
  await user.type(passwordField(), `${ada.password}{Enter}`)
}
const step = () => document.querySelector<HTMLElement>('[data-slot="card"]')?.dataset.step

/** Leads to a step; `title` says that it is there, and is there again. */
const steps: Record<string, { title: string; lead: (page: Page) => Promise<unknown> }> = {
  'a mailed code': {
    title: en.code.messageTitle,
    lead: (page) => way(page, en.start.ways.email_code),
  },
  'a code by text message': {
    title: en.code.messageTitle,
    lead: async (page) => {
      await byPassword(page, ada.email)
      await page.user.click(await screen.findByRole('button', { name: en.common.otherWay }))
      await page.user.click(button(/Code by text message/))
    },
  },
  'a mailed link': { title: en.link.title, lead: (page) => way(page, en.start.ways.email_link) },
  'a reset’s code': { title: en.code.messageTitle, lead: (page) => way(page, en.start.ways.reset_password_email_code) },
  'a new password': {
    title: en.newPassword.title,
    lead: async (page) => {
      await way(page, en.start.ways.reset_password_email_code)
      await codeField()
      await page.user.paste(page.backend.outbox.latest(ada.email)?.code ?? '')
    },
  },
  'an app’s code': {
    title: en.code.totpTitle,
    lead: async (page) => {
      await byPassword(page, ada.email)
      await codeField()
    },
  },
  'an enrolment that is asked for': { title: en.enroll.chooseTitle, lead: (page) => byPassword(page, eve.email) },
}

it.each(Object.entries(steps))('a reload at %s leaves the person there, and sends nothing', async (_, { title, lead }) => {
  const page = open()
  await lead(page)
  await screen.findByRole('heading', { name: title })
  await rest(20)
  const [before, messages] = [step(), page.backend.outbox.messages.length]
  cleanup()

  renderSignIn({ adapter: page.backend.connect({ browser: 'default' }) })
  expect(await screen.findByRole('heading', { name: title })).toBeVisible()
  await rest(50)
  expect(step()).toBe(before)
  expect(page.backend.outbox.messages).toHaveLength(messages)
})
