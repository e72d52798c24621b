'use client'
import { useEffect, useRef, useState } from 'react'
import type { Problem } from '../core/flow.js'
import { isOAuth, isShortcut, providerName, unaliased, type FirstStrategy, type IdentifierType } from '../core/strategy.js'
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
  /** Ways to begin for which nothing is typed (a passkey, a wallet, somebody else's page), for buttons beside the form. */
  readonly shortcuts: readonly { readonly strategy: FirstStrategy; readonly name: string }[]
  readonly errorId: string
  /** Counts the tries: the key of a captcha's element, so that its check begins anew with each. */
  readonly captchaRound: number
  /** What the check has given, or `undefined` when that has run out. It goes along with the next try, and only with that. */
  setCaptchaToken(token: string | undefined): void
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
  const [missing, setMissing] = useState<MissingField | null>(null)
  const captchaToken = useRef<string | undefined>(undefined)
  const [captchaRound, setCaptchaRound] = useState(0)
  const identifierField = useRef<HTMLInputElement>(null)
  const passwordField = useRef<HTMLInputElement>(null)
  const formElement = useRef<HTMLFormElement>(null)
  const asksPassword = password ?? (!firstFactorsPerUser && firstFactors.some((f) => f.strategy === 'password'))
  const { problem } = state
  const [only, another] = identifiers
  const identifierType = only && !another ? only : 'any'
  const errorId = `${idPrefix}-error`

  function clear(after: Problem | null) {
    if (passwordField.current && !after?.unsent) passwordField.current.value = ''
  }

  useEffect(() => {
    if (!problem) return
    // Before the verb has ended: whoever sees what is wrong sees no password.
    clear(problem)
    const field = (problem.field !== 'identifier' && passwordField.current) || identifierField.current
    field?.focus()
  }, [problem])

  /** A token serves one call, so the check begins again after it. */
  async function begin(run: (given: { captchaToken: string | undefined }) => Promise<void>) {
    await run({ captchaToken: captchaToken.current })
    captchaToken.current = undefined
    setCaptchaRound((round) => round + 1)
  }

  async function submit(form: HTMLFormElement, prefer?: FirstStrategy) {
    const fields = new FormData(form)
    const typed = (name: string) => (fields.get(name) ?? '') as string
    const identifier = typed('username').trim()
    const secret = asksPassword && !prefer ? typed('password') : undefined
    if (identifierField.current) identifierField.current.value = identifier
    const gap = !identifier ? 'identifier' : secret === '' ? 'password' : null
    setMissing(gap)
    if (gap) return (gap === 'identifier' ? identifierField : passwordField).current?.focus()
    await begin((given) => signIn.create({ identifier, password: secret, prefer, ...given }))
    clear(signIn.get().problem)
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
      .map((f) => unaliased(f.strategy))
      .filter((s) => (asksPassword ? /^(email|phone|reset|enterprise)_/ : /^enterprise_/).test(s)),
    shortcuts: firstFactors
      .filter((f) => isShortcut(f.strategy))
      .map(({ strategy, label }) => ({ strategy, name: providerName(strategy, label) })),
    errorId,
    captchaRound,
    setCaptchaToken: (token) => void (captchaToken.current = token),
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
          ...field('identifier'),
          ref: identifierField,
          name: 'username',
          type: identifierType === 'email' ? 'email' : identifierType === 'phone' ? 'tel' : 'text',
          // With the last of the tokens a browser may offer passkeys in the field, too (WebAuthn Level 3 §5.1.4).
          autoComplete: 'username webauthn',
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
      if (isOAuth(strategy)) return begin((given) => signIn.create({ strategy, ...given }))
      if (strategy === 'passkey') return signIn.askDevice(strategy)
      if (isShortcut(strategy)) return begin((given) => signIn.askDevice(strategy, given))
      const form = formElement.current
      return form ? submit(form, strategy) : Promise.resolve()
    },
  }
}
