import type { AuthAdapter } from '../../core/adapter.js'
import { isActive } from '../../core/session.js'
import { check, equal, fail, refused } from '../check.js'
import type { Draft } from '../draft.js'
import type { Scene } from '../scene.js'
import { passFirst } from '../walk.js'
import { mfaOf } from './enrollmentCases.js'
import { noSession, other } from './proofCases.js'

/** A sign-in that goes on only when its person has enrolled an authenticator app. */
export function forcedEnrollmentCases({ capabilities, mfa }: AuthAdapter): readonly Draft[] {
  return mfa && capabilities.enroll.some(({ type }) => type === 'totp') ? cases : []
}

const cases: readonly Draft[] = [
  {
    id: 'enroll/forced/right',
    says: 'is offered before a session, takes the attempt along, and the proof completes the sign-in',
    needs: ['authenticator'],
    async run(scene) {
      const { adapter, mfa, attempt, pending } = await begin(scene)
      const code = await scene.lever('authenticator')(pending.secret)
      const verified = await mfa.verify({ enrollmentId: pending.id, code })
      check(verified.factor.status === 'verified', 'The proved factor should be verified.')
      const after = verified.attempt ?? fail('An enrolment inside a sign-in should answer with the attempt.')
      equal(after.id, attempt.id, 'The attempt after the enrolment')
      equal(after.status, 'complete', 'Where the sign-in is after the enrolment')
      check(isActive(await adapter.signIn.finish(after)), 'After the enrolment the person should be signed in.')
      const listed = await mfa.listFactors({ fresh: true })
      check(
        listed.some(({ id }) => id === verified.factor.id),
        'The proved factor should be listed.',
      )
    },
  },
  {
    id: 'enroll/forced/wrong',
    says: 'a wrong code enrols nothing and lets nobody in',
    needs: ['authenticator'],
    async run(scene) {
      const { adapter, mfa, attempt, pending } = await begin(scene)
      const wrong = other({ code: await scene.lever('authenticator')(pending.secret) })
      const call = mfa.verify({ enrollmentId: pending.id, ...wrong })
      await refused(call, ['code_incorrect', 'code_incorrect_or_expired'], 'A wrong code')
      equal((await adapter.signIn.reload(attempt)).status, 'needs_enrollment', 'Where the sign-in is after a wrong code')
      await refused(adapter.signIn.finish(attempt), ['not_supported'], 'Finishing before the enrolment')
      await noSession(scene, 'a wrong code')
    },
  },
]

async function begin(scene: Scene) {
  const person = await scene.person({ mustEnroll: true })
  const { adapter, attempt } = await passFirst(scene, person)
  if (attempt.status !== 'needs_enrollment') return fail(`The sign-in should need an enrolment; it is at "${attempt.status}".`)
  check(attempt.enroll.includes('totp'), 'The sign-in should offer an authenticator app.')
  await noSession(scene, 'the first factor')
  await refused(adapter.signIn.finish(attempt), ['not_supported'], 'Finishing before the enrolment')
  const mfa = mfaOf(adapter)
  const pending = await mfa.enroll({ type: 'totp', attempt })
  if (pending.status !== 'pending' || pending.type !== 'totp') return fail('An authenticator app should wait for its proof.')
  return { adapter, mfa, attempt, pending }
}
