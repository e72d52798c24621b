import type { AuthAdapter } from '../../core/adapter.js'
import type { AuthError } from '../../core/AuthError.js'
import type { Act, Trouble } from '../adapterHarness.js'
import { check, equal, refused, unanswered } from '../check.js'
import type { Draft } from '../draft.js'
import type { Scene } from '../scene.js'
import {
  answer,
  isCode,
  proofOf,
  send,
  standAtFirst,
  standAtSecond,
  usualFirst,
  usualSecond,
  wantsFor,
  type Stand,
} from '../walk.js'
import { noSession } from './proofCases.js'

interface Step {
  readonly name: string
  /** Comes to the step; answers with what the backend is asked for there, and how often one likes. */
  begin(scene: Scene): Promise<{ act: Act; stand: Stand; call: () => Promise<unknown> }>
}

/** What a backend answers besides right and wrong, at each step where it may. */
export function answerCases({ capabilities }: AuthAdapter): readonly Draft[] {
  const code = capabilities.firstFactors.map(({ strategy }) => strategy).find(isCode)
  const sending: Step = {
    name: 'sending',
    async begin(scene) {
      const strategy = code ?? usualFirst(scene)
      const stand = await standAtFirst(scene, await scene.person({ first: [strategy] }), strategy)
      return { act: { verb: 'signIn.prepareFirstFactor', strategy }, stand, call: () => send(scene, stand) }
    },
  }
  const steps = [first, ...(code ? [sending] : []), ...(capabilities.secondFactors.length > 0 ? [second] : [])]
  return steps.flatMap((step) => [
    ...[failure, throttled].map((make) => make(step)),
    // A message that is not sent tells nothing of an account.
    ...(step === sending ? [] : [locked(step)]),
  ])
}

const first: Step = {
  name: 'first-factor',
  begin: async (scene) =>
    proving(scene, 'signIn.attemptFirstFactor', await standAtFirst(scene, await scene.person(), usualFirst(scene))),
}

const second: Step = {
  name: 'second-factor',
  async begin(scene) {
    const strategy = usualSecond(scene)
    return proving(
      scene,
      'signIn.attemptSecondFactor',
      await standAtSecond(scene, await scene.person(wantsFor[strategy]), strategy),
    )
  },
}

async function proving(scene: Scene, verb: Act['verb'], stand: Stand) {
  const proof = await proofOf(scene, stand)
  return { act: { verb, strategy: stand.option.strategy }, stand, call: () => answer(stand, proof) }
}

const failure = (step: Step): Draft =>
  draft(step, 'failure', 'a failure of the backend leaves open what has happened, and calls nothing wrong', async (call) => {
    await unanswered(call, 'What the backend failed at')
  })

const throttled = (step: Step): Draft =>
  draft(step, 'throttled', 'too many requests is rate_limited, with the wait where the backend tells it', (call) =>
    refused(call, ['rate_limited'], 'What came too often'),
  )

const locked = (step: Step): Draft =>
  draft(step, 'locked', 'a locked account is locked, with the wait where the backend tells it', (call) =>
    refused(call, ['locked'], 'A right proof for a locked account'),
  )

function draft(step: Step, trouble: Trouble, says: string, see: (call: Promise<unknown>) => Promise<AuthError | void>): Draft {
  return {
    id: `answers/${step.name}/${trouble}`,
    says: `${says}; afterwards the same works`,
    needs: ['answerNext'],
    async run(scene) {
      const { act, stand, call } = await step.begin(scene)
      const { retryInMs } = await scene.lever('answerNext')(act, trouble)
      const error = await see(call())
      if (error) equal(error.retryInMs, retryInMs, 'The wait that the backend has told')
      await noSession(scene, `the answer "${trouble}"`)
      const { status } = await stand.adapter.signIn.reload(stand.attempt)
      equal(status, stand.attempt.status, 'The status after what was not carried out')
      const now = (await call()) as { status?: string }
      check(now.status !== undefined, 'Afterwards the same call should answer with the attempt.')
      if (step.name !== 'sending') check(now.status === 'complete', `Afterwards it should be right; it is at "${now.status}".`)
    },
  }
}
