import type { Proof } from '../../core/attempt.js'
import type { AuthErrorCode } from '../../core/AuthError.js'
import { isActive } from '../../core/session.js'
import { isWallet } from '../../core/screenOf.js'
import type { Strategy } from '../../core/strategy.js'
import { isAuthError } from '../../core/AuthError.js'
import { check, fail, refused } from '../check.js'
import type { Draft } from '../draft.js'
import type { Scene } from '../scene.js'
import { answer, isCode, prepare, proofOf, verificationOf, type Side, type Stand } from '../walk.js'

export const wrongCodes: readonly AuthErrorCode[] = ['code_incorrect', 'code_incorrect_or_expired']
const wrongPassword: readonly AuthErrorCode[] = ['invalid_credentials']
export const lateCodes: readonly AuthErrorCode[] = ['code_expired', 'code_incorrect_or_expired', 'attempt_lost', 'session_lost']
/** How an attempt says that there were too many. */
const tooMany: readonly AuthErrorCode[] = [
  'too_many_attempts',
  'rate_limited',
  'locked',
  'blocked',
  'attempt_lost',
  'session_lost',
  'code_expired',
]
export const spent: readonly AuthErrorCode[] = [...wrongCodes, ...lateCodes, 'already_used', 'too_many_attempts']
const mostTries = 25

/** The tries of one strategy on one side. `stand`: a new person at it, or the same one again. */
export function proofCases(
  side: Side,
  strategy: Strategy,
  stand: (scene: Scene, again?: Stand) => Promise<Stand>,
): readonly Draft[] {
  const at = (name: string) => `${side}/${strategy}/${name}`
  const typed = isCode(strategy) || ['password', 'totp', 'backup_code'].includes(strategy)
  const sent = isCode(strategy)
  const drafts: (Draft | false)[] = [
    typed && {
      id: at('wrong'),
      says: 'a wrong one is refused as wrong, makes no session, and the right one still works',
      async run(scene) {
        const here = await stand(scene)
        const right = await proofOf(scene, here)
        const error = await refused(
          answer(here, other(right)),
          strategy === 'password' ? wrongPassword : wrongCodes,
          'A wrong proof',
        )
        const field = strategy === 'password' ? 'password' : 'code'
        check(error.field === undefined || error.field === field, `The error should speak of the field "${field}".`)
        await noSession(scene, 'a wrong proof')
        const { status } = await answer(here, right)
        check(status !== here.attempt.status, `After the right proof the attempt should have moved on; it is at "${status}".`)
      },
    },
    typed && {
      id: at('empty'),
      says: 'nothing, and what is no proof at all, is refused',
      async run(scene) {
        const here = await stand(scene)
        await proofOf(scene, here)
        const key = strategy === 'password' ? 'password' : 'code'
        for (const text of ['', ' ', '0', 'null', '<script>'])
          await refused(answer(here, { [key]: text } as Proof), [], 'No proof')
        await noSession(scene, 'no proof')
      },
    },
    typed && {
      id: at('too-many'),
      says: 'wrong ones are counted: there is an end to guessing, and then the right one does not pass either',
      async run(scene) {
        const here = await stand(scene)
        const right = await proofOf(scene, here)
        await endOfGuessing(here, right)
        await noSession(scene, 'too many wrong proofs')
      },
    },
    sent && {
      id: at('expired'),
      says: 'a code that came too late is refused as expired',
      needs: ['passTime'],
      async run(scene) {
        const here = await stand(scene)
        const prepared = await prepare(scene, here)
        const code = await here.person.delivered(strategy)
        const lifeMs = verificationOf(prepared, side)?.expiresInMs ?? 25 * 3_600_000
        await scene.lever('passTime')(lifeMs + 1_000)
        await refused(answer(here, { code }), lateCodes, 'An expired code')
        await noSession(scene, 'an expired code')
      },
    },
    strategy === 'totp' && {
      id: at('expired'),
      says: 'a code of five minutes ago is refused',
      needs: ['passTime'],
      async run(scene) {
        const here = await stand(scene)
        const proof = await proofOf(scene, here)
        await scene.lever('passTime')(5 * 60_000)
        await refused(answer(here, proof), spent, 'A code of five minutes ago')
        await noSession(scene, 'an old code')
      },
    },
    sent && {
      id: at('superseded'),
      says: 'a second message brings a new code; the one before it is dead, the new one works',
      // Between two messages to one person there may be a wait.
      needs: ['passTime'],
      async run(scene) {
        const here = await stand(scene)
        await prepare(scene, here)
        const old = await here.person.delivered(strategy)
        await prepare(scene, here)
        const code = await here.person.delivered(strategy)
        check(code !== old, 'The second message should bring a new code.')
        await refused(answer(here, { code: old }), spent, 'The code of the message before')
        const { status } = await answer(here, { code })
        check(status !== here.attempt.status, `After the newest code the attempt should have moved on; it is at "${status}".`)
      },
    },
    (sent || strategy === 'totp' || strategy === 'backup_code') && {
      id: at('reused'),
      says: 'a code that was right once does not pass again, in another browser and another attempt',
      needs: sent ? ['another', 'passTime'] : ['another'],
      async run(scene) {
        const here = await stand(scene)
        const proof = await proofOf(scene, here)
        await answer(here, proof)
        const again = await stand(scene, { ...here, adapter: await scene.another() })
        if (sent) await prepare(scene, again)
        const error = await refused(answer(again, proof), spent, 'A used code')
        const asWrong = strategy !== 'backup_code' || wrongCodes.includes(error.code)
        check(asWrong, 'A used backup code should read like a wrong one.')
      },
    },
    isWallet(strategy) && {
      id: at('forged'),
      says: 'a signature of somebody else, and what is none, is refused as wrong and makes no session',
      async run(scene) {
        const here = await stand(scene)
        const forger = await scene.person({ first: [strategy] })
        const own = await proofOf(scene, { ...here, person: forger })
        await refused(answer(here, own), wrongPassword, 'A signature of somebody else')
        for (const signature of ['', 'null', '0x00']) {
          await prepare(scene, here)
          await refused(answer(here, { signature }), [], 'No signature')
        }
        await noSession(scene, 'no signature')
      },
    },
    !typed &&
      !strategy.endsWith('_link') && {
        id: at('reused'),
        says: 'a proof that was right once does not pass again, in another browser and another attempt',
        needs: ['another'],
        async run(scene) {
          const here = await stand(scene)
          const proof = await proofOf(scene, here)
          await answer(here, proof)
          const again = await stand(scene, { ...here, adapter: await scene.another() })
          await prepare(scene, again)
          await refused(answer(again, proof), [], 'A used proof')
        },
      },
  ]
  return drafts.filter((draft) => draft !== false)
}

/** Guesses until there is an end to it, after which the right one does not pass either. */
export async function endOfGuessing(here: Stand, right: Proof): Promise<void> {
  const end = await guess(here, right)
  check(tooMany.includes(end.code), `After many wrong proofs the error was "${end.code}".`)
  await refused(answer(here, right), [], 'The right proof after too many wrong ones')
}

/** Guesses until the backend has had enough; answers with what it said then. */
async function guess(here: Stand, right: Proof) {
  for (let tries = 0; tries < mostTries; tries++) {
    const thrown = await answer(here, other(right)).then(
      ({ status }) => fail(`A wrong proof passed: the attempt is at "${status}".`),
      (error: unknown) => error,
    )
    if (!isAuthError(thrown)) throw thrown
    if (![...wrongCodes, ...wrongPassword].includes(thrown.code)) return thrown
  }
  return fail(`${mostTries} wrong proofs in a row were refused like the first: nothing stops guessing.`)
}

/** As long as the right one, of the same kind of letters, and wrong in every place. */
export function other(proof: Proof): Proof {
  if ('password' in proof) return { password: `${proof.password}x` }
  if (!('code' in proof)) return fail('Only what is typed can be typed wrong.')
  return { code: proof.code.replace(/[\da-z]/gi, (letter) => following[letter] ?? letter) }
}

const following = Object.fromEntries(
  ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].flatMap((letters) =>
    [...letters].map((letter, index) => [letter, letters[(index + 3) % letters.length]]),
  ),
) as Record<string, string>

export async function noSession({ adapter }: Pick<Scene, 'adapter'>, after: string): Promise<void> {
  const session = await adapter.session.get({ fresh: true })
  check(!isActive(session), `After ${after} nobody should be signed in.`)
}
