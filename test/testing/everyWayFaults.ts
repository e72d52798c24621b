import type { MemoryBackend } from '../../src/adapters/memory/index.js'
import type { AuthAdapter, CallOptions, StepUpApi } from '../../src/core/adapter.js'
import type { SignInAttempt } from '../../src/core/attempt.js'
import { AuthError, isAuthError } from '../../src/core/AuthError.js'
import type { Factor, Verified } from '../../src/core/enrollment.js'
import { throughVerbs, type VerbCall } from '../../src/testing/index.js'
import { hasCode, idOf, instead, isAttempt, rethrow, type SeededFault } from './seededFaults.js'

type Resumed = Awaited<ReturnType<AuthAdapter['signIn']['resume']>>
type PassedSecond = Parameters<AuthAdapter['signIn']['attemptSecondFactor']>
type Detect = NonNullable<StepUpApi['detect']>

/** What holds for all browsers of one backend. */
const shared = new WeakMap<MemoryBackend, Map<string, unknown>>()
const sharedBy = (backend: MemoryBackend) =>
  shared.get(backend) ?? shared.set(backend, new Map()).get(backend) ?? new Map<string, unknown>()

/** Answers with `otherwise` where the verb is refused with one of the codes. */
const refusedAs = (verb: string, code: string, otherwise: (call: VerbCall, adapter: AuthAdapter) => unknown) =>
  instead(verb, ({ run, ...call }, adapter) =>
    run().catch((thrown: unknown) => (hasCode(thrown, code) ? otherwise({ run, ...call }, adapter) : rethrow(thrown))),
  )

/** What a client does that retries by itself. */
const again = (verb: string) => instead(verb, ({ run }) => run().catch(run))

const withDetect =
  (detect: Detect): SeededFault['breaks'] =>
  ({ stepUp, ...adapter }) => ({ ...adapter, ...(stepUp && { stepUp: { ...stepUp, detect } }) })

const atLevel = (level: 'first_factor' | 'multi_factor') =>
  instead('stepUp.create', async (_call, { stepUp }) => stepUp?.create({ level }))

/** `isTrusted`: of whom the second factor is not asked. */
const trusting = (isTrusted: (trusted: Map<string, unknown>, who: string) => boolean, forAll: boolean): SeededFault['breaks'] =>
  function breaks(adapter, backend) {
    const trusted = forAll ? sharedBy(backend) : new Map<string, unknown>()
    return throughVerbs(adapter, async ({ verb, args, run }) => {
      const answer = await run()
      if (!isAttempt(answer)) return answer
      const who = answer.identifier ?? ''
      if (verb === 'signIn.attemptSecondFactor' && (args as PassedSecond)[1].trustDevice) trusted.set(who, true)
      return answer.status === 'needs_second_factor' && isTrusted(trusted, who) ? { ...answer, status: 'complete' } : answer
    })
  }

const wishing = (trustDevice: boolean) =>
  instead('signIn.attemptSecondFactor', ({ args }, { signIn }) => {
    const [attempt, params] = args as PassedSecond
    return signIn.attemptSecondFactor(attempt, { ...params, trustDevice })
  })

/** An address that has served answers as it did the first time, in whichever browser. */
const servesAgain: SeededFault['breaks'] = (adapter, backend) =>
  instead('signIn.resume', async ({ args, run }) => {
    const { url = '' } = args[0] as { url?: string }
    const known = sharedBy(backend)
    const answer = await run().catch((thrown: unknown) => known.get(url) ?? rethrow(thrown))
    known.set(url, answer)
    return answer
  })(adapter, backend)

const resumedAs = (change: (answer: Resumed, url: string) => object) =>
  instead('signIn.resume', async ({ args, run }) => change((await run()) as Resumed, (args[0] as { url?: string }).url ?? ''))

const passkeyOptions = (change: (options: object, first: object) => object): SeededFault['breaks'] =>
  function breaks(adapter, backend) {
    let first: object | undefined
    return instead('signIn.passkeyOptions', async ({ run }) => {
      const options = Object(await run()) as object
      first ??= options
      return change(options, first)
    })(adapter, backend)
  }

const captchas = (passOn: (given: string | undefined, last: string | undefined) => string | undefined): SeededFault['breaks'] =>
  function breaks(adapter, backend) {
    let last: string | undefined
    return instead('signIn.create signIn.attemptFirstFactor', ({ verb, args }, { signIn }) => {
      const { captchaToken } = Object(args.at(-1)) as CallOptions
      const passed = passOn(captchaToken, last)
      last ??= captchaToken
      const options: CallOptions = passed ? { captchaToken: passed } : {}
      if (verb === 'signIn.create') return signIn.create((args as Parameters<typeof signIn.create>)[0], options)
      const [attempt, params] = args as Parameters<typeof signIn.attemptFirstFactor>
      return signIn.attemptFirstFactor(attempt, params, options)
    })(adapter, backend)
  }

const madeUp: Factor = { id: 'made-up', strategy: 'totp', status: 'verified', friendlyName: 'New name', removable: true }

const mailedReset = (name: string) => `first/reset_password_email_code/${name}`

/** Whoever is refused so at a first factor comes to the new password all the same. */
const toNewPassword = (code: string): SeededFault['breaks'] =>
  function breaks(adapter) {
    const attempts = new Map<string, SignInAttempt>()
    return throughVerbs(adapter, async ({ verb, args, run }) => {
      const answer = await run().catch((thrown: unknown) => {
        const attempt = attempts.get(String((args[0] as { id?: string }).id))
        if (verb !== 'signIn.attemptFirstFactor' || !attempt || !hasCode(thrown, code)) throw thrown
        return { ...attempt, status: 'needs_new_password' }
      })
      if (isAttempt(answer)) attempts.set(answer.id, answer)
      return answer
    })
  }

/** A code that was right once is right again, in whichever browser. */
const codesServeAgain: SeededFault['breaks'] = (adapter, backend) =>
  instead('signIn.attemptFirstFactor', async ({ args, run }, { signIn }) => {
    const { code = '' } = args[1] as { code?: string }
    const known = sharedBy(backend)
    const answer = await run().catch(async (thrown: unknown) =>
      known.has(code) ? { ...(await signIn.reload({ id: idOf(args) })), status: 'needs_new_password' } : rethrow(thrown),
    )
    known.set(code, true)
    return answer
  })(adapter, backend)

/** Every link that is refused is as if it were none. */
const noLinks = instead('signIn.resume', ({ run }) => run().catch(() => ({ attempt: null })))

/** A link goes on where it was opened besides. */
const goesOnHereToo = resumedAs(({ attempt, ...back }) => ({
  ...back,
  attempt: attempt?.status === 'verified_elsewhere' ? ({ ...attempt, status: 'complete' } as SignInAttempt) : attempt,
}))

/** Of the backend in memory with everything on offer, where a link goes on in the tab that asked. */
export const everyWayFaults: readonly SeededFault[] = [
  {
    name: 'a new name is told and not kept',
    caught: 'rename/right',
    breaks: instead('mfa.rename', async ({ args }, { mfa }) => {
      const { factorId, friendlyName } = args[0] as { factorId: string; friendlyName: string }
      return { ...(await mfa?.listFactors())?.find(({ id }) => id === factorId), friendlyName }
    }),
  },
  {
    name: 'a factor that there is not is renamed',
    caught: 'rename/unknown',
    breaks: refusedAs('mfa.rename', 'factor_not_found', () => madeUp),
  },
  { name: 'a name is given twice', caught: 'rename/taken', breaks: refusedAs('mfa.rename', 'factor_name_taken', () => madeUp) },
  { name: 'a name whose answer was lost is sent again', caught: 'rename/lost-reply', breaks: again('mfa.rename') },
  {
    name: 'a default factor is told and not kept',
    caught: 'default/right',
    breaks: instead('mfa.makeDefault', async () => undefined),
  },
  {
    name: 'a factor that there is not is made the default one',
    caught: 'default/unknown',
    breaks: refusedAs('mfa.makeDefault', 'factor_not_found', () => undefined),
  },
  { name: 'a default whose answer was lost is sent again', caught: 'default/lost-reply', breaks: again('mfa.makeDefault') },
  {
    name: 'the accepted passkeys are those of before',
    caught: 'accepted-passkeys/all',
    breaks: (adapter, backend) => {
      let first: unknown
      return instead('mfa.acceptedPasskeys', async ({ run }) => (first ??= await run()))(adapter, backend)
    },
  },
  {
    name: 'nobody has no passkeys',
    caught: 'accepted-passkeys/nobody',
    breaks: refusedAs('mfa.acceptedPasskeys', 'session_lost', () => ({ rpId: 'a', userHandle: 'a', credentialIds: [] })),
  },
  {
    name: 'a wallet’s signature is not checked',
    caught: 'first/web3_solana_signature/forged',
    breaks: refusedAs('signIn.attemptFirstFactor', 'invalid_credentials', async ({ args }, { signIn }) => ({
      ...(await signIn.reload({ id: idOf(args) })),
      status: 'complete',
    })),
  },
  { name: 'the wish to trust a browser is lost', caught: 'trust/same-browser', breaks: wishing(false) },
  { name: 'every browser is trusted, asked or not', caught: 'trust/not-wished', breaks: wishing(true) },
  {
    name: 'trust in one browser is trust in all',
    caught: 'trust/another-browser',
    breaks: trusting((trusted, who) => trusted.has(who), true),
  },
  {
    name: 'trust in one person is trust in all',
    caught: 'trust/another-person',
    breaks: trusting((trusted) => trusted.size > 0, false),
  },
  { name: 'a step-up of the first factor asks for both', caught: 'step-up/first_factor/right', breaks: atLevel('multi_factor') },
  { name: 'a step-up of both factors asks for the first', caught: 'step-up/multi_factor/right', breaks: atLevel('first_factor') },
  {
    name: 'a step-up takes any password',
    caught: 'step-up/first_factor/wrong',
    breaks: refusedAs('signIn.attemptFirstFactor', 'invalid_credentials', ({ args }, { signIn }) =>
      signIn.reload({ id: idOf(args) }),
    ),
  },
  {
    name: 'a wrong password in a step-up signs out',
    caught: 'step-up/multi_factor/wrong',
    breaks: refusedAs('signIn.attemptFirstFactor', 'invalid_credentials', async (_call, { session }) => {
      await session.signOut()
      throw new AuthError('invalid_credentials')
    }),
  },
  { name: 'a step-up that is wanted is not seen', caught: 'step-up/detect', breaks: withDetect(() => null) },
  {
    name: 'a level is asked for that there is not',
    caught: 'step-up/detect',
    breaks: withDetect(() => ({ level: 'aal2' as 'second_factor' })),
  },
  {
    name: 'every refusal asks for a step-up',
    caught: 'step-up/detect-others',
    breaks: withDetect((refused) => (isAuthError(refused) ? { level: 'second_factor' } : null)),
  },
  {
    name: 'a forced enrolment leaves the sign-in behind',
    caught: 'enroll/forced/right',
    breaks: instead('mfa.verify', async ({ run }) => {
      const { attempt: _, ...verified } = (await run()) as Verified
      return verified
    }),
  },
  {
    name: 'an attempt says what only the step before had to say',
    caught: 'enroll/forced/right',
    breaks: instead('mfa.verify', async ({ run }) => {
      const verified = (await run()) as Verified
      return { ...verified, attempt: { ...verified.attempt, enroll: ['totp'] } }
    }),
  },
  {
    name: 'a wrong code enrols where an enrolment is forced',
    caught: 'enroll/forced/wrong',
    breaks: refusedAs('mfa.verify', 'code_incorrect', () => ({ factor: madeUp })),
  },
  { name: 'a captcha’s token stays here', caught: 'captcha/passed-on', breaks: captchas(() => undefined) },
  {
    name: 'a captcha’s token goes with later calls too',
    caught: 'captcha/passed-on',
    breaks: captchas((given, last) => given ?? last),
  },
  {
    name: 'options for a passkey name one',
    caught: 'passkey-options/nobody-named',
    breaks: passkeyOptions((options) => {
      const { publicKey } = options as { publicKey?: object }
      return { ...options, publicKey: { ...publicKey, allowCredentials: [{ type: 'public-key', id: 'theirs' }] } }
    }),
  },
  {
    name: 'options for a passkey are the same every time',
    caught: 'passkey-options/again',
    breaks: passkeyOptions((_options, first) => first),
  },
  {
    name: 'a passkey that stands for both factors is called one',
    caught: 'first/passkey/second-factor-follows',
    passkeysVerify: true,
    breaks: instead('signIn.finish', async ({ run }) => ({ ...(Object(await run()) as object), currentLevel: 'aal1' })),
  },
  {
    name: 'giving up what was finished signs out',
    caught: 'cancel/finished',
    breaks: instead('signIn.cancel', async ({ run }, { session }) => {
      await run()
      await session.signOut()
    }),
  },
  {
    name: 'a no at the provider is as if nothing had been asked',
    caught: 'first/oauth_google/denied',
    breaks: refusedAs('signIn.resume', 'redirect_denied', () => ({ attempt: null })),
  },
  { name: 'the way back from a provider serves twice', caught: 'first/oauth_google/twice', breaks: servesAgain },
  {
    name: 'a provider’s answer is taken in any browser',
    caught: 'first/oauth_google/elsewhere',
    breaks: (adapter, backend) =>
      instead('signIn.resume', ({ args }) => backend.connect({ browser: 'default' }).signIn.resume(args[0] as { url?: string }))(
        adapter,
        backend,
      ),
  },
  {
    name: 'the address keeps what the provider put there',
    caught: 'first/oauth_google/clean-url',
    breaks: resumedAs((answer, cleanUrl) => ({ ...answer, cleanUrl })),
  },
  { name: 'a link serves twice', caught: 'first/email_link/reused', breaks: servesAgain },
  {
    name: 'a link that came too late is as if it were none',
    caught: 'first/email_link/expired',
    breaks: refusedAs('signIn.resume', 'code_expired', () => ({ attempt: null })),
  },
  {
    name: 'a link goes on where it was opened besides',
    caught: 'first/email_link/another-browser',
    breaks: goesOnHereToo,
  },
  { name: 'a link that was tampered with is as if it were none', caught: 'first/email_link/wrong', breaks: noLinks },
  { name: 'a link as the second factor may be tampered with', caught: 'second/email_link/wrong', breaks: noLinks },
  { name: 'a link as the second factor serves twice', caught: 'second/email_link/reused', breaks: servesAgain },
  {
    name: 'a link as the second factor comes too late and is as if it were none',
    caught: 'second/email_link/expired',
    breaks: noLinks,
  },
  {
    name: 'a link as the second factor goes on where it was opened besides',
    caught: 'second/email_link/another-browser',
    breaks: goesOnHereToo,
  },
  {
    name: 'a reset tells unknown users apart',
    caught: mailedReset('unknown-user'),
    breaks: (adapter, { users }) =>
      instead('signIn.create', async ({ args, run }) => {
        const { identifier = '' } = args[0] as { identifier?: string }
        if (!users.find(identifier)) throw new AuthError('no_account')
        return run()
      })(adapter, {} as MemoryBackend),
  },
  {
    name: 'a wrong reset code tells unknown users apart',
    caught: mailedReset('unknown-user'),
    breaks(adapter, { users }) {
      const unknown = new Set<string>()
      return throughVerbs(adapter, async ({ verb, args, run }) => {
        if (verb === 'signIn.attemptFirstFactor' && unknown.has(idOf(args))) throw new AuthError('no_account')
        const answer = await run()
        if (isAttempt(answer) && !users.find(answer.identifier ?? '')) unknown.add(answer.id)
        return answer
      })
    },
  },
  { name: 'a wrong reset code is taken', caught: mailedReset('wrong'), breaks: toNewPassword('code_incorrect') },
  { name: 'an expired reset code is taken', caught: mailedReset('expired'), breaks: toNewPassword('code_expired') },
  { name: 'a reset code serves twice', caught: mailedReset('reused'), breaks: codesServeAgain },
  {
    name: 'reset codes may be guessed without end',
    caught: mailedReset('too-many'),
    breaks: instead('signIn.attemptFirstFactor', ({ run }) =>
      run().catch(() => {
        throw new AuthError('code_incorrect')
      }),
    ),
  },
]
