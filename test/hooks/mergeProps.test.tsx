import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { createRef, type ComponentPropsWithRef } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { mergeProps } from '../../src/hooks/mergeProps.js'
import { useBackupCodeForm } from '../../src/hooks/useBackupCodeForm.js'
import { useBackupCodes } from '../../src/hooks/useBackupCodes.js'
import { useCodeForm } from '../../src/hooks/useCodeForm.js'
import { AuthProvider } from '../../src/hooks/context.js'
import { useFactorChooser } from '../../src/hooks/useFactorChooser.js'
import { usePasswordForm } from '../../src/hooks/usePasswordForm.js'
import { useSignInForm } from '../../src/hooks/useSignInForm.js'
import { passwordOption, scriptedAdapter } from '../support/scriptedAdapter.js'

type Input = ComponentPropsWithRef<'input'>

describe('mergeProps', () => {
  it('HA-23 keeps what makes the element usable, whatever is given', () => {
    const own: Input = { type: 'password', 'aria-required': true, 'aria-invalid': true, autoComplete: 'current-password' }
    const given: Input = { type: 'text', 'aria-required': false, autoComplete: 'off', className: 'mine', placeholder: '…' }
    expect(mergeProps(own, given)).toEqual({ ...own, className: 'mine', placeholder: '…' })
  })

  it('HA-23 takes an id of their own, and both descriptions', () => {
    const own: Input = { id: 'lk-password', 'aria-describedby': 'lk-error' }
    expect(mergeProps(own, { id: 'mine', 'aria-describedby': 'hint' })).toEqual({
      id: 'mine',
      'aria-describedby': 'lk-error hint',
    })
    expect(mergeProps(own, { 'aria-describedby': undefined })).toEqual(own)
    expect(mergeProps(own, undefined)).toEqual(own)
  })

  it('HA-23 runs their handler first, then ours unless it prevented the default, each once', () => {
    const order: string[] = []
    const merged = mergeProps<Input>(
      { onInput: () => order.push('ours') },
      { onInput: () => order.push('theirs'), onBlur: () => order.push('blur') },
    )
    merged.onInput?.({ defaultPrevented: false } as never)
    expect(order).toEqual(['theirs', 'ours'])
    merged.onInput?.({ defaultPrevented: true } as never)
    expect(order).toEqual(['theirs', 'ours', 'theirs'])
    merged.onBlur?.({ defaultPrevented: false } as never)
    expect(order).toEqual(['theirs', 'ours', 'theirs', 'blur'])
  })

  it('HA-23 sets both refs, functions and objects, and none that is not there', () => {
    const element = document.createElement('input')
    const [ours, theirs] = [createRef<HTMLInputElement>(), createRef<HTMLInputElement>()]
    const call = vi.fn()
    const set = ({ ref }: Input) => (ref as (element: HTMLInputElement | null) => void)(element)
    set(mergeProps<Input>({ ref: ours }, { ref: theirs }))
    expect([ours.current, theirs.current]).toEqual([element, element])
    set(mergeProps<Input>({ ref: call }, { ref: theirs }))
    set(mergeProps<Input>({ ref: ours }, { ref: call }))
    expect(call).toHaveBeenCalledTimes(2)
    expect(mergeProps<Input>({ ref: ours }, { ref: null }).ref).toBe(ours)
    expect(mergeProps<Input>({}, { ref: theirs }).ref).toBe(theirs)
  })
})

describe('a screen of one’s own', () => {
  const submit = vi.fn(() => Promise.resolve())
  const idle = { pending: false, problem: null, submit, edited: vi.fn() }

  /** Draws what a hook gives with handlers, refs, ids and descriptions of the page's own. */
  function Page({ form, field }: { form: ComponentPropsWithRef<'form'>; field: Input }) {
    return (
      <form {...form}>
        <label htmlFor={field.id}>Mine</label>
        <input {...field} />
        <p id="own-hint">Own hint.</p>
        <button>Go</button>
      </form>
    )
  }

  const given = () => {
    const ref = createRef<HTMLInputElement>()
    return { ref, field: { id: 'own', ref, 'aria-describedby': 'own-hint', 'aria-required': false, className: 'mine' } as Input }
  }

  const hooks: Record<string, (form: ComponentPropsWithRef<'form'>, field: Input) => React.ReactNode> = {
    useSignInForm(form, field) {
      const mine = useSignInForm({ password: false })
      return <Page form={mine.getFormProps(form)} field={mine.getIdentifierProps(field)} />
    },
    'useSignInForm’s password'(form, field) {
      const mine = useSignInForm({ identifier: 'ada@example.com' })
      return (
        <>
          <Page form={mine.getFormProps(form)} field={mine.getPasswordProps(field)} />
          <input {...mine.getIdentifierProps()} aria-label="Who" />
        </>
      )
    },
    usePasswordForm(form, field) {
      const mine = usePasswordForm(idle)
      return <Page form={mine.getFormProps(form)} field={mine.getPasswordProps(field)} />
    },
    useBackupCodeForm(form, field) {
      const mine = useBackupCodeForm(idle)
      return <Page form={mine.getFormProps(form)} field={mine.getInputProps(field)} />
    },
  }

  it.each(Object.keys(hooks))(
    'HA-23 %s: their submit runs first and may prevent ours; ref, id and description are both’s',
    async (name) => {
      const user = userEvent.setup()
      const { adapter, count } = scriptedAdapter()
      const { ref, field } = given()
      const onSubmit = vi.fn((event: React.FormEvent) => event.preventDefault())
      const onInput = vi.fn()
      const Mine = () => hooks[name]!({ onSubmit, onInput, method: 'get', className: 'mine' }, field)
      render(
        <AuthProvider adapter={adapter}>
          <Mine />
        </AuthProvider>,
      )
      const input = screen.getByLabelText<HTMLInputElement>('Mine')
      expect(ref.current).toBe(input)
      expect(input).toHaveAttribute('id', 'own')
      expect(input).toHaveClass('mine')
      expect(input).toHaveAttribute('aria-required', 'true')
      expect(input.getAttribute('aria-describedby')).toMatch(/lk-error.* own-hint$/)
      expect(input.form).toHaveAttribute('method', 'post')
      await user.type(input, 'ada')
      expect(onInput).toHaveBeenCalledTimes(3)
      submit.mockClear()
      await user.click(screen.getByRole('button', { name: 'Go' }))
      expect(onSubmit).toHaveBeenCalledTimes(1)
      expect(submit).not.toHaveBeenCalled()
      expect(count('signIn.create')).toBe(0)
    },
  )

  it('HA-23 a field’s own ref still serves: an empty submit finds it and puts the focus there', async () => {
    const user = userEvent.setup()
    const { ref, field } = given()
    function Mine() {
      const mine = usePasswordForm(idle)
      return <Page form={mine.getFormProps()} field={mine.getPasswordProps(field)} />
    }
    submit.mockClear()
    render(<Mine />)
    await user.click(screen.getByRole('button', { name: 'Go' }))
    expect(ref.current).toHaveFocus()
    await user.type(ref.current!, 'secret{Enter}')
    expect(submit).toHaveBeenCalledExactlyOnceWith('secret')
  })

  it('HA-23 useCodeForm merges the code field’s handlers and ref', async () => {
    const onValueChange = vi.fn()
    const onComplete = vi.fn()
    const ref = vi.fn()
    let mine: ReturnType<typeof useCodeForm> | undefined
    function Mine() {
      mine = useCodeForm({ ...idle, length: 6, type: 'numeric' })
      return null
    }
    submit.mockClear()
    render(<Mine />)
    const field = mine!.getFieldProps({ onValueChange, onComplete, ref, 'aria-describedby': 'own', required: true })
    expect(field['aria-describedby']).toBe('lk-hint lk-error own')
    field.onComplete('123456')
    expect([onComplete.mock.lastCall, submit.mock.lastCall]).toEqual([['123456'], ['123456']])
    ;(field.ref as (input: HTMLInputElement | null) => void)(document.createElement('input'))
    expect(ref).toHaveBeenCalledTimes(1)
  })

  it('HA-23 useFactorChooser and useBackupCodes merge too', async () => {
    const user = userEvent.setup()
    const onClick = vi.fn((event: React.MouseEvent) => event.preventDefault())
    const onChange = vi.fn()
    const fake = scriptedAdapter()
    function Mine() {
      const chooser = useFactorChooser()
      const codes = useBackupCodes({ codes: ['a'], onAcknowledged: () => {} })
      return (
        <>
          <button {...chooser.getFactorProps(passwordOption, { onClick, type: 'submit', title: 'mine' })}>Choose</button>
          <ol {...codes.getListProps({ className: 'mine', dir: 'rtl' })} />
          <input {...codes.getAcknowledgeProps({ onChange, type: 'radio' })} aria-label="Stored" />
        </>
      )
    }
    render(
      <AuthProvider adapter={fake.adapter}>
        <Mine />
      </AuthProvider>,
    )
    const button = screen.getByRole('button', { name: 'Choose' })
    expect(button).toHaveAttribute('type', 'button')
    await user.click(button)
    expect(onClick).toHaveBeenCalledTimes(1)
    expect(screen.getByRole('list')).toHaveAttribute('dir', 'ltr')
    const box = screen.getByRole('checkbox', { name: 'Stored' })
    await user.click(box)
    expect(onChange).toHaveBeenCalledTimes(1)
    expect(box).toBeChecked()
  })
})
