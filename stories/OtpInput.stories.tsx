import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, fn, waitFor } from 'storybook/test'
import { OtpInput, type OtpInputProps } from '../src/index.js'

const meta = {
  component: OtpInput,
  args: { label: 'Code', onComplete: fn(), onValueChange: fn() },
} satisfies Meta<typeof OtpInput>
export default meta

type Story = StoryObj<typeof meta>

const cellsOf = (canvasElement: HTMLElement) => [...canvasElement.querySelectorAll('[data-slot=otp-cell]')]
const shown = (canvasElement: HTMLElement) =>
  cellsOf(canvasElement)
    .map((cell) => cell.textContent || '·')
    .join('')

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

/** The field alone: the form, its lines and what is said in them are the app's own. */
function OwnForm(props: OtpInputProps) {
  const [wrong, setWrong] = useState(false)
  return (
    <form data-slot="root">
      <div data-sensitive="">
        <OtpInput {...props} invalid={wrong} aria-describedby="own" onComplete={() => setWrong(true)} />
      </div>
      <p data-slot="error" id="own" role="alert">
        {wrong && 'This code is not right. Check it and try again.'}
      </p>
      <p data-slot="status" role="status" />
    </form>
  )
}

export const InOwnForm: Story = {
  render: (args) => <OwnForm {...args} />,
  play: async ({ canvas, canvasElement, userEvent }) => {
    const input = canvas.getByLabelText('Code')
    await userEvent.type(input, '123456')
    await waitFor(() => expect(canvas.getByRole('alert')).toHaveTextContent('This code is not right.'))
    await expect(input).toBeInvalid()
    await expect(input).toHaveFocus()
    await expect(shown(canvasElement)).toBe('123456')
  },
}

export const Disabled: Story = {
  args: { defaultValue: '123456', disabled: true },
  play: async ({ args, canvas, canvasElement, userEvent }) => {
    const input = canvas.getByLabelText('Code')
    await expect(input).toBeDisabled()
    await userEvent.type(input, '{Backspace}7')
    await expect(input).not.toHaveFocus()
    await expect(shown(canvasElement)).toBe('123456')
    await expect(args.onValueChange).not.toHaveBeenCalled()
  },
}

/** It can be reached and copied from, as it cannot where it is disabled. */
export const ReadOnly: Story = {
  args: { defaultValue: '123456', readOnly: true },
  play: async ({ args, canvas, canvasElement, userEvent }) => {
    const input = canvas.getByLabelText<HTMLInputElement>('Code')
    await userEvent.type(input, '{Backspace}7')
    await expect(input).toHaveFocus()
    await expect(shown(canvasElement)).toBe('123456')
    await expect(args.onValueChange).not.toHaveBeenCalled()
    input.select()
    await expect([input.selectionStart, input.selectionEnd]).toEqual([0, 6])
  },
}

export const FourDigits: Story = {
  args: { length: 4 },
  play: async ({ args, canvas, canvasElement, userEvent }) => {
    await expect(shown(canvasElement)).toBe('····')
    await userEvent.type(canvas.getByLabelText('Code'), '1234')
    await expect(shown(canvasElement)).toBe('1234')
    await expect(args.onComplete).toHaveBeenCalledWith('1234')
  },
}

export const EightDigits: Story = {
  args: { length: 8, defaultValue: '12345' },
  play: async ({ args, canvas, canvasElement, userEvent }) => {
    await expect(shown(canvasElement)).toBe('12345···')
    await userEvent.type(canvas.getByLabelText('Code'), '6')
    await expect(shown(canvasElement)).toBe('123456··')
    await expect(args.onComplete).not.toHaveBeenCalled()
  },
}

export const TenLettersAndDigits: Story = {
  args: { length: 10, type: 'alphanumeric', defaultValue: 'WM12AB' },
  play: async ({ canvas }) => {
    await expect(canvas.getByLabelText('Code')).toHaveAttribute('inputmode', 'text')
  },
}

export const LongLabel: Story = {
  args: { label: 'The code that the authenticator app on your telephone shows for this account' },
  play: async ({ canvas, canvasElement }) => {
    const label = canvas.getByText(/^The code that/)
    const range = document.createRange()
    range.selectNode(label.firstChild as Text)
    const [words, root] = [range, canvasElement.querySelector('[data-slot=otp]') as Element].map((one) =>
      one.getBoundingClientRect(),
    )
    const cells = cellsOf(canvasElement).map((cell) => cell.getBoundingClientRect())
    // As wide as the cells are, in more lines than one, and above them.
    await expect(words?.right).toBeLessThanOrEqual((root?.right ?? 0) + 1)
    await expect(Math.round(root?.right ?? 0)).toBe(Math.round(cells.at(-1)?.right ?? 0))
    await expect(range.getClientRects().length).toBeGreaterThan(1)
    await expect(words?.bottom).toBeLessThanOrEqual(cells[0]?.top ?? 0)
  },
}

export const NamedElsewhere: Story = {
  args: { label: undefined, 'aria-label': 'Code' },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('textbox', { name: 'Code' })).toBeVisible()
  },
}

/** Codes run from left to right in every language. */
export const RightToLeft: Story = {
  args: { defaultValue: '123', label: 'الرمز' },
  globals: { dir: 'rtl' },
  play: async ({ canvas, canvasElement, userEvent }) => {
    const input = canvas.getByLabelText('الرمز')
    await expect(getComputedStyle(canvasElement).direction).toBe('rtl')
    await expect(getComputedStyle(input).direction).toBe('ltr')
    await userEvent.type(input, '4')
    await expect(shown(canvasElement)).toBe('1234··')
    const lefts = cellsOf(canvasElement).map((cell) => cell.getBoundingClientRect().left)
    await expect(lefts).toEqual([...lefts].sort((a, b) => a - b))
  },
}

/** The field has no scheme of its own: it goes with the page's. */
export const Dark: Story = {
  args: { defaultValue: '123' },
  globals: { scheme: 'dark' },
  play: async ({ canvasElement }) => {
    const { style } = document.documentElement
    const [cell] = cellsOf(canvasElement)
    const colours = () => {
      const { color, backgroundColor, borderTopColor } = getComputedStyle(cell as Element)
      return [color, backgroundColor, borderTopColor].map(lightness)
    }
    const dark = colours()
    style.colorScheme = 'light'
    const light = colours()
    style.colorScheme = 'dark'
    await expect(dark[0]).toBeGreaterThan(0.8)
    await expect(dark[1]).toBeLessThan(0.3)
    await expect(light[0]).toBeLessThan(0.3)
    await expect(light[1]).toBeGreaterThan(0.8)
    await expect(dark[2]).not.toBe(light[2])
  },
}

/** From 0, black, to 1, white, whichever way the browser writes the colour. */
function lightness(colour: string): number {
  const pen = document.createElement('canvas').getContext('2d')
  if (!pen) throw new Error('There is no canvas.')
  pen.fillStyle = colour
  pen.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0] = pen.getImageData(0, 0, 1, 1).data
  return (red + green + blue) / 765
}
