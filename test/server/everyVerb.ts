import type { AuthAdapter } from '../../src/core/adapter.js'
import { attempt, enrollment, factor, session, verified } from '../support/contractBuilders.js'
import type { ScriptedOptions, Verb } from '../support/scriptedAdapter.js'

/** One verb of the contract, in every form that the tests need. */
export interface VerbCase {
  readonly path: string
  readonly verb: Verb
  readonly method: 'GET' | 'POST'
  /** As it crosses. */
  readonly input: object
  call(adapter: AuthAdapter): Promise<unknown>
  readonly answer: unknown
  /** What `call` resolves to. Default `answer`. */
  readonly seen?: unknown
  /** The member to leave out for a backend that does not offer the verb. Absent: every adapter has it. */
  readonly member?: NonNullable<ScriptedOptions['absent']>[number]
}

const ref = { id: 'attempt_1' }
const onAttempt = { attempt: ref.id }
const first = attempt()
const second = attempt({ status: 'needs_second_factor' })
const publicKey = { challenge: 'AAAA', allowCredentials: [{ id: 'BBBB', type: 'public-key' }], timeout: 60_000 }
const missing = () => Promise.reject(new Error('The adapter has no such member.'))

export const everyVerb: readonly VerbCase[] = [
  {
    path: 'sign-in/create',
    verb: 'signIn.create',
    method: 'POST',
    input: { identifier: 'ada@example.com', password: 'pw' },
    call: ({ signIn }) => signIn.create({ identifier: 'ada@example.com', password: 'pw' }),
    answer: first,
  },
  {
    path: 'sign-in/passkey-options',
    verb: 'signIn.passkeyOptions',
    method: 'POST',
    input: {},
    call: ({ signIn }) => signIn.passkeyOptions?.() ?? missing(),
    answer: { id: 'attempt_p', publicKey, expiresInMs: 60_000 },
    member: 'signIn.passkeyOptions',
  },
  {
    path: 'sign-in/resume',
    verb: 'signIn.resume',
    method: 'POST',
    input: { url: 'https://app.example/callback?code=1' },
    call: ({ signIn }) => signIn.resume({ url: 'https://app.example/callback?code=1' }),
    answer: { attempt: second, cleanUrl: 'https://app.example/callback' },
  },
  {
    path: 'sign-in/reload',
    verb: 'signIn.reload',
    method: 'POST',
    input: onAttempt,
    call: ({ signIn }) => signIn.reload(ref),
    answer: attempt({ status: 'needs_enrollment' }),
  },
  {
    path: 'sign-in/prepare-first-factor',
    verb: 'signIn.prepareFirstFactor',
    method: 'POST',
    input: { ...onAttempt, factorId: 'email_code:1', channel: 'sms' },
    call: ({ signIn }) => signIn.prepareFirstFactor(ref, { factorId: 'email_code:1', channel: 'sms' }),
    answer: first,
  },
  {
    path: 'sign-in/attempt-first-factor',
    verb: 'signIn.attemptFirstFactor',
    method: 'POST',
    input: { ...onAttempt, factorId: 'email_code:1', code: '123456' },
    call: ({ signIn }) => signIn.attemptFirstFactor(ref, { factorId: 'email_code:1', code: '123456' }),
    answer: attempt({ status: 'unsupported' }),
  },
  {
    path: 'sign-in/prepare-second-factor',
    verb: 'signIn.prepareSecondFactor',
    method: 'POST',
    input: { ...onAttempt, factorId: 'email_code:2' },
    call: ({ signIn }) => signIn.prepareSecondFactor(ref, { factorId: 'email_code:2' }),
    answer: second,
  },
  {
    path: 'sign-in/attempt-second-factor',
    verb: 'signIn.attemptSecondFactor',
    method: 'POST',
    input: { ...onAttempt, factorId: 'totp:1', credential: { id: 'x', response: { signature: 'y' } }, trustDevice: true },
    call: ({ signIn }) =>
      signIn.attemptSecondFactor(ref, {
        factorId: 'totp:1',
        credential: { id: 'x', response: { signature: 'y' } },
        trustDevice: true,
      }),
    answer: attempt({ status: 'complete', cancelSignsOut: true }),
  },
  {
    path: 'sign-in/reset-password',
    verb: 'signIn.resetPassword',
    method: 'POST',
    input: { ...onAttempt, password: 'new', signOutOfOtherSessions: true },
    call: ({ signIn }) => signIn.resetPassword?.(ref, { password: 'new', signOutOfOtherSessions: true }) ?? missing(),
    answer: attempt({ status: 'needs_redirect' }),
    member: 'signIn.resetPassword',
  },
  {
    path: 'sign-in/finish',
    verb: 'signIn.finish',
    method: 'POST',
    input: onAttempt,
    call: ({ signIn }) => signIn.finish(ref),
    answer: session(),
  },
  {
    path: 'sign-in/cancel',
    verb: 'signIn.cancel',
    method: 'POST',
    input: onAttempt,
    call: ({ signIn }) => signIn.cancel(ref),
    answer: undefined,
  },
  {
    path: 'session/get',
    verb: 'session.get',
    method: 'GET',
    input: { fresh: 'true' },
    call: (adapter) => adapter.session.get({ fresh: true }),
    answer: session({ pending: 'second_factor' }),
  },
  {
    path: 'session/sign-out',
    verb: 'session.signOut',
    method: 'POST',
    input: { scope: 'all' },
    call: (adapter) => adapter.session.signOut({ scope: 'all' }),
    answer: undefined,
  },
  {
    path: 'step-up/create',
    verb: 'stepUp.create',
    method: 'POST',
    input: { level: 'second_factor' },
    call: ({ stepUp }) => stepUp?.create({ level: 'second_factor' }) ?? missing(),
    answer: attempt({ purpose: 'step_up', status: 'needs_second_factor' }),
    member: 'stepUp',
  },
  {
    path: 'mfa/list-factors',
    verb: 'mfa.listFactors',
    method: 'GET',
    input: {},
    call: ({ mfa }) => mfa?.listFactors() ?? missing(),
    answer: [factor(), factor({ id: 'factor_2', status: 'unverified' })],
    member: 'mfa',
  },
  {
    path: 'mfa/enroll',
    verb: 'mfa.enroll',
    method: 'POST',
    input: { type: 'totp', issuer: 'Acme', attempt: ref.id },
    call: ({ mfa }) => mfa?.enroll({ type: 'totp', issuer: 'Acme', attempt: ref }) ?? missing(),
    answer: enrollment(),
    member: 'mfa',
  },
  {
    path: 'mfa/challenge',
    verb: 'mfa.challenge',
    method: 'POST',
    input: { enrollmentId: 'e1', channel: 'whatsapp' },
    call: ({ mfa }) => mfa?.challenge({ enrollmentId: 'e1', channel: 'whatsapp' }) ?? missing(),
    answer: { status: 'pending', id: 'e1', type: 'phone', sent: true, resendInMs: 30_000, codeLength: 6 },
    member: 'mfa',
  },
  {
    path: 'mfa/verify',
    verb: 'mfa.verify',
    method: 'POST',
    input: { enrollmentId: 'e1', code: '123456' },
    call: ({ mfa }) => mfa?.verify({ enrollmentId: 'e1', code: '123456' }) ?? missing(),
    answer: { ...verified(), attempt: attempt({ status: 'complete' }) },
    member: 'mfa',
  },
  {
    path: 'mfa/abandon',
    verb: 'mfa.abandon',
    method: 'POST',
    input: { enrollmentId: 'e1' },
    call: ({ mfa }) => mfa?.abandon?.({ enrollmentId: 'e1' }) ?? missing(),
    answer: undefined,
    member: 'mfa.abandon',
  },
  {
    path: 'mfa/unenroll',
    verb: 'mfa.unenroll',
    method: 'POST',
    input: { factorId: 'factor_1', password: 'pw' },
    call: ({ mfa }) => mfa?.unenroll({ factorId: 'factor_1', password: 'pw' }) ?? missing(),
    answer: undefined,
    member: 'mfa',
  },
  {
    path: 'mfa/rename',
    verb: 'mfa.rename',
    method: 'POST',
    input: { factorId: 'factor_1', friendlyName: 'Phone' },
    call: ({ mfa }) => mfa?.rename?.({ factorId: 'factor_1', friendlyName: 'Phone' }) ?? missing(),
    answer: factor({ friendlyName: 'Phone' }),
    member: 'mfa.rename',
  },
  {
    path: 'mfa/make-default',
    verb: 'mfa.makeDefault',
    method: 'POST',
    input: { factorId: 'factor_1' },
    call: ({ mfa }) => mfa?.makeDefault?.({ factorId: 'factor_1' }) ?? missing(),
    answer: undefined,
    member: 'mfa.makeDefault',
  },
  {
    path: 'mfa/accepted-passkeys',
    verb: 'mfa.acceptedPasskeys',
    method: 'GET',
    input: {},
    call: ({ mfa }) => mfa?.acceptedPasskeys?.() ?? missing(),
    answer: { rpId: 'app.example', userHandle: 'YWRh', credentialIds: ['AAAA'] },
    member: 'mfa.acceptedPasskeys',
  },
  {
    path: 'mfa/backup-codes/status',
    verb: 'mfa.backupCodes.status',
    method: 'GET',
    input: {},
    call: ({ mfa }) => mfa?.backupCodes?.status?.() ?? missing(),
    answer: { total: 10, remaining: 3 },
    member: 'mfa.backupCodes.status',
  },
  {
    path: 'mfa/backup-codes/generate',
    verb: 'mfa.backupCodes.generate',
    method: 'POST',
    input: { password: 'pw' },
    call: ({ mfa }) => mfa?.backupCodes?.generate({ password: 'pw' }) ?? missing(),
    answer: ['aaaaa-bbbbb', 'ccccc-ddddd'],
    member: 'mfa.backupCodes',
  },
]
