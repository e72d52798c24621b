import type { AuthAdapter, CallOptions, ReadOptions } from '../core/adapter.js'
import type { AttemptRef } from '../core/attempt.js'
import * as answer from './answerShapes.js'
import * as request from './requestShapes.js'
import type { OnAttempt } from './requestShapes.js'
import type { IsOwn, Read } from './shape.js'

/** A verb of the contract as it goes over the wire. docs/protocol.openapi.yaml says the same for people. */
export interface Operation {
  readonly method: 'GET' | 'POST'
  readonly path: string
  offeredBy(adapter: AuthAdapter): boolean
  /** Throws `Malformed` and, where it names a page that is not ours, an `AuthError`. */
  read(input: unknown, isOwn: IsOwn): Ready
}

/** A request that has been read: asks an adapter that offers the verb, and answers with the body. */
export type Ready = (adapter: AuthAdapter) => Promise<object>

type Verb<P> = (adapter: AuthAdapter) => ((params: P, options: CallOptions) => Promise<unknown>) | undefined

/** `member`: where the answer stands in the body. Without it the answer is the body. */
function operation<P>(
  method: 'GET' | 'POST',
  path: string,
  read: Read<P>,
  verb: Verb<P>,
  show: Read<unknown>,
  member?: string,
): Operation {
  return {
    method,
    path,
    offeredBy: (adapter) => verb(adapter) !== undefined,
    read(input, isOwn) {
      const params = read(input, isOwn)
      const options = method === 'POST' ? request.options(input) : {}
      return async (adapter) => {
        const given = show(await verb(adapter)?.(params, options))
        return member ? { [member]: given } : (given as object)
      }
    },
  }
}

const post = <P>(path: string, read: Read<P>, verb: Verb<P>, show: Read<unknown>, member?: string) =>
  operation('POST', path, read, verb, show, member)

const get = (
  path: string,
  verb: (adapter: AuthAdapter) => ((options: ReadOptions) => Promise<unknown>) | undefined,
  show: Read<unknown>,
  member: string,
) => operation('GET', path, request.reading, verb, show, member)

type Step<P> = (adapter: AuthAdapter) => ((ref: AttemptRef, params: P, options: CallOptions) => Promise<unknown>) | undefined

const step = <P>(path: string, read: Read<P>, verb: Step<P>, show: Read<unknown> = answer.attempt, member = 'attempt') =>
  post<OnAttempt<P>>(
    `sign-in/${path}`,
    request.onAttempt(read),
    (adapter) => {
      const call = verb(adapter)
      return call && (({ ref, params }, options) => call(ref, params, options))
    },
    show,
    member,
  )

/** What a browser has to know before it can draw: everything that the contract's members and `Capabilities` say. */
const capabilities: Operation = {
  method: 'GET',
  path: 'capabilities',
  offeredBy: () => true,
  read: () => async (adapter) => ({
    capabilities: adapter.capabilities,
    verbs: verbs.filter((one) => one.offeredBy(adapter)).map(({ path }) => path),
    ...(adapter.stepUp && { stepUpLevels: adapter.stepUp.levels }),
  }),
}

const verbs: readonly Operation[] = [
  post('sign-in/create', request.create, ({ signIn }) => signIn.create, answer.attempt, 'attempt'),
  post(
    'sign-in/passkey-options',
    request.nothing,
    ({ signIn: { passkeyOptions } }) => passkeyOptions && ((_nothing, options) => passkeyOptions(options)),
    answer.passkeyOptions,
  ),
  post('sign-in/resume', request.resume, ({ signIn }) => signIn.resume, answer.resumed),
  step(
    'reload',
    request.nothing,
    ({ signIn }) =>
      (ref, _nothing, options) =>
        signIn.reload(ref, options),
  ),
  step('prepare-first-factor', request.prepare, ({ signIn }) => signIn.prepareFirstFactor),
  step('attempt-first-factor', request.passFirst, ({ signIn }) => signIn.attemptFirstFactor),
  step('prepare-second-factor', request.prepare, ({ signIn }) => signIn.prepareSecondFactor),
  step('attempt-second-factor', request.passSecond, ({ signIn }) => signIn.attemptSecondFactor),
  step('reset-password', request.newPassword, ({ signIn }) => signIn.resetPassword),
  step(
    'finish',
    request.nothing,
    ({ signIn }) =>
      (ref, _nothing, options) =>
        signIn.finish(ref, options),
    answer.session,
    'session',
  ),
  step(
    'cancel',
    request.nothing,
    ({ signIn }) =>
      (ref) =>
        signIn.cancel(ref),
    answer.done,
    'done',
  ),
  get('session/get', ({ session }) => session.get, answer.sessionOrNone, 'session'),
  post('session/sign-out', request.signOut, ({ session }) => session.signOut, answer.done, 'done'),
  post('step-up/create', request.stepUp, ({ stepUp }) => stepUp?.create, answer.attempt, 'attempt'),
  get('mfa/list-factors', ({ mfa }) => mfa?.listFactors, answer.factors, 'factors'),
  post('mfa/enroll', request.enroll, ({ mfa }) => mfa?.enroll, answer.enrollment, 'enrollment'),
  post('mfa/challenge', request.challenge, ({ mfa }) => mfa?.challenge, answer.enrollment, 'enrollment'),
  post('mfa/verify', request.verify, ({ mfa }) => mfa?.verify, answer.verified),
  post('mfa/abandon', request.abandon, ({ mfa }) => mfa?.abandon, answer.done, 'done'),
  post('mfa/unenroll', request.unenroll, ({ mfa }) => mfa?.unenroll, answer.done, 'done'),
  post('mfa/rename', request.rename, ({ mfa }) => mfa?.rename, answer.factor, 'factor'),
  post('mfa/make-default', request.makeDefault, ({ mfa }) => mfa?.makeDefault, answer.done, 'done'),
  get('mfa/accepted-passkeys', ({ mfa }) => mfa?.acceptedPasskeys, answer.acceptedPasskeys, 'passkeys'),
  get('mfa/backup-codes/status', ({ mfa }) => mfa?.backupCodes?.status, answer.codesLeft, 'backupCodes'),
  post('mfa/backup-codes/generate', request.withPassword, ({ mfa }) => mfa?.backupCodes?.generate, answer.codes, 'backupCodes'),
]

/** By path, below wherever the handler is mounted. */
export const operations: ReadonlyMap<string, Operation> = new Map([capabilities, ...verbs].map((one) => [one.path, one]))
