import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import type { MemoryBackend } from '../src/adapters/memory/index.js'
import { FactorList, type AuthAdapter } from '../src/index.js'
import { en } from '../src/locales/en.js'
import { mirrored, stretched } from './support/pseudo.js'
import { loadStage, onStage, stage, stageOf } from './support/stage.js'
import {
  press,
  sees,
  seesButton,
  seesError,
  seesTitle,
  startProvedSession,
  startSession,
  startTrustedSession,
  typeCode,
} from './support/steps.js'
import { ada, grace } from './support/users.js'

const options = { secondFactors: ['totp', 'phone_code', 'email_code', 'backup_code'] } as const

/** Someone with an app and two phones, who has shown the app. */
async function before(backend: MemoryBackend) {
  await startProvedSession(backend, grace.email)
  const { mfa } = backend.adapter
  if (!mfa) throw new Error('No factors here.')
  backend.clock.advance(9 * 24 * 60 * 60_000 - 5)
  for (const [phone, friendlyName] of [
    ['+15550100', 'Work phone'],
    ['+15550111', 'Home'],
  ] as const) {
    const pending = await mfa.enroll({ type: 'phone', phone, friendlyName })
    if (pending.status === 'pending' && phone === '+15550100')
      await mfa.verify({ enrollmentId: pending.id, code: backend.outbox.latest()?.code ?? '' })
    backend.clock.advance(60_000)
  }
}

const meta = {
  component: FactorList,
  args: { issuer: 'Acme' },
  parameters: stage({ ...options, before, limits: { sessionMs: 1e10 } }),
  loaders: [loadStage],
  decorators: [onStage],
} satisfies Meta<typeof FactorList>
export default meta

type Story = StoryObj<typeof meta>

const button = (word: string, name: string) => `${word} ${name}`

export const Several: Story = {
  play: async ({ canvas }) => {
    await seesButton({ canvas }, button(en.factors.rename, 'Work phone'))
    await expect(canvas.getByRole('list', { name: en.factors.list }).children).toHaveLength(3)
    await sees({ canvas }, en.factors.pending)
    await seesButton({ canvas }, button(en.factors.remove, 'Work phone'))
    await seesButton({ canvas }, en.factors.addTotp)
    await sees({ canvas }, `3 backup codes left. ${en.factors.codesLow}`)
  },
}

export const Empty: Story = {
  parameters: stage({ ...options, before: (backend) => startSession(backend, ada.email) }),
  play: async ({ canvas }) => {
    await sees({ canvas }, en.factors.empty)
    await seesButton({ canvas }, en.factors.addPhone)
    await expect(canvas.queryByRole('button', { name: en.factors.makeCodes })).toBeNull()
  },
}

export const Loading: Story = {
  parameters: stage({ latencyMs: Infinity, before: async () => {} }),
  play: ({ canvas }) => sees({ canvas }, en.factors.loading),
}

export const Failed: Story = {
  parameters: stage({
    ...options,
    adapt: (adapter: AuthAdapter, backend: MemoryBackend) => {
      for (let n = 0; n < 4; n++) backend.failNext('mfa.listFactors', 'unavailable')
      return adapter
    },
  }),
  play: async ({ canvas }) => {
    await waitFor(() => expect(canvas.getByRole('alert')).toHaveTextContent(en.factors.failed), { timeout: 5000 })
    await seesButton({ canvas }, en.common.tryAgain)
  },
}

/** The list came, the number of codes did not. */
export const Partial: Story = {
  parameters: stage({
    ...options,
    before: async (backend: MemoryBackend) => {
      await before(backend)
      for (let n = 0; n < 4; n++) backend.failNext('mfa.backupCodes.status', 'unavailable')
    },
    limits: { sessionMs: 1e10 },
  }),
  play: async ({ canvas }) => {
    await seesButton({ canvas }, button(en.factors.remove, 'Work phone'))
    await sees({ canvas }, en.factors.codesUnknown)
  },
}

export const Unsupported: Story = {
  parameters: stage({
    adapt: (adapter: AuthAdapter) => {
      const { mfa: _, ...rest } = adapter
      return rest
    },
  }),
  play: ({ canvas }) => sees({ canvas }, en.factors.unsupported),
}

export const Renaming: Story = {
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, button(en.factors.rename, 'Work phone'))
    await seesTitle({ canvas }, en.factors.renameTitle)
    await expect(canvas.getByLabelText(en.factors.nameLabel)).toHaveFocus()
    await expect(canvas.getByLabelText(en.factors.nameLabel)).toHaveValue('Work phone')
  },
}

export const Renamed: Story = {
  play: async (context) => {
    const { canvas, userEvent } = context
    await Renaming.play?.(context)
    const field = canvas.getByLabelText(en.factors.nameLabel)
    await userEvent.clear(field)
    await userEvent.type(field, 'Old phone{Enter}')
    await seesButton({ canvas }, button(en.factors.rename, 'Old phone'))
    await sees({ canvas }, en.factors.renamed)
  },
}

/** Sign-in offers it first from then on. */
export const MadeDefault: Story = {
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, button(en.factors.makeDefault, 'Work phone'))
    await sees({ canvas }, en.factors.madeDefault)
    await sees({ canvas }, en.factors.isDefault)
    await expect(canvas.queryByRole('button', { name: button(en.factors.makeDefault, 'Work phone') })).toBeNull()
    await expect(canvas.getByRole('heading', { name: en.factors.title })).toHaveFocus()
    await seesButton({ canvas }, button(en.factors.makeDefault, en.choose.totp))
  },
}

/** A backend that keeps names of passkeys only, and knows no default one. */
export const NoChanges: Story = {
  parameters: stage({
    ...options,
    before,
    limits: { sessionMs: 1e10 },
    adapt: (adapter: AuthAdapter) => {
      if (!adapter.mfa) return adapter
      const { makeDefault: _, ...mfa } = adapter.mfa
      const listFactors: typeof mfa.listFactors = async (o) => (await mfa.listFactors(o)).map((one) => ({ ...one, changes: [] }))
      return { ...adapter, mfa: { ...mfa, listFactors } }
    },
  }),
  play: async ({ canvas }) => {
    await seesButton({ canvas }, button(en.factors.remove, 'Work phone'))
    await expect(canvas.queryByRole('button', { name: button(en.factors.rename, 'Work phone') })).toBeNull()
    await expect(canvas.queryByRole('button', { name: button(en.factors.makeDefault, 'Work phone') })).toBeNull()
  },
}

export const Removing: Story = {
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, button(en.factors.remove, 'Work phone'))
    const dialog = await canvas.findByRole('dialog', { name: 'Remove Work phone?' })
    await expect(dialog).toHaveAccessibleDescription(en.removal.hint)
    await waitFor(() => expect(canvas.getByRole('button', { name: en.removal.keep })).toHaveFocus())
  },
}

export const Removed: Story = {
  play: async (context) => {
    const { canvas, userEvent } = context
    await Removing.play?.(context)
    await press({ canvas, userEvent }, en.removal.remove)
    await sees({ canvas }, en.factors.removed)
    await waitFor(() => expect(canvas.queryByRole('button', { name: button(en.factors.rename, 'Work phone') })).toBeNull())
    await expect(canvas.queryByRole('dialog')).toBeNull()
    await expect(canvas.getByRole('heading', { name: en.factors.title })).toHaveFocus()
  },
}

export const RemovingFailed: Story = {
  play: async (context) => {
    const { canvas, userEvent, loaded } = context
    await Removing.play?.(context)
    stageOf(loaded).backend.failNext('mfa.unenroll', 'network')
    await press({ canvas, userEvent }, en.removal.remove)
    const dialog = canvas.getByRole('dialog')
    await waitFor(() => expect(dialog).toHaveTextContent(en.factors.notConfirmed))
  },
}

const onlyApp = stage({ ...options, before: (backend: MemoryBackend) => startProvedSession(backend, grace.email) })

export const RemovingTheLast: Story = {
  parameters: onlyApp,
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, button(en.factors.remove, en.choose.totp))
    await expect(await canvas.findByRole('dialog')).toHaveAccessibleDescription(en.removal.last)
    await seesButton({ canvas }, en.removal.remove)
  },
}

export const RemovingTheLastRequired: Story = {
  parameters: onlyApp,
  args: { required: true },
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, button(en.factors.remove, en.choose.totp))
    await expect(await canvas.findByRole('dialog')).toHaveAccessibleDescription(en.removal.required)
    await expect(canvas.queryByRole('button', { name: en.removal.remove })).toBeNull()
    await press({ canvas, userEvent }, en.removal.close)
    await waitFor(() => expect(canvas.queryByRole('dialog')).toBeNull())
  },
}

export const RemovingWithPassword: Story = {
  parameters: stage({
    ...options,
    managePassword: true,
    before: (backend: MemoryBackend) => startProvedSession(backend, grace.email),
  }),
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, button(en.factors.remove, en.choose.totp))
    await userEvent.type(await canvas.findByLabelText(en.enroll.password), 'battery staple')
    await press({ canvas, userEvent }, en.removal.remove)
    await waitFor(() => expect(canvas.getByRole('dialog')).toHaveTextContent(en.errors.invalid_credentials))
  },
}

/** A session that has not shown the second factor: it is asked for, then the removal goes on. */
export const RemovingNeedsStepUp: Story = {
  parameters: stage({ ...options, before: (backend: MemoryBackend) => startTrustedSession(backend, grace.email) }),
  play: async ({ canvas, userEvent, loaded }) => {
    const { backend } = stageOf(loaded)
    await press({ canvas, userEvent }, button(en.factors.remove, en.choose.totp))
    await press({ canvas, userEvent }, en.removal.remove)
    await seesTitle({ canvas }, en.code.totpTitle)
    await typeCode({ canvas, userEvent }, backend.users.totpCode(grace.email))
    await sees({ canvas }, en.factors.removed)
    await sees({ canvas }, en.factors.empty)
    await expect(backend.calls.filter(({ verb }) => verb === 'mfa.unenroll')).toHaveLength(2)
  },
}

export const NewCodes: Story = {
  play: async ({ canvas, userEvent, loaded }) => {
    const { backend } = stageOf(loaded)
    await press({ canvas, userEvent }, en.factors.makeCodes)
    await seesTitle({ canvas }, en.factors.makeTitle)
    await expect(backend.calls.map(({ verb }) => verb)).not.toContain('mfa.backupCodes.generate')
    await press({ canvas, userEvent }, en.factors.make)
    await seesTitle({ canvas }, en.backupCodes.title)
  },
}

export const NewCodesLost: Story = {
  play: async ({ canvas, userEvent, loaded }) => {
    stageOf(loaded).backend.failNext('mfa.backupCodes.generate', 'network', { afterCommit: true })
    await press({ canvas, userEvent }, en.factors.makeCodes)
    await press({ canvas, userEvent }, en.factors.make)
    await seesError({ canvas }, en.factors.codesLost)
  },
}

export const LongTexts: Story = {
  globals: { locale: 'stretched' },
  play: ({ canvas }) => seesButton({ canvas }, stretched.factors.addTotp),
}

export const RightToLeft: Story = {
  globals: { locale: 'mirrored', dir: 'rtl' },
  play: ({ canvas }) => seesButton({ canvas }, mirrored.factors.addTotp),
}
