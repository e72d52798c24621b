import type { MfaApi, SessionApi, SignInApi, StepUpApi } from './adapter.js'
import type { AttemptRef, SignInAttempt } from './attempt.js'
import { createAttemptBook, type AttemptBook, type KeptAttempt } from './attemptBook.js'
import { AuthError, toAuthError } from './AuthError.js'
import type { Factor } from './enrollment.js'
import type { Json } from './json.js'
import { showProved, type ProvedSession } from './provedSession.js'
import type { Away, SealedAttempt } from './sealedAttempt.js'
import type { SealedBookOptions } from './sealedBookOptions.js'
import type { ActiveSession } from './session.js'

type Work<Kept, T> = (kept: Kept, book: AttemptBook) => T | Promise<T>

export type SealedBook<Kept extends SealedAttempt> = ReturnType<typeof createSealedBook<Kept>>

/** Milliseconds. From an attempt's beginning: what is written over an older value of its cell has only what is left of that. */
const attemptMs = 10 * 60_000

const isLost = ({ code }: AuthError) => code === 'attempt_lost'

/**
 * The attempt book of a server's adapter, which lives for one request: a browser has one attempt and one session, both in the request's cells,
 * and an older attempt is lost. For backends that keep no attempt themselves and say little of their sessions.
 */
export function createSealedBook<Kept extends SealedAttempt>(options: SealedBookOptions<Kept>) {
  const { request, firstFactors, newId, sessions, revoke, factors, removeFactor, toSecond } = options
  const read = () => request.attempt.read() as Kept | null
  const write = (kept: Kept | null) => request.attempt.write(kept as Json, attemptMs)
  const readSession = () => request.session.read() as unknown as ProvedSession | null
  const writeSession = (held: ProvedSession | null) => request.session.write(held as unknown as Json)

  function openBook(): AttemptBook {
    const kept = read()
    const book = createAttemptBook(firstFactors)
    if (kept) Object.assign(book.open(kept.attempt), kept)
    return book
  }

  /** Begins one; it is kept once it is written. */
  function begin(start: object, more: Partial<SealedAttempt> = {}) {
    // Should an answer be lost, `resume` must not take an older attempt for what came of this one.
    write(null)
    const book = createAttemptBook(firstFactors)
    const kept = Object.assign(book.open({ id: newId(), ...start }), { proved: [], challenges: {} }, more) as unknown as Kept
    return { kept, book }
  }

  /** One for whoever is signed in. */
  const beginFor = ({ proved, ...held }: ProvedSession, more: object) =>
    begin(
      { purpose: 'step_up', identifier: held.label, supportedFirstFactors: [] },
      { session: held, userId: held.userId, proved: [...proved], ...more },
    )

  /** One that may have been proved in an answer that was lost is left alone. */
  async function dropUnproved({ enrolling, doubt, attempt, userId = '' }: SealedAttempt) {
    if (enrolling && !doubt && attempt.status === 'needs_enrollment') await removeFactor(enrolling, userId)
  }

  async function giveUp(book: AttemptBook, ref: AttemptRef) {
    const kept = book.giveUp(ref) as Kept | undefined
    write(null)
    if (kept) await Promise.all([dropUnproved(kept), kept.session && revoke(kept.session.id)])
  }

  /** One verb: the record is found in the book, worked on, and put back, also after a refusal. One that is over is given up. */
  async function step<T>(find: (book: AttemptBook) => KeptAttempt, work: Work<Kept, T>, isOver = isLost): Promise<T> {
    const book = openBook()
    const kept = find(book) as Kept
    try {
      const answer = await work(kept, book)
      write(kept)
      return answer
    } catch (thrown) {
      if (isOver(toAuthError(thrown))) await giveUp(book, kept.attempt).catch(() => undefined)
      else write(kept)
      throw thrown
    }
  }

  /** Finds this browser's own attempt, if it is so. */
  const ownIf = (is: (kept: Kept) => boolean) => (book: AttemptBook) => {
    const kept = read()
    return book.find({ id: kept && is(kept) ? kept.attempt.id : '' })
  }

  /** The person's proved factors, `null` where the session is over. */
  async function factorsIn({ id, userId }: Omit<ProvedSession, 'proved'>): Promise<readonly Factor[] | null> {
    if (!(await sessions(userId)).includes(id)) return null
    const { attempt, enrolling } = read() ?? {}
    return (await factors(userId)).filter((one) => one.id !== enrolling || attempt?.status !== 'needs_enrollment')
  }

  async function look(held: ProvedSession): Promise<ActiveSession | null> {
    const all = await factorsIn(held)
    return all && showProved(held, all.length > 0, options.now())
  }

  /** Rejects `session_lost` where nobody is signed in, or no more. */
  async function signedIn() {
    const held = readSession()
    const all = held && (await factorsIn(held))
    if (!all) throw new AuthError('session_lost')
    return { held, factors: all }
  }

  /** Whoever has a second factor has to have proved it before they change what it is: else rejects `step_up_required`. */
  async function elevated() {
    const found = await signedIn()
    if (found.factors.length === 0 || found.held.proved[1]) return found
    throw new AuthError('step_up_required', undefined, { stepUp: { level: 'second_factor' } })
  }

  /** What the attempt has come to is the browser's session from now on. Rejects when that is another's by now, or over. */
  async function commit(kept: Kept, book: AttemptBook): Promise<ActiveSession> {
    const { attempt, finished, proved } = kept
    const own = attempt.status === 'complete' && kept.session ? { ...kept.session, proved } : null
    const held = readSession()
    if (own && (finished || attempt.purpose === 'step_up') && held?.id !== own.id) {
      throw new AuthError(held ? 'session_mismatch' : 'session_lost')
    }
    const shown = book.finish(kept, own && (await look(own)))
    writeSession(own)
    return shown
  }

  const signIn: Pick<SignInApi, 'resume' | 'reload' | 'finish' | 'cancel'> = {
    async resume() {
      const kept = read()
      return { attempt: kept && !kept.finished ? kept.attempt : null }
    },

    reload: async (ref) => openBook().find(ref).attempt,

    finish: (ref) => step((book) => book.find(ref), commit),

    /** Of the browser's own attempt; another's is nobody's to give up. */
    async cancel(ref) {
      if (read()?.attempt.id === ref.id) await giveUp(openBook(), ref)
    },
  }

  const stepUp: StepUpApi = {
    levels: ['second_factor'],
    async create({ level }) {
      const { held, factors: all } = await signedIn()
      if (level !== 'second_factor' || all.length === 0) throw new AuthError('not_supported')
      const { kept, book } = beginFor(held, {})
      await toSecond(kept, book, all)
      write(kept)
      return kept.attempt
    },
  }

  const sessionApi: SessionApi = {
    async get() {
      const held = readSession()
      const shown = held && (await look(held))
      if (held && !shown) writeSession(null)
      return shown
    },

    async signOut({ scope = 'this' } = {}) {
      const held = readSession()
      if (!held) return
      // First of all out of this browser, whatever comes of the rest.
      if (scope !== 'others') writeSession(null)
      const all = scope === 'this' ? [held.id] : await sessions(held.userId)
      await Promise.all(all.filter((id) => scope !== 'others' || id !== held.id).map(revoke))
    },

    subscribe: () => () => {},
  }

  const mfa: Pick<Required<MfaApi>, 'listFactors' | 'abandon' | 'unenroll'> = {
    listFactors: async () => (await signedIn()).factors,

    async abandon({ enrollmentId }) {
      const kept = read()
      if (kept?.enrolling !== enrollmentId || kept.attempt.status !== 'needs_enrollment') return
      await dropUnproved(kept)
      write({ ...kept, enrolling: undefined })
    },

    async unenroll({ factorId }) {
      const { held, factors: all } = await elevated()
      if (!all.some(({ id }) => id === factorId)) throw new AuthError('factor_not_found')
      await removeFactor(factorId, held.userId)
    },
  }

  return {
    begin,
    write,
    commit,
    signIn,
    stepUp,
    sessionApi,
    mfa,

    /** A verb of a step that the attempt has to be at. */
    at: <T>(status: Parameters<AttemptBook['expect']>[1], ref: AttemptRef, factorId: string, work: Work<Kept, T>) =>
      step((book) => book.expect(ref, status, factorId), work),

    /** Begins an enrolment inside a sign-in that asked for it, or else by whoever is signed in. An older one that was not proved is dropped. */
    async enroll<T>(ref: AttemptRef | undefined, work: Work<Kept, T>): Promise<T> {
      const begun: Work<Kept, T> = async (kept, book) => {
        if (kept.attempt.status !== 'needs_enrollment') throw new AuthError('not_supported')
        await dropUnproved(kept)
        return work(kept, book)
      }
      if (ref) return step((book) => book.find(ref), begun)
      const { held } = await elevated()
      const { kept, book } = beginFor(held, { finished: true, enrolling: read()?.enrolling })
      book.move(kept, { status: 'needs_enrollment' })
      const answer = await begun(kept, book)
      write(kept)
      return answer
    },

    /** A verb of an enrolment. Rejects `attempt_lost` if this browser has begun another since, or none. */
    atEnrollment: <T>(id: string, work: Work<Kept, T>) =>
      step(
        ownIf(({ enrolling }) => enrolling === id),
        work,
      ),

    /**
     * A provider's answer, for the attempt that sent the person there with this `state` (RFC 6749 §10.12). Rejects `attempt_lost` for any other, and
     * leaves what is pending as it is: whoever forges an answer must not end a sign-in by it. A refusal ends the attempt.
     */
    atReturn: (state: string, work: (kept: Kept, book: AttemptBook, away: Away) => Promise<SignInAttempt>) =>
      step(
        ownIf(({ away }) => away?.state === state),
        async (kept, book) => {
          const moved = await work(kept, book, kept.away!)
          kept.away = undefined
          return moved
        },
        ({ outcome }) => outcome === 'refused',
      ),
  }
}
