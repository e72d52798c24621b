import type {
  AttemptFirstFactorParams,
  AttemptSecondFactorParams,
  PrepareFirstFactorParams,
  PrepareSecondFactorParams,
  SessionVerifyAttemptFirstFactorParams,
  SessionVerifyAttemptSecondFactorParams,
  SessionVerifyPrepareFirstFactorParams,
  SessionVerifyPrepareSecondFactorParams,
  SignInCreateParams,
} from '@clerk/shared/types'
import { Undocumented, Refusal, type Form } from './clerkStandInInstance.js'
import type { Snake } from './snake.js'

type Kind<Strategy> = Strategy extends `${'web3' | 'oauth'}_${string}`
  ? Strategy extends `web3${string}`
    ? 'web3'
    : 'oauth'
  : Strategy
type Params<All, Of> = All extends { strategy: infer Strategy } ? (Of extends Kind<Strategy> ? All : never) : never
type Every<Union> = Union extends unknown ? keyof Union : never

/** What goes with each strategy, by Clerk's published parameters; `!`: has to be there. */
type Forms<All extends { strategy: string }> = {
  readonly [Of in Kind<All['strategy']> & string]?: readonly `${Snake<Exclude<Every<Params<All, Of>>, 'strategy'>>}${'' | '!'}`[]
}

/** Answers with what a form may hold; nothing for one that is not documented. */
export type Fields = (form: Form) => readonly string[] | undefined

function byStrategy<All extends { strategy: string }>(forms: Forms<All>, ...more: string[]): Fields {
  return ({ strategy = '' }) => {
    const kind = /^(web3|oauth)_/.exec(strategy)?.[1] ?? strategy
    const own = Object.hasOwn(forms, kind) && (forms as Readonly<Record<string, readonly string[]>>)[kind]
    return own ? ['strategy!', ...own, ...more] : undefined
  }
}

/** Without regard to a strategy. */
export const fields =
  (text: string): Fields =>
  () =>
    text.split(' ')

const code = ['code!'] as const
const newPassword = ['code!', 'password'] as const
const email = ['email_address_id!'] as const
const credential = ['public_key_credential!'] as const
const redirect = ['redirect_url!', 'action_complete_redirect_url'] as const
// Clerk's client adds them in a browser.
const browser = ['locale', 'timezone']

const create = byStrategy<Extract<SignInCreateParams, { strategy: string }>>(
  {
    password: ['identifier!', 'password!'],
    passkey: [],
    oauth: [...redirect, 'identifier'],
    enterprise_sso: [...redirect, 'identifier'],
  },
  ...browser,
)

export const forms = {
  create: (form: Form) => (form.strategy === undefined ? ['identifier', ...browser] : create(form)),
  prepareFirst: byStrategy<PrepareFirstFactorParams>({
    email_code: email,
    email_link: [...email, 'redirect_url!'],
    phone_code: ['phone_number_id!', 'channel'],
    reset_password_email_code: email,
    reset_password_phone_code: ['phone_number_id!'],
    web3: ['web3_wallet_id!'],
    passkey: [],
    enterprise_sso: ['redirect_url!', 'action_complete_redirect_url!', 'enterprise_connection_id'],
  }),
  attemptFirst: byStrategy<AttemptFirstFactorParams>({
    password: ['password!'],
    email_code: code,
    phone_code: code,
    reset_password_email_code: newPassword,
    reset_password_phone_code: newPassword,
    web3: ['signature!'],
    passkey: credential,
  }),
  prepareSecond: byStrategy<PrepareSecondFactorParams>({
    phone_code: ['phone_number_id'],
    email_code: ['email_address_id'],
    email_link: [...email, 'redirect_url!'],
    passkey: [],
  }),
  attemptSecond: byStrategy<AttemptSecondFactorParams>({
    totp: code,
    phone_code: code,
    email_code: code,
    backup_code: code,
    passkey: credential,
  }),
  verifyPrepareFirst: byStrategy<SessionVerifyPrepareFirstFactorParams>({
    email_code: email,
    phone_code: ['phone_number_id!', 'channel'],
    passkey: [],
  }),
  verifyAttemptFirst: byStrategy<SessionVerifyAttemptFirstFactorParams>({
    password: ['password!'],
    email_code: code,
    phone_code: code,
    passkey: credential,
  }),
  verifyPrepareSecond: byStrategy<SessionVerifyPrepareSecondFactorParams>({ phone_code: ['phone_number_id'], passkey: [] }),
  verifyAttemptSecond: byStrategy<SessionVerifyAttemptSecondFactorParams>({
    totp: code,
    phone_code: code,
    backup_code: code,
    passkey: credential,
  }),
} satisfies Record<string, Fields>

/** Throws for what nothing documents. An empty field is one that the person left so, which Clerk refuses itself. */
export function expectForm(form: Form, allowed: Fields = () => []): void {
  const names = allowed(form)
  if (!names) throw new Undocumented(422, 'form_param_value_invalid', 'strategy')
  for (const name of Object.keys(form)) {
    if (!names.includes(name) && !names.includes(`${name}!`)) throw new Undocumented(422, 'form_param_unknown', name)
  }
  const needed = names.filter((name) => name.endsWith('!')).map((name) => name.slice(0, -1))
  for (const name of needed) {
    if (form[name] === undefined) throw new Undocumented(422, 'form_param_missing', name)
    if (!form[name]) throw new Refusal(422, 'form_param_nil', name)
  }
}
