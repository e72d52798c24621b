import type { AuthAdapter, MfaApi } from '../../core/adapter.js'
import { isAuthError, type AuthErrorCode } from '../../core/AuthError.js'
import type { Enrollment, Verified } from '../../core/enrollment.js'
import type { Person } from '../adapterHarness.js'
import { check, equal, fail, refused, unanswered } from '../check.js'
import type { Draft } from '../draft.js'
import type { Scene } from '../scene.js'
import { answer, optionOf, passFirst, signIn } from '../walk.js'
import { other } from './proofCases.js'

const wrongCodes: readonly AuthErrorCode[] = ['code_incorrect', 'code_incorrect_or_expired']

/** Enrolling an authenticator app, and taking it away again. */
export function enrollmentCases({ capabilities, mfa }: AuthAdapter): readonly Draft[] {
  if (!mfa) return []
  const totp = capabilities.enroll.some(({ type }) => type === 'totp')
  return [...always, ...(totp ? app : []), ...(totp && capabilities.managePassword ? [withPassword] : [])]
}

const always: readonly Draft[] = [
  {
    id: 'mfa/signed-out',
    says: 'without a session the factors are refused, never an empty list',
    async run({ adapter }) {
      const list = mfaOf(adapter).listFactors({ fresh: true })
      await refused(list, ['session_lost'], 'Listing factors without a session')
    },
  },
  {
    id: 'mfa/unknown-enrollment',
    says: 'an enrolment that the adapter does not know is refused',
    async run(scene) {
      await signIn(scene, await scene.person())
      const call = mfaOf(scene.adapter).verify({ enrollmentId: 'made-up', code: '123456' })
      await refused(call, ['attempt_lost', 'factor_not_found', 'not_supported'], 'Verifying a made-up enrolment')
    },
  },
]

const app: readonly Draft[] = [
  {
    id: 'enroll/totp/right',
    says: 'the app counts once its code was right, and from then on sign-in asks for it',
    needs: ['authenticator', 'another'],
    async run(scene) {
      const { person, mfa, pending } = await begin(scene)
      await refused(
        mfa.verify({ enrollmentId: pending.id, ...other({ code: await codeOf(scene, pending.secret) }) }),
        wrongCodes,
        'A wrong code',
      )
      equal(await verified(mfa), [], 'The factors before the proof')
      const before = await passFirst(scene, person, undefined, await scene.another())
      check(before.attempt.status === 'complete', 'An app that is not proved should not be asked for.')
      const { factor } = await mfa.verify({ enrollmentId: pending.id, code: await codeOf(scene, pending.secret) })
      check(
        factor.strategy === 'totp' && factor.status === 'verified',
        'The proved factor should be a verified authenticator app.',
      )
      equal(await verified(mfa), [factor.id], 'The factors after the proof')
      const { adapter, attempt } = await passFirst(scene, person, undefined, await scene.another())
      check(attempt.status === 'needs_second_factor', `Sign-in should ask for the new app; it is at "${attempt.status}".`)
      const option = optionOf(attempt, 'second', 'totp')
      const code = await codeOf(scene, pending.secret)
      const done = await answer({ adapter, attempt, option, person, side: 'second' }, { code })
      check(done.status === 'complete', 'The new app’s code should complete the sign-in.')
    },
  },
  {
    id: 'enroll/totp/once-more',
    says: 'verify called again for what is proved answers again, and does not hand the backup codes out twice',
    needs: ['authenticator'],
    async run(scene) {
      const { mfa, pending } = await begin(scene)
      const params = { enrollmentId: pending.id, code: await codeOf(scene, pending.secret) }
      const first = await mfa.verify(params)
      const again = await mfa.verify(params)
      equal(again.factor.id, first.factor.id, 'The factor of a second verify')
      check(!first.backupCodes || !again.backupCodes, 'Backup codes should be handed out once.')
    },
  },
  {
    id: 'enroll/totp/lost-reply',
    says: 'after the answer to the proof was lost, verify called again finds it done, or that the session went with the answer; sign-in asks for it',
    needs: ['authenticator', 'loseNextReply', 'another'],
    async run(scene) {
      const { mfa, pending, person } = await begin(scene)
      const params = { enrollmentId: pending.id, code: await codeOf(scene, pending.secret) }
      await scene.lever('loseNextReply')({ verb: 'mfa.verify', strategy: 'totp' })
      await unanswered(mfa.verify(params), 'A proof whose answer was lost')
      const again = await mfa.verify(params).catch((thrown: unknown) => thrown)
      if (isAuthError(again)) equal(again.code, 'session_lost', 'What verify says when it is called again')
      else equal(await verified(mfa), [(again as Verified).factor.id], 'The factors after the proof')
      const { attempt } = await passFirst(scene, person, undefined, await scene.another())
      check(attempt.status === 'needs_second_factor', `Sign-in should ask for the proved app; it is at "${attempt.status}".`)
    },
  },
  {
    id: 'enroll/totp/abandon',
    says: 'an enrolment that was given up cannot be proved; a factor that is proved is not touched',
    needs: ['authenticator'],
    async run(scene) {
      const { mfa, pending, person } = await begin(scene)
      if (!mfa.abandon) return
      await mfa.abandon({ enrollmentId: pending.id })
      const late = mfa.verify({ enrollmentId: pending.id, code: await codeOf(scene, pending.secret) })
      await refused(late, ['attempt_lost', 'factor_not_found'], 'Proving what was given up')
      const next = await enroll(mfa, person)
      const { factor } = await mfa.verify({ enrollmentId: next.id, code: await codeOf(scene, next.secret) })
      await mfa.abandon({ enrollmentId: next.id })
      equal(await verified(mfa), [factor.id], 'The factors after giving up what is proved')
    },
  },
  {
    id: 'enroll/totp/unenroll',
    says: 'a factor that was taken away is not asked for any more, and cannot be taken away twice',
    needs: ['authenticator', 'another'],
    async run(scene) {
      const { mfa, pending, person } = await begin(scene)
      const { factor } = await mfa.verify({ enrollmentId: pending.id, code: await codeOf(scene, pending.secret) })
      await mfa.unenroll({ factorId: factor.id, password: person.password })
      equal(await verified(mfa), [], 'The factors after the last was taken away')
      const { attempt } = await passFirst(scene, person, undefined, await scene.another())
      check(
        attempt.status === 'complete',
        `A factor that was taken away should not be asked for; the attempt is at "${attempt.status}".`,
      )
      const session = await scene.adapter.session.get({ fresh: true })
      check(session?.currentLevel !== 'aal2', 'Without a second factor no session should be at aal2.')
    },
  },
]

const withPassword: Draft = {
  id: 'enroll/totp/password',
  says: 'where managing factors wants the password, a wrong one is refused',
  async run(scene) {
    const person = await scene.person()
    await signIn(scene, person)
    const call = mfaOf(scene.adapter).enroll({ type: 'totp', password: `${person.password}x` })
    await refused(call, ['invalid_credentials'], 'Enrolling with a wrong password')
  },
}

export function mfaOf({ mfa }: AuthAdapter): MfaApi {
  return mfa ?? fail('The adapter has no mfa.')
}

async function begin(scene: Scene) {
  const person = await scene.person()
  await signIn(scene, person)
  const mfa = mfaOf(scene.adapter)
  return { person, mfa, pending: await enroll(mfa, person) }
}

async function enroll(mfa: MfaApi, { password }: Person) {
  const enrollment: Enrollment = await mfa.enroll({ type: 'totp', password })
  check(enrollment.status === 'pending' && enrollment.type === 'totp', 'An authenticator app should wait for its proof.')
  check(/^[A-Z2-7]{16,}=*$/.test(enrollment.secret), 'The secret should be base32, of 80 bits at least.')
  check(enrollment.uri.startsWith('otpauth://totp/'), 'The URI should be an otpauth URI.')
  check(enrollment.uri.includes(enrollment.secret.replace(/=+$/, '')), 'The URI should hold the secret.')
  return enrollment
}

const codeOf = (scene: Scene, secret: string) => scene.lever('authenticator')(secret)

async function verified(mfa: MfaApi): Promise<string[]> {
  return (await mfa.listFactors({ fresh: true })).filter(({ status }) => status === 'verified').map(({ id }) => id)
}
