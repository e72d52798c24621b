import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn } from 'storybook/test'
import { OtpInput } from '../src/index.js'

const meta = {
  component: OtpInput,
  args: { label: 'Code', onComplete: fn(), onValueChange: fn() },
} satisfies Meta<typeof OtpInput>
export default meta

type Story = StoryObj<typeof meta>

const shown = (canvasElement: HTMLElement) =>
  [...canvasElement.querySelectorAll('[data-slot=otp-cell]')].map((cell) => cell.textContent || '·').join('')

export const Empty: Story = {
  play: async ({ canvas, canvasElement }) => {
    await expect(canvas.getByRole('textbox', { name: 'Code' })).toHaveAttribute('autocomplete', 'one-time-code')
    await expect(shown(canvasElement)).toBe('······')
  },
}

export const Typed: Story = {
  play: async ({ args, canvas, canvasElement, userEvent }) => {
    await userEvent.type(canvas.getByLabelText('Code'), '12 34')
    await expect(shown(canvasElement)).toBe('1234··')
    await expect(args.onComplete).not.toHaveBeenCalled()
  },
}

export const Complete: Story = {
  play: async ({ args, canvas, canvasElement, userEvent }) => {
    await userEvent.type(canvas.getByLabelText('Code'), '123456')
    await expect(shown(canvasElement)).toBe('123456')
    await expect(args.onComplete).toHaveBeenCalledWith('123456')
  },
}

export const WholeMessagePasted: Story = {
  play: async ({ canvas, canvasElement, userEvent }) => {
    await userEvent.click(canvas.getByLabelText('Code'))
    await userEvent.paste('In 10 min use 123456')
    await expect(shown(canvasElement)).toBe('123456')
  },
}

/** Everything stays in sight: the cells make way for the text. */
export const TooLong: Story = {
  args: { defaultValue: '12345678' },
  play: async ({ canvas, canvasElement }) => {
    await expect(canvas.getByLabelText('Code')).toHaveValue('12345678')
    await expect(canvasElement.querySelector('[data-overflow]')).not.toBeNull()
  },
}

export const Selected: Story = {
  args: { defaultValue: '123456' },
  play: async ({ canvas }) => {
    const input = canvas.getByLabelText<HTMLInputElement>('Code')
    input.focus()
    input.select()
    await expect(input.selectionEnd).toBe(6)
  },
}

export const Invalid: Story = {
  args: { defaultValue: '123456', invalid: true, required: true, 'aria-describedby': 'error' },
  render: (args) => (
    <>
      <OtpInput {...args} />
      <p id="error">This code is not right. Check it and try again.</p>
    </>
  ),
  play: async ({ canvas }) => {
    await expect(canvas.getByLabelText('Code')).toBeInvalid()
    await expect(canvas.getByLabelText('Code')).toHaveAccessibleDescription('This code is not right. Check it and try again.')
  },
}

export const Disabled: Story = { args: { defaultValue: '123456', disabled: true } }

export const ReadOnly: Story = { args: { defaultValue: '123456', readOnly: true } }

export const FourDigits: Story = { args: { length: 4 } }

export const EightDigits: Story = { args: { length: 8, defaultValue: '12345' } }

export const TenLettersAndDigits: Story = {
  args: { length: 10, type: 'alphanumeric', defaultValue: 'WM12AB' },
  play: async ({ canvas }) => {
    await expect(canvas.getByLabelText('Code')).toHaveAttribute('inputmode', 'text')
  },
}

export const LongLabel: Story = {
  args: { label: 'The code that the authenticator app on your telephone shows for this account' },
}

export const NamedElsewhere: Story = {
  args: { label: undefined, 'aria-label': 'Code' },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('textbox', { name: 'Code' })).toBeVisible()
  },
}

export const RightToLeft: Story = { args: { defaultValue: '123', label: 'الرمز' }, globals: { dir: 'rtl' } }

export const Dark: Story = { args: { defaultValue: '123' }, globals: { scheme: 'dark' } }
