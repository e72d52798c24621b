import { act, fireEvent, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { createRef, useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { useOtpInput, type UseOtpInputResult } from '../../src/hooks/useOtpInput.js'

type InputProps = Parameters<UseOtpInputResult['getInputProps']>[0]

let otp: UseOtpInputResult

function Field({ options = {}, props }: { options?: Parameters<typeof useOtpInput>[0]; props?: InputProps }) {
  const mine = useOtpInput(options)
  otp = mine
  return <input aria-label="Code" {...mine.getInputProps(props)} />
}

const field = () => screen.getByRole<HTMLInputElement>('textbox')
const put = (value: string) => fireEvent.change(field(), { target: { value } })

describe('state', () => {
  it('has the value, its slots, and whether it is complete', () => {
    render(<Field options={{ length: 4 }} />)
    expect(otp).toMatchObject({ value: '', isComplete: false })
    put('12')
    expect(otp).toMatchObject({ value: '12', isComplete: false })
    expect(otp.slots).toEqual([
      { char: '1', isActive: false, isFilled: true },
      { char: '2', isActive: false, isFilled: true },
      { char: undefined, isActive: true, isFilled: false },
      { char: undefined, isActive: false, isFilled: false },
    ])
    put('1234')
    expect(otp).toMatchObject({ value: '1234', isComplete: true })
    expect(otp.slots.map(({ isActive }) => isActive)).toEqual([false, false, false, true])
    put('12345')
    expect(otp).toMatchObject({ value: '12345', isComplete: false })
    put('12a4')
    expect(otp.isComplete).toBe(false)
  })

  it('OT-03 marks the slot that the caret is in', () => {
    render(<Field />)
    put('1234')
    field().setSelectionRange(1, 1)
    fireEvent.select(field())
    expect(otp.slots.findIndex(({ isActive }) => isActive)).toBe(1)
    field().setSelectionRange(0, 4)
    fireEvent.select(field())
    expect(otp.slots.findIndex(({ isActive }) => isActive)).toBe(0)
  })

  it('OT-03 keeps the caret where it was in the text when it cleans it', () => {
    render(<Field />)
    put('1256')
    field().focus()
    const raw = '12 3-456'
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field(), raw)
    field().setSelectionRange(6, 6)
    fireEvent.input(field(), { data: ' 3-4' })
    expect(field()).toMatchObject({ value: '123456', selectionStart: 4, selectionEnd: 4 })
  })

  it('writes the state of the field and its slots for styling', () => {
    render(<Field options={{ length: 4 }} />)
    put('1')
    expect(otp.getSlotProps(0)).toMatchObject({ 'data-slot': 'otp-cell', 'data-filled': '' })
    expect(otp.getSlotProps(0)).not.toHaveProperty('data-active')
    expect(otp.getSlotProps(1)).toMatchObject({ 'data-active': '' })
    expect(otp.getSlotsProps()).toMatchObject({ 'data-slot': 'otp-cells', dir: 'ltr', 'aria-hidden': true })
    expect(otp.getRootProps()).toMatchObject({ 'data-slot': 'otp', 'data-length': 4 })
    expect(otp.getRootProps()).not.toHaveProperty('data-overflow')
    put('12345')
    expect(otp.getRootProps()).toMatchObject({ 'data-overflow': '' })
  })
})

describe('composition', () => {
  const compose = (text: string) => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field(), text)
    fireEvent(field(), new InputEvent('input', { bubbles: true, isComposing: true, data: text }))
  }

  it('OT-10 tells what is composed, but neither cleans nor completes it before the end', () => {
    const [onValueChange, onComplete, onChange] = [vi.fn(), vi.fn(), vi.fn()]
    render(<Field options={{ onValueChange, onComplete }} props={{ onChange: (event) => void onChange(event.target.value) }} />)
    fireEvent.compositionStart(field())
    compose('１２３４５６')
    fireEvent.select(field())
    expect(field().value).toBe('１２３４５６')
    expect(onComplete).not.toHaveBeenCalled()
    fireEvent.compositionEnd(field(), { data: '１２３４５６' })
    expect(field().value).toBe('123456')
    expect(onComplete.mock.calls).toEqual([['123456']])
    expect(onValueChange).toHaveBeenLastCalledWith('123456')
    expect(onChange).toHaveBeenLastCalledWith('123456')
  })

  it('OT-10 leaves composed text alone where the field is controlled', () => {
    function Controlled() {
      const [value, onValueChange] = useState('')
      return <Field options={{ value, onValueChange }} />
    }
    render(<Controlled />)
    fireEvent.compositionStart(field())
    compose('１２')
    expect(field().value).toBe('１２')
    fireEvent.compositionEnd(field(), { data: '１２' })
    expect(field().value).toBe('12')
    expect(otp.value).toBe('12')
  })
})

describe('prop getters', () => {
  it('HA-23 call the handlers they are given, with the text already clean', () => {
    const seen: string[] = []
    render(
      <Field
        options={{ onValueChange: (value) => seen.push(`value ${value}`), onComplete: (value) => seen.push(`complete ${value}`) }}
        props={{
          onChange: (event) => seen.push(`change ${event.target.value}`),
          onSelect: () => seen.push('select'),
          onCompositionEnd: () => seen.push('compositionend'),
          onKeyDown: () => seen.push('keydown'),
          onPaste: () => seen.push('paste'),
          onBlur: () => seen.push('blur'),
        }}
      />,
    )
    put('123 456')
    fireEvent.select(field())
    fireEvent.compositionEnd(field())
    fireEvent.keyDown(field())
    fireEvent.paste(field())
    fireEvent.blur(field())
    expect(seen.filter((entry) => entry !== 'select')).toEqual([
      'change 123456',
      'value 123456',
      'complete 123456',
      'compositionend',
      'change 123456',
      'keydown',
      'paste',
      'blur',
    ])
    expect(seen).toContain('select')
  })

  it('HA-23 do nothing more where a handler prevents the default, and put the text back', () => {
    const [onValueChange, onComplete] = [vi.fn(), vi.fn()]
    render(
      <Field
        options={{ onValueChange, onComplete, defaultValue: '12' }}
        props={{ onChange: (event) => event.preventDefault() }}
      />,
    )
    put('123456')
    expect(onValueChange).not.toHaveBeenCalled()
    expect(onComplete).not.toHaveBeenCalled()
    expect(field().value).toBe('12')
    expect(otp.value).toBe('12')
  })

  it('HA-23 keep a ref object and a ref function, call it once for all keys, and let go of them at the end', () => {
    const [given, object] = [vi.fn(), createRef<HTMLInputElement>()]
    const { rerender, unmount } = render(<Field options={{ ref: object }} />)
    expect(object.current).toBe(field())
    rerender(<Field options={{ ref: given }} />)
    expect(given).toHaveBeenLastCalledWith(field())
    expect(object.current).toBeNull()
    given.mockClear()
    put('1')
    put('12')
    expect(given).not.toHaveBeenCalled()
    unmount()
    expect(given.mock.calls).toEqual([[null]])
  })

  it('HA-23 keep id and descriptions, and give up no attribute that the field lives by', () => {
    const hostile = { type: 'password', inputMode: 'none', autoComplete: 'off', dir: 'rtl' } as InputProps
    render(<Field props={{ ...hostile, id: 'mine', 'aria-describedby': 'hint error' }} />)
    expect(field()).toHaveAttribute('id', 'mine')
    expect(field()).toHaveAttribute('aria-describedby', 'hint error')
    expect(field()).toHaveAttribute('type', 'text')
    expect(field()).toHaveAttribute('inputmode', 'numeric')
    expect(field()).toHaveAttribute('autocomplete', 'one-time-code')
    expect(field()).toHaveAttribute('dir', 'ltr')
  })

  it('HA-23 read the same whether the input shows or not', () => {
    function Late() {
      const [isShown, show] = useState(false)
      const mine = useOtpInput({})
      return isShown ? <input {...mine.getInputProps()} /> : <button onClick={() => show(true)}>Show</button>
    }
    render(<Late />)
    act(() => screen.getByRole('button').click())
    expect(field().value).toBe('')
  })

  it('SI-06 refuse no key, paste or drop', async () => {
    const user = userEvent.setup()
    render(<Field />)
    const refused: string[] = []
    for (const type of ['keydown', 'paste', 'beforeinput', 'drop', 'dragover']) {
      document.body.addEventListener(type, (event) => event.defaultPrevented && refused.push(type))
    }
    await user.type(field(), '1a')
    await user.paste('23')
    fireEvent.drop(field())
    fireEvent.dragOver(field())
    expect(refused).toEqual([])
    expect(field().value).toBe('1a23')
  })
})
