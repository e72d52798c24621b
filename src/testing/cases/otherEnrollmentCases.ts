import type { AuthAdapter, MfaApi } from '../../core/adapter.js'
import type { EnrollParams, Enrollment, Verified } from '../../core/enrollment.js'
import type { EnrollType, SecondStrategy } from '../../core/strategy.js'
import type { Person } from '../adapterHarness.js'
import { check, equal, fail, refused } from '../check.js'
import type { Draft } from '../draft.js'
import type { Scene } from '../scene.js'
import { pass, passFirst, signIn } from '../walk.js'
import { mfaOf } from './enrollmentCases.js'
import { other } from './proofCases.js'

/** Enrolling a phone, a mailbox, a passkey or a security key. */
export function otherEnrollmentCases({ capabilities, mfa }: AuthAdapter): readonly Draft[] {
  if (!mfa) return []
  return capabilities.enroll.filter(({ type }) => type !== 'totp').flatMap(({ type }) => enrollmentCases(type))
}

const strategies: Record<EnrollType, readonly SecondStrategy[]> = {
  totp: ['totp'],
  phone: ['phone_code'],
  email: ['email_code', 'email_link'],
  webauthn: ['passkey', 'security_key'],
}

function enrollmentCases(type: EnrollType): readonly Draft[] {
  return [
    {
      id: `enroll/${type}/right`,
      says: 'the factor counts once it was proved',
      async run(scene) {
        const { person, mfa, enrollment } = await begin(scene, type)
        if (enrollment.status === 'pending') equal(await verified(mfa), [], 'The factors before the proof')
        const { factor } = await prove(scene, mfa, person, enrollment)
        check(factor.status === 'verified', 'The proved factor should be verified.')
        check(strategies[type].includes(factor.strategy), `The proved factor should not be a ${factor.strategy}.`)
        check((await verified(mfa)).includes(factor.id), 'The proved factor should be listed.')
      },
    },
    {
      id: `enroll/${type}/asked-for`,
      says: 'from then on sign-in asks for it, and takes it; a passkey that is a first factor only, it takes without being asked',
      needs: ['another'],
      async run(scene) {
        const { person, mfa, enrollment } = await begin(scene, type)
        const { factor } = await prove(scene, mfa, person, enrollment)
        if (factor.strategy === 'passkey' && !scene.capabilities.secondFactors.includes('passkey'))
          return signsIn(await scene.another(), person)
        const { adapter, attempt } = await passFirst(scene, person, undefined, await scene.another())
        check(attempt.status === 'needs_second_factor', `Sign-in should ask for the new factor; it is at "${attempt.status}".`)
        const option = attempt.supportedSecondFactors?.find(({ strategy }) => strategies[type].includes(strategy))
        if (!option) return fail('Sign-in should offer the new factor.')
        const passed = await pass(scene, { adapter, person, attempt, option, side: 'second' })
        check(
          passed.attempt.status === 'complete',
          `The new factor should complete the sign-in; it is at "${passed.attempt.status}".`,
        )
      },
    },
    ...(type === 'webauthn' ? [] : [wrongCode(type)]),
  ]
}

/** Nothing is typed before. */
async function signsIn({ signIn: api }: AuthAdapter, person: Person): Promise<void> {
  const begun = await (api.passkeyOptions?.() ?? fail('Sign-in offers no passkey.'))
  const credential = await (person.credential?.(begun.publicKey) ?? fail('The person has no passkey.'))
  const attempt = await api.attemptFirstFactor(begun, { factorId: 'passkey', credential })
  check(attempt.status === 'complete', `The new passkey should complete the sign-in; it is at "${attempt.status}".`)
}

function wrongCode(type: 'phone' | 'email' | 'totp'): Draft {
  return {
    id: `enroll/${type}/wrong`,
    says: 'a wrong code is refused, and proves nothing',
    async run(scene) {
      const { person, mfa, enrollment } = await begin(scene, type)
      if (enrollment.status !== 'pending') return fail('An address should wait for its proof.')
      const code = await person.delivered(type === 'phone' ? 'phone_code' : 'email_code')
      const wrong = mfa.verify({ enrollmentId: enrollment.id, ...other({ code }) })
      await refused(wrong, ['code_incorrect', 'code_incorrect_or_expired'], 'A wrong code')
      equal(await verified(mfa), [], 'The factors after a wrong code')
    },
  }
}

/** Stands where a message was sent, or the options of a passkey are there. */
async function begin(scene: Scene, type: EnrollType) {
  const person = await scene.person()
  await signIn(scene, person)
  const mfa = mfaOf(scene.adapter)
  const begun = await mfa.enroll({ ...paramsOf(type, person), password: person.password })
  const unsent = begun.status === 'pending' && (begun.type === 'phone' || begun.type === 'email') && !begun.sent
  return { person, mfa, enrollment: unsent ? await mfa.challenge({ enrollmentId: begun.id }) : begun }
}

export function paramsOf(type: EnrollType, { phone }: Person): EnrollParams {
  if (type !== 'phone') return { type }
  return { type, phone: phone ?? fail('The person has no number that could be enrolled.') }
}

/** Proves what is pending, and answers with what is proved already as it is. */
export async function prove(scene: Scene, mfa: MfaApi, person: Person, enrollment: Enrollment): Promise<Verified> {
  if (enrollment.status === 'verified') return enrollment.result
  const { id: enrollmentId, type } = enrollment
  if (type === 'totp') return mfa.verify({ enrollmentId, code: await scene.lever('authenticator')(enrollment.secret) })
  if (type === 'webauthn') {
    const credential = await (person.credential?.(enrollment.publicKey) ?? fail('The person has no passkey.'))
    return mfa.verify({ enrollmentId, credential })
  }
  return mfa.verify({ enrollmentId, code: await person.delivered(type === 'phone' ? 'phone_code' : 'email_code') })
}

async function verified(mfa: MfaApi): Promise<string[]> {
  return (await mfa.listFactors({ fresh: true })).filter(({ status }) => status === 'verified').map(({ id }) => id)
}
