'use client'
import { useEffect, useRef, useState } from 'react'
import { createFormControl } from 'react-hook-form'
import type { Problem } from '../core/flow.js'
import { isProvider, isReset, providerName, type FirstStrategy, type IdentifierType } from '../core/strategy.js'
import { useAuth } from './context.js'
import { mergeProps, type PropGetter } from './mergeProps.js'
import { useFlow } from './useFlow.js'

export interface UseSignInFormOptions {
  /** Ids of the fields begin with it. The same on every page, so that password managers know the form again. Default `lk`. */
  idPrefix?: string
  /** Ask for the password on the first screen? Default: as the adapter's capabilities suggest. */
  password?: boolean | undefined
  /** Filled in at first, and may be changed. */
  identifier?: string | undefined
}

export type MissingField = 'identifier' | 'password'

export interface UseSignInForm {
  readonly pending: boolean
  /** What the backend, or the connection, said of the last try. */
  readonly problem: Problem | null
  /** A field that was empty on submit. */
  readonly missing: MissingField | null
  readonly identifierType: IdentifierType | 'any'
  readonly asksPassword: boolean
  /** Ways to begin with what is typed but without a password, for links beside the form. */
  readonly otherStrategies: readonly FirstStrategy[]
  /** Ways to begin at somebody else's, with their names, for buttons beside the form. */
  readonly providers: readonly { readonly strategy: `oauth_${string}`; readonly name: string }[]
  readonly errorId: string
  getFormProps: PropGetter<'form'>
  getIdentifierProps: PropGetter<'input'>
  getPasswordProps: PropGetter<'input'>
  /** Begins this way instead. Where it needs the identifier, the one that is typed. */
  startWith(strategy: FirstStrategy): Promise<void>
}

/**
 * The first screen's form. What the document's fields hold at the moment of the submit is what is sent: browsers and password managers may have
 * filled them without an event. The password is read once, handed on and cleared; it is in no state.
 */
export function useSignInForm({ idPrefix = 'lk', password, identifier }: UseSignInFormOptions = {}): UseSignInForm {
  const { signIn, state } = useFlow()
  const { firstFactors, identifiers, firstFactorsPerUser } = useAuth().client.adapter.capabilities
  // Without the library's own hook: nothing here follows its state.
  const [{ register, handleSubmit, setValue, setFocus }] = useState(() =>
    createFormControl<{ username: string }>({ shouldFocusError: false }),
  )
  const [missing, setMissing] = useState<MissingField | null>(null)
  const passwordField = useRef<HTMLInputElement>(null)
  const formElement = useRef<HTMLFormElement>(null)
  const asksPassword = password ?? (!firstFactorsPerUser && firstFactors.some((f) => f.strategy === 'password'))
  const { problem } = state
  const [only, another] = identifiers
  const identifierType = only && !another ? only : 'any'
  const errorId = `${idPrefix}-error`

  useEffect(() => {
    if (!problem) return
    if (problem.field !== 'identifier' && passwordField.current) passwordField.current.focus()
    else setFocus('username')
  }, [problem, setFocus])

  async function submit(form: HTMLFormElement, prefer?: FirstStrategy) {
    const fields = new FormData(form)
    const typed = (name: string) => (fields.get(name) ?? '') as string
    const identifier = typed('username').trim()
    const secret = asksPassword && !prefer ? typed('password') : undefined
    setMissing(null)
    setValue('username', identifier)
    await handleSubmit(
      async () => {
        if (secret === '') {
          setMissing('password')
          passwordField.current?.focus()
          return
        }
        const named = prefer === 'enterprise_sso' || (prefer && isReset(prefer))
        await signIn.create(
          named ? { strategy: prefer as 'enterprise_sso', identifier } : { identifier, password: secret, prefer },
        )
        if (passwordField.current) passwordField.current.value = ''
      },
      () => {
        setMissing('identifier')
        setFocus('username')
      },
    )()
  }

  const field = (name: MissingField) => {
    const refused = problem?.code === 'invalid_credentials' && name === (asksPassword ? 'password' : 'identifier')
    const invalid = missing === name || refused || problem?.field === name
    return { id: `${idPrefix}-${name}`, 'aria-invalid': invalid || undefined, 'aria-describedby': errorId, 'aria-required': true }
  }

  return {
    pending: state.pending !== null,
    problem,
    missing,
    identifierType,
    asksPassword,
    otherStrategies: firstFactors
      .map((f) => f.strategy)
      .filter((s) => s === 'enterprise_sso' || (asksPassword && (/^(email|phone)_/.test(s) || isReset(s)))),
    providers: firstFactors.flatMap(({ strategy, label }) =>
      isProvider(strategy) ? { strategy, name: providerName(strategy, label) } : [],
    ),
    errorId,
    getFormProps: (given) =>
      mergeProps(
        {
          ref: formElement,
          method: 'post',
          noValidate: true,
          onSubmit(event) {
            event.preventDefault()
            void submit(event.currentTarget)
          },
          onInput() {
            setMissing(null)
            signIn.edited()
          },
        },
        given,
      ),
    getIdentifierProps: (given) =>
      mergeProps(
        {
          ...register('username', { required: true }),
          ...field('identifier'),
          type: identifierType === 'email' ? 'email' : identifierType === 'phone' ? 'tel' : 'text',
          autoComplete: 'username',
          autoCapitalize: 'off',
          autoCorrect: 'off',
          spellCheck: false,
          defaultValue: identifier ?? state.identifier,
        },
        given,
      ),
    getPasswordProps: (given) =>
      mergeProps({ ...field('password'), ref: passwordField, name: 'password', autoComplete: 'current-password' }, given),
    startWith(strategy) {
      if (isProvider(strategy)) return signIn.create({ strategy })
      const form = formElement.current
      return form ? submit(form, strategy) : Promise.resolve()
    },
  }
}
