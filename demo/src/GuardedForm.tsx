import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { isAuthError, StepUp, useStepUp } from 'latchkey'

export interface GuardedFormProps<Fields extends string> {
  title: string
  hint: string
  /** By the field's name. */
  fields: Readonly<Record<Fields, { label: string; inputMode?: 'decimal' }>>
  submit: string
  send(values: Record<Fields, string>): Promise<void>
  done(values: Record<Fields, string>): ReactNode
}

type State = { readonly name: 'idle' | 'sending' } | { readonly name: 'done' | 'missing' | 'refused'; readonly says: ReactNode }

/**
 * A form whose server may ask for the second factor first. Nothing here knows when: the call is wrapped, the challenge opens over the form, and the
 * call is made again with what was typed.
 */
export function GuardedForm<Fields extends string>({ title, hint, fields, submit, send, done }: GuardedFormProps<Fields>) {
  const id = useId()
  const stepUp = useStepUp(send)
  const [state, setState] = useState<State>({ name: 'idle' })
  const names = Object.keys(fields) as Fields[]

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    if (state.name === 'sending') return
    const form = event.currentTarget
    const data = new FormData(form)
    const values = Object.fromEntries(names.map((name) => [name, (data.get(name) as string).trim()])) as Record<Fields, string>
    const missing = names.find((name) => !values[name])
    if (missing) {
      form.querySelector<HTMLElement>(`[name="${missing}"]`)?.focus()
      return setState({ name: 'missing', says: `${fields[missing].label}: fill this in.` })
    }
    setState({ name: 'sending' })
    try {
      await stepUp.run(values)
      form.reset()
      setState({ name: 'done', says: done(values) })
    } catch (thrown) {
      setState({ name: 'refused', says: textOf(thrown) })
    }
  }

  return (
    <>
      <section className="panel" aria-labelledby={`${id}-title`}>
        <h2 id={`${id}-title`}>{title}</h2>
        <p className="note">{hint}</p>
        <form method="post" noValidate onSubmit={(event) => void onSubmit(event)} onInput={() => setState({ name: 'idle' })}>
          {names.map((name) => (
            <div className="field" key={name}>
              <label htmlFor={`${id}-${name}`}>{fields[name].label}</label>
              <input
                id={`${id}-${name}`}
                name={name}
                autoComplete="off"
                inputMode={fields[name].inputMode}
                aria-describedby={`${id}-problem`}
              />
            </div>
          ))}
          <button type="submit" aria-disabled={state.name === 'sending' || undefined}>
            {submit}
          </button>
          <div className="outcome">
            <p className="problem" id={`${id}-problem`} role="alert">
              {(state.name === 'missing' || state.name === 'refused') && state.says}
            </p>
            <p role="status">{state.name === 'done' && state.says}</p>
          </div>
        </form>
      </section>
      {/* Beside it: it has a form and a look of its own. */}
      <StepUp when={stepUp.challenging} />
    </>
  )
}

function textOf(thrown: unknown): string {
  if (!isAuthError(thrown)) return 'It was not done. Try again.'
  switch (thrown.code) {
    case 'cancelled':
      return 'Nothing was done, because you did not confirm that it is you.'
    case 'factor_not_found':
    case 'not_supported':
      return 'This needs a second step. Set one up on your account page first.'
    default:
      return 'It was not done. Try again.'
  }
}
