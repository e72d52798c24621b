import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn, spyOn } from 'storybook/test'
import { BackupCodes } from '../src/index.js'
import { en } from '../src/locales/en.js'
import { mirrored, stretched } from './support/pseudo.js'
import { loadStage, onStage } from './support/stage.js'
import { hasFocus, press, sees, seesError, seesTitle } from './support/steps.js'

const codes = ['k7mq-2wxp', 'v3hn-8drt', 'c9fz-5jyb', 'q4sl-1gkm', 't8wd-6zvn', 'h2px-0rcf', 'b5ty-9mjq', 'w6kg-3nhs']

const meta = {
  component: BackupCodes,
  args: { codes, onAcknowledged: fn() },
  loaders: [loadStage],
  decorators: [onStage],
} satisfies Meta<typeof BackupCodes>
export default meta

type Story = StoryObj<typeof meta>

export const Default: Story = {
  play: async ({ canvas }) => {
    await seesTitle({ canvas }, en.backupCodes.title)
    await expect(canvas.getByRole('list', { name: en.backupCodes.list })).toHaveAttribute('dir', 'ltr')
    await expect(canvas.getAllByRole('listitem').map((item) => item.textContent)).toEqual(codes)
    await expect(canvas.getByRole('checkbox', { name: en.backupCodes.acknowledge })).not.toBeChecked()
  },
}

export const Copied: Story = {
  play: async ({ canvas, userEvent }) => {
    const writeText = spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
    await press({ canvas, userEvent }, en.backupCodes.copy)
    await sees({ canvas }, en.backupCodes.copied)
    await expect(writeText).toHaveBeenCalledWith(codes.join('\n'))
  },
}

export const CopyFailed: Story = {
  play: async ({ canvas, userEvent }) => {
    spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new DOMException('Refused', 'NotAllowedError'))
    await press({ canvas, userEvent }, en.backupCodes.copy)
    await sees({ canvas }, en.backupCodes.copyFailed)
    await expect(getSelection()?.toString()).toContain(codes[0])
  },
}

export const Unacknowledged: Story = {
  play: async ({ canvas, userEvent, args }) => {
    await press({ canvas, userEvent }, en.backupCodes.done)
    await seesError({ canvas }, en.backupCodes.acknowledgeMissing)
    await expect(canvas.getByRole('checkbox')).toBeInvalid()
    await expect(args.onAcknowledged).not.toHaveBeenCalled()
  },
}

export const Acknowledged: Story = {
  play: async ({ canvas, userEvent, args }) => {
    await userEvent.click(await canvas.findByRole('checkbox', { name: en.backupCodes.acknowledge }))
    await press({ canvas, userEvent }, en.backupCodes.done)
    await expect(args.onAcknowledged).toHaveBeenCalledOnce()
  },
}

/** One of the codes is asked back instead of a tick. */
export const TypeBack: Story = {
  args: { acknowledge: 'type' },
  play: async ({ canvas }) => {
    const field = await canvas.findByRole('textbox', { name: en.backupCodes.typeBack })
    await expect(field).toHaveAttribute('autocomplete', 'off')
    await expect(canvas.queryByRole('checkbox')).toBeNull()
  },
}

export const TypedBackNothing: Story = {
  ...TypeBack,
  play: async (context) => {
    const { canvas, args } = context
    await press(context, en.backupCodes.done)
    await seesError(context, en.backupCodes.acknowledgeMissing)
    await hasFocus(context, en.backupCodes.typeBack)
    await expect(canvas.getByRole('textbox')).toBeInvalid()
    await expect(args.onAcknowledged).not.toHaveBeenCalled()
  },
}

export const TypedBackWrong: Story = {
  ...TypeBack,
  play: async (context) => {
    const { canvas, userEvent, args } = context
    await userEvent.type(await canvas.findByRole('textbox'), 'k7mq-2wx1')
    await press(context, en.backupCodes.done)
    await seesError(context, en.backupCodes.typeBackWrong)
    await expect(canvas.getByRole('textbox')).toHaveAccessibleDescription(en.backupCodes.typeBackWrong)
    await expect(canvas.getByRole('textbox')).toHaveValue('k7mq-2wx1')
    await expect(args.onAcknowledged).not.toHaveBeenCalled()
  },
}

export const TypedBack: Story = {
  ...TypeBack,
  play: async (context) => {
    const { canvas, userEvent, args } = context
    await userEvent.type(await canvas.findByRole('textbox'), ' C9FZ 5jyb{Enter}')
    await expect(args.onAcknowledged).toHaveBeenCalledOnce()
  },
}

export const Downloaded: Story = {
  args: { issuer: 'Acme', account: 'ada@example.com' },
  play: async (context) => {
    const made: Blob[] = []
    spyOn(URL, 'createObjectURL').mockImplementation((blob) => (made.push(blob as Blob), 'blob:story'))
    const click = spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {})
    await press(context, en.backupCodes.download)
    await expect(click).toHaveBeenCalledOnce()
    const text = await made[0]?.text()
    await expect(text).toContain('Backup codes for Acme\nAccount: ada@example.com\n')
    await expect(text).toContain(codes.join('\n'))
    await expect(context.args.onAcknowledged).not.toHaveBeenCalled()
  },
}

export const Printed: Story = {
  play: async (context) => {
    const print = spyOn(window, 'print').mockImplementation(() => {})
    await press(context, en.backupCodes.print)
    await expect(print).toHaveBeenCalledOnce()
    await expect(context.args.onAcknowledged).not.toHaveBeenCalled()
  },
}

export const LongTexts: Story = {
  globals: { locale: 'stretched' },
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, stretched.backupCodes.done)
    await seesError({ canvas }, stretched.backupCodes.acknowledgeMissing)
  },
}

export const RightToLeft: Story = {
  globals: { locale: 'mirrored', dir: 'rtl' },
  play: ({ canvas }) => seesTitle({ canvas }, mirrored.backupCodes.title),
}

export const TypeBackLongTexts: Story = {
  ...TypeBack,
  globals: { locale: 'stretched' },
  play: async ({ canvas, userEvent }) => {
    await press({ canvas, userEvent }, stretched.backupCodes.done)
    await hasFocus({ canvas }, stretched.backupCodes.typeBack)
  },
}

export const TypeBackRightToLeft: Story = {
  ...TypeBack,
  globals: { locale: 'mirrored', dir: 'rtl' },
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('textbox', { name: mirrored.backupCodes.typeBack })).toHaveAttribute('dir', 'ltr')
  },
}
