import type { CallOptions, SignInApi, StepUpApi } from '../../core/adapter.js'
import type { SignInAttempt } from '../../core/attempt.js'
import { awaiting, createAttemptBook } from '../../core/attemptBook.js'
import { comesLater } from '../../core/comesLater.js'
import type { FirstStrategy } from '../../core/strategy.js'
import { first, named, type FirstStep, type Given, type Kept } from './attempts.js'
import type { Answer, Connection } from './connection.js'
import { contactOf, digitsOf, fits } from './contact.js'
import { detect } from './detect.js'

/** The first factor, where it is a password or a code. Everything else comes when it is asked for. */
export function createSignIn(
  connection: Connection,
  firstFactors: readonly FirstStrategy[],
): { signIn: SignInApi; stepUp: StepUpApi } {
  const { post, read, changed } = connection
  const book = createAttemptBook<Kept>(firstFactors)
  const { open, find, expect, sent, complete, finish, giveUp } = book
  const step: FirstStep = { advance, passFirst }

  const later = comesLater(async () => {
    const { createLaterSteps } = await import('./later.js')
    return createLaterSteps(connection, book, firstFactors, step)
  })

  /** Where the attempt stands, after an answer to its first factor. */
  async function advance(kept: Kept, answer: Answer, options?: CallOptions): Promise<SignInAttempt> {
    return answer.twoFactorRedirect
      ? awaiting(kept, later('toSecond')(kept, answer, options))
      : complete(kept, named(kept, answer.user ?? {}))
  }

  async function passFirst(
    kept: Kept,
    factorId: string,
    { password, code }: Given,
    options?: CallOptions,
  ): Promise<SignInAttempt> {
    const contact = contactOf(kept.attempt)
    const [path, proof] =
      factorId === 'phone_code'
        ? ['/phone-number/verify', { code: digitsOf(code) }]
        : factorId === 'email_code'
          ? ['/sign-in/email-otp', { otp: digitsOf(code) }]
          : ['email' in contact ? '/sign-in/email' : '/sign-in/phone-number', { password }]
    return advance(kept, await awaiting(kept, post(path, { ...contact, ...proof }, options, 'user')), options)
  }

  const signIn: SignInApi = {
    async create(params, options) {
      if ('strategy' in params) return later('create')(params, options)
      const { identifier, password } = params
      const kept = open(
        { identifier },
        undefined,
        firstFactors.filter((strategy) => fits(identifier, strategy)),
      )
      if (password === undefined) return kept.attempt
      step.lost = kept
      return passFirst(kept, 'password', { password }, options)
    },

    async resume({ url }, options) {
      if (url || step.lost?.doubt) return later('resume')(url, options)
      const state = await read(options)
      return { attempt: state.attempt ? await later('pickUp')(state) : null }
    },

    reload: later('reload'),

    async prepareFirstFactor(ref, params, options) {
      const { factorId } = params
      const kept = expect(ref, first, factorId)
      const contact = contactOf(kept.attempt)
      if (factorId === 'phone_code') await post('/phone-number/send-otp', contact, options, 'message')
      else if (factorId === 'email_code') await post('/email-otp/send-verification-otp', { ...contact, type: 'sign-in' }, options)
      else return later('prepareFirst')(kept, params, options)
      return sent(kept, factorId)
    },

    async attemptFirstFactor(ref, { factorId, ...given }, options) {
      const kept = expect(ref, first, factorId)
      const isTyped = /^(password|(email|phone)_code)$/.test(factorId)
      return isTyped ? passFirst(kept, factorId, given, options) : later('passFirst')(kept, factorId, given, options)
    },

    prepareSecondFactor: later('prepareSecondFactor'),
    attemptSecondFactor: later('attemptSecondFactor'),

    async finish(ref, options) {
      const kept = find(ref)
      const session = finish(kept, (await read(options)).session)
      if (kept.isAlone) await post('/revoke-other-sessions', {}, options)
      kept.isAlone = false
      changed()
      return session
    },

    async cancel(ref) {
      const kept = giveUp(ref)
      if (kept) await later('undo')(kept)
    },

    ...(firstFactors.includes('passkey') && { passkeyOptions: later('passkeyOptions') }),
    ...(firstFactors.some((strategy) => strategy.startsWith('reset')) && { resetPassword: later('resetPassword') }),
  }

  return { signIn, stepUp: { levels: ['second_factor'], create: later('stepUp'), detect } }
}
