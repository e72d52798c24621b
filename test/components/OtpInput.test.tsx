import { act, fireEvent, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { createRef, StrictMode, useState } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { Controller, useForm } from 'react-hook-form'
import { describe, expect, it, vi } from 'vitest'
import { OtpInput } from '../../src/components/OtpInput.js'

const field = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Code' })
const cells = () => [...document.querySelectorAll<HTMLElement>('[data-slot=otp-cell]')]
const shown = () =>
  cells()
    .map((cell) => cell.textContent || '·')
    .join('')

describe('markup', () => {
  it('OT-01 is one text input that asks for a numeric keyboard and a one-time code', () => {
    render(<OtpInput label="Code" />)
    expect(document.querySelectorAll('input')).toHaveLength(1)
    expect(field()).toHaveAttribute('type', 'text')
    expect(field()).toHaveAttribute('inputmode', 'numeric')
    expect(field()).toHaveAttribute('autocomplete', 'one-time-code')
  })

  it('OT-01 asks for the whole keyboard where codes have letters', () => {
    render(<OtpInput label="Code" type="alphanumeric" />)
    expect(field()).toHaveAttribute('type', 'text')
    expect(field()).toHaveAttribute('inputmode', 'text')
    expect(field()).toHaveAttribute('autocomplete', 'one-time-code')
  })

  it('OT-29 turns no password manager away', () => {
    render(<OtpInput label="Code" />)
    const names = field().getAttributeNames()
    expect(names.filter((name) => /1p|lpignore|bwignore|form-type|protonpass/.test(name))).toEqual([])
  })

  it('OT-02 keeps its cells from assistive technology', () => {
    render(<OtpInput label="Code" defaultValue="12" />)
    expect(shown()).toBe('12····')
    for (const cell of cells()) expect(cell.closest('[aria-hidden=true]')).not.toBeNull()
    expect(field().closest('[aria-hidden=true]')).toBeNull()
  })

  it('OT-06 has neither maxlength nor pattern nor any other check of the browser', () => {
    render(<OtpInput label="Code" required />)
    for (const name of ['maxlength', 'minlength', 'pattern', 'required']) expect(field()).not.toHaveAttribute(name)
    expect(field().checkValidity()).toBe(true)
  })

  it.each([4, 6, 8, 10])('OT-09 has as many cells as the code has characters: %i', (length) => {
    render(<OtpInput label="Code" length={length} />)
    expect(cells()).toHaveLength(length)
  })

  it('OT-23 ties description, error and requirement to the input', () => {
    const { rerender } = render(
      <>
        <OtpInput label="Code" required invalid aria-describedby="hint error" />
        <p id="hint">6 digits</p>
        <p id="error">Wrong code</p>
      </>,
    )
    expect(field()).toHaveAccessibleDescription('6 digits Wrong code')
    expect(field()).toBeInvalid()
    expect(field()).toHaveAttribute('aria-invalid', 'true')
    expect(field()).toHaveAttribute('aria-required', 'true')
    rerender(<OtpInput label="Code" />)
    expect(field()).not.toHaveAttribute('aria-invalid')
    expect(field()).not.toHaveAttribute('aria-required')
    expect(field()).not.toHaveAttribute('aria-describedby')
  })

  it('OT-23 takes its name from elsewhere where it shows no label', () => {
    render(<OtpInput aria-label="Code" />)
    expect(field()).toBeInTheDocument()
  })

  it('is found by its label, whatever is in it', async () => {
    render(<OtpInput label="Code" />)
    await userEvent.type(field(), '123')
    expect(screen.getByLabelText('Code')).toBe(field())
  })

  it('gives classes to its slots, and the rest of the props to the input', () => {
    const classNames = { label: 'a', input: 'b', cells: 'c', cell: 'd' }
    render(<OtpInput label="Code" className="root" classNames={classNames} id="code" name="otp" data-sensitive="" disabled />)
    expect(document.querySelector('[data-slot=otp]')).toHaveClass('root')
    expect(document.querySelector('label')).toHaveClass('a')
    expect(field()).toHaveClass('b')
    expect(cells()[0]?.parentElement).toHaveClass('c')
    expect(cells()[5]).toHaveClass('d')
    expect(field()).toMatchObject({ id: 'code', name: 'otp', disabled: true, dataset: { sensitive: '' } })
  })

  it('makes up no id, so that one page and the next are the same to a password manager', () => {
    const first = renderToString(<OtpInput label="Code" />)
    expect(first).not.toMatch(/ id=/)
    expect(renderToString(<OtpInput label="Code" />)).toBe(first)
  })

  it('OT-26 keeps input and cells left to right, and leaves the label to the page', () => {
    render(<OtpInput label="Code" />)
    expect(field()).toHaveAttribute('dir', 'ltr')
    expect(cells()[0]?.closest('[dir]')).toHaveAttribute('dir', 'ltr')
    expect(document.querySelector('label')?.closest('[dir]')).toBeNull()
  })
})

describe('value', () => {
  it.each([
    ['OT-04', '123 456', '123456'],
    ['OT-04', '\u200e123\u2013456\ufeff', '123456'],
    ['OT-05', '١٢٣٤٥٦', '123456'],
    ['OT-05', '１２３４５６', '123456'],
    ['OT-07', 'In 10 min use 123456', '123456'],
    ['OT-09', '000000', '000000'],
  ])('%s completes with a clean string: %j', (_, raw, code) => {
    const onComplete = vi.fn()
    const onValueChange = vi.fn()
    render(<OtpInput label="Code" onComplete={onComplete} onValueChange={onValueChange} />)
    fireEvent.change(field(), { target: { value: raw } })
    expect(field()).toHaveValue(code)
    expect(shown()).toBe(code)
    expect(onValueChange.mock.calls).toEqual([[code]])
    expect(onComplete.mock.calls).toEqual([[code]])
  })

  it.each(['Use 123456, not 654321', '1234567', '12345a', '12345'])('OT-07 OT-08 keeps %j and does not complete', (raw) => {
    const onComplete = vi.fn()
    render(<OtpInput label="Code" onComplete={onComplete} />)
    fireEvent.change(field(), { target: { value: raw } })
    expect(field()).toHaveValue(raw.replaceAll(' ', ''))
    expect(onComplete).not.toHaveBeenCalled()
  })

  it('OT-08 says when the code does not fit its cells', async () => {
    render(<OtpInput label="Code" />)
    await userEvent.type(field(), '123456')
    expect(document.querySelector('[data-overflow]')).toBeNull()
    await userEvent.type(field(), '7')
    expect(field()).toHaveValue('1234567')
    expect(document.querySelector('[data-overflow]')).not.toBeNull()
  })

  it('OT-07 takes a message pasted beside what was typed', async () => {
    const user = userEvent.setup()
    render(<OtpInput label="Code" />)
    await user.type(field(), '99')
    await user.paste('In 10 min use 123456')
    expect(field()).toHaveValue('123456')
  })

  it('is held by the document where nobody controls it', async () => {
    render(
      <form data-testid="form">
        <OtpInput label="Code" name="code" defaultValue="12" />
      </form>,
    )
    await userEvent.type(field(), '34')
    expect(new FormData(screen.getByTestId('form')).get('code')).toBe('1234')
  })

  it('goes back to its default when its form is reset', async () => {
    render(
      <form data-testid="form">
        <OtpInput label="Code" defaultValue="12" />
      </form>,
    )
    await userEvent.type(field(), '34')
    expect(shown()).toBe('1234··')
    screen.getByTestId<HTMLFormElement>('form').reset()
    await vi.waitFor(() => expect(shown()).toBe('12····'))
    expect(field()).toHaveValue('12')
  })

  it('leaves its form without a trace', async () => {
    const { rerender } = render(
      <form data-testid="form">
        <OtpInput label="Code" />
      </form>,
    )
    const form = screen.getByTestId<HTMLFormElement>('form')
    const [added, removed] = [vi.spyOn(form, 'addEventListener'), vi.spyOn(form, 'removeEventListener')]
    await userEvent.type(field(), '1')
    rerender(<form data-testid="form" />)
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length + 1)
    form.reset()
    await new Promise((done) => setTimeout(done))
  })

  describe('controlled', () => {
    function Controlled({ accept = (value: string) => value }: { accept?: (value: string) => string }) {
      const [value, setValue] = useState('')
      return (
        <>
          <OtpInput label="Code" value={value} onValueChange={(next) => setValue(accept(next))} />
          <button onClick={() => setValue('')}>Clear</button>
        </>
      )
    }

    it('follows its value', async () => {
      render(<Controlled />)
      await userEvent.type(field(), '12 3')
      expect(shown()).toBe('123···')
      await userEvent.click(screen.getByRole('button'))
      expect(field()).toHaveValue('')
      expect(shown()).toBe('······')
      await userEvent.type(field(), '9')
      expect(shown()).toBe('9·····')
    })

    it('stays as it is where the owner refuses', async () => {
      render(<Controlled accept={(value) => value.slice(0, 3)} />)
      await userEvent.type(field(), '1234')
      expect(field()).toHaveValue('123')
      expect(shown()).toBe('123···')
    })

    it('follows a value that nobody typed, and completes nothing by it', () => {
      const onComplete = vi.fn()
      const { rerender } = render(<OtpInput label="Code" value="" onComplete={onComplete} />)
      rerender(<OtpInput label="Code" value="123456" onComplete={onComplete} />)
      expect(field()).toHaveValue('123456')
      expect(shown()).toBe('123456')
      expect(onComplete).not.toHaveBeenCalled()
    })
  })
})

describe('completion', () => {
  it('OT-11 completes once in StrictMode, with the last character', async () => {
    const onComplete = vi.fn()
    render(
      <StrictMode>
        <OtpInput label="Code" onComplete={onComplete} />
      </StrictMode>,
    )
    await userEvent.type(field(), '12345')
    expect(onComplete).not.toHaveBeenCalled()
    await userEvent.type(field(), '6')
    expect(onComplete.mock.calls).toEqual([['123456']])
  })

  it('OT-11 is not done again for the same code, retyped or pasted, and is for the next one', async () => {
    const onComplete = vi.fn()
    render(<OtpInput label="Code" onComplete={onComplete} />)
    await userEvent.type(field(), '123456{Backspace}6')
    fireEvent.change(field(), { target: { value: '123 456' } })
    expect(onComplete.mock.calls).toEqual([['123456']])
    await userEvent.type(field(), '{Backspace}7')
    expect(onComplete.mock.calls).toEqual([['123456'], ['123457']])
  })

  it('OT-11 finds the form filled when it completes', async () => {
    const seen: unknown[] = []
    render(
      <form data-testid="form">
        <OtpInput label="Code" name="code" onComplete={() => seen.push(new FormData(screen.getByTestId('form')).get('code'))} />
      </form>,
    )
    fireEvent.change(field(), { target: { value: '123-456' } })
    expect(seen).toEqual(['123456'])
  })
})

describe('before the page comes alive', () => {
  async function hydrated(element: React.ReactElement, typed: string) {
    const root = document.body.appendChild(document.createElement('div'))
    root.innerHTML = renderToString(element)
    const input = root.querySelector('input') as HTMLInputElement
    input.value = typed
    const app = await act(() => hydrateRoot(root, element))
    const end = () => {
      act(() => app.unmount())
      root.remove()
    }
    return { input, end }
  }

  it('keeps what was typed, tells it, and sends nothing by itself', async () => {
    const [onValueChange, onComplete] = [vi.fn(), vi.fn()]
    const { input, end } = await hydrated(
      <OtpInput label="Code" onValueChange={onValueChange} onComplete={onComplete} />,
      '123 456',
    )
    expect(input.value).toBe('123456')
    expect(shown()).toBe('123456')
    expect(onValueChange).toHaveBeenCalledWith('123456')
    expect(onComplete).not.toHaveBeenCalled()
    end()
  })

  it('keeps it where the field is controlled, too', async () => {
    function Controlled() {
      const [value, setValue] = useState('')
      return <OtpInput label="Code" value={value} onValueChange={setValue} />
    }
    const { input, end } = await hydrated(<Controlled />, '123')
    expect(input.value).toBe('123')
    expect(shown()).toBe('123···')
    end()
  })
})

describe('react-hook-form', () => {
  interface Values {
    code: string
  }

  it('goes with register: default, clean value, validation, reset', async () => {
    const onSubmit = vi.fn()
    function Form() {
      const { register, handleSubmit, reset, formState } = useForm<Values>({ defaultValues: { code: '12' } })
      return (
        <form onSubmit={handleSubmit((values) => void onSubmit(values))}>
          <OtpInput label="Code" invalid={!!formState.errors.code} {...register('code', { minLength: 6 })} />
          <button>Send</button>
          <button type="button" onClick={() => reset()}>
            Reset
          </button>
        </form>
      )
    }
    render(<Form />)
    expect(shown()).toBe('12····')
    await userEvent.click(screen.getByRole('button', { name: 'Send' }))
    expect(onSubmit).not.toHaveBeenCalled()
    expect(field()).toHaveAttribute('aria-invalid', 'true')
    expect(field()).toHaveFocus()
    fireEvent.change(field(), { target: { value: '123 456' } })
    await userEvent.click(screen.getByRole('button', { name: 'Send' }))
    expect(onSubmit.mock.calls).toEqual([[{ code: '123456' }]])
    await userEvent.click(screen.getByRole('button', { name: 'Reset' }))
    await vi.waitFor(() => expect(shown()).toBe('12····'))
    await userEvent.type(field(), '3')
    expect(shown()).toBe('123···')
  })

  it('goes with Controller, which may set the value', async () => {
    const onSubmit = vi.fn()
    function Form() {
      const { control, handleSubmit, setValue } = useForm<Values>({ defaultValues: { code: '' } })
      return (
        <form onSubmit={handleSubmit((values) => void onSubmit(values))}>
          <Controller control={control} name="code" render={({ field }) => <OtpInput label="Code" {...field} />} />
          <button type="button" onClick={() => setValue('code', '98')}>
            Set
          </button>
          <button>Send</button>
        </form>
      )
    }
    render(<Form />)
    await userEvent.type(field(), '12-34')
    expect(shown()).toBe('1234··')
    await userEvent.click(screen.getByRole('button', { name: 'Set' }))
    expect(shown()).toBe('98····')
    await userEvent.click(screen.getByRole('button', { name: 'Send' }))
    expect(onSubmit.mock.calls).toEqual([[{ code: '98' }]])
  })
})

describe('refs', () => {
  it('HA-23 hands its input to a ref object', () => {
    const object = createRef<HTMLInputElement>()
    render(<OtpInput label="Code" ref={object} />)
    expect(object.current).toBe(field())
  })

  it('HA-23 hands it to a function when it comes and when it goes, not at every key', async () => {
    const given = vi.fn((input: HTMLInputElement | null) => input?.select())
    const { unmount } = render(<OtpInput label="Code" ref={given} />)
    given.mockClear()
    await userEvent.type(field(), '123')
    expect(field()).toHaveValue('123')
    expect(given).not.toHaveBeenCalled()
    unmount()
    expect(given.mock.calls).toEqual([[null]])
  })
})
