import type { ReadOptions, SessionApi } from '../../core/adapter.js'
import { AuthError } from '../../core/AuthError.js'
import { noAnswer } from '../../core/backendError.js'
import type { Session } from '../../core/session.js'
import { ask, run } from './ask.js'
import type { ClerkClient, ClerkInstance, ClerkSession, ClerkUser } from './clerkInstance.js'

/** Clerk's tasks, and what a session that has one waits for. */
const tasks: Readonly<Record<string, NonNullable<Session['pending']>>> = {
  'setup-mfa': 'enrollment',
  'reset-password': 'new_password',
}

export type Sessions = ReturnType<typeof createSessions>

export function createSessions(clerk: ClerkInstance) {
  function client(): ClerkClient {
    if (!clerk.client) throw noAnswer()
    return clerk.client
  }

  /** What Clerk's client holds of the server may be old, and its ages of factors do not grow. */
  async function read(): Promise<ClerkClient> {
    const mine = client()
    return ask(() => mine.reload(), 'sessions', mine)
  }

  /** The session that is in use, by the server. */
  async function current(): Promise<ClerkSession | null> {
    const { sessions, lastActiveSessionId } = await read()
    return living(sessions, clerk.session?.id ?? lastActiveSessionId) ?? null
  }

  /** A session by its id, as Clerk's client holds it or else by the server. */
  async function lookUp(id: string | null | undefined): Promise<ClerkSession | undefined> {
    return living(client().sessions, id) ?? living((await read()).sessions, id)
  }

  async function signOut(sessionId: string): Promise<void> {
    const before = client().sessions
    await run(() => clerk.signOut(() => undefined, { sessionId }))
    // Clerk's client clears itself all the same when nothing answers.
    if (before.length > 0 && client().sessions === before) throw noAnswer(null)
  }

  const api: SessionApi = {
    async get(options?: ReadOptions) {
      if (!clerk.session && !options?.fresh) return null
      const session = await current()
      return session && sessionOf(session)
    },

    async signOut({ scope = 'this' } = {}) {
      const { session } = clerk
      if (!session) return
      if (scope !== 'this') {
        // Of a user who was just read: Clerk's client remembers the list.
        const user = userOf(await current())
        const all = await run(() => user.getSessions())
        if (all.length === 0) throw noAnswer(null)
        for (const other of all) if (other.id !== session.id) await ask(() => other.revoke(), 'status')
      }
      if (scope !== 'others') await signOut(session.id)
    },

    subscribe(changed) {
      let before = clerk.session
      return clerk.addListener(
        ({ session }) => {
          const moved = hasMoved(before, session)
          before = session
          // Clerk tells within its own call; of every answer, too.
          if (moved) queueMicrotask(changed)
        },
        { skipInitialEmit: true },
      )
    },
  }

  return { api, client, read, current, lookUp, signOut }
}

/** A session by its id, unless it is over. */
export function living(sessions: readonly ClerkSession[], id: string | null | undefined): ClerkSession | undefined {
  return sessions.find((session) => session.id === id && /^(active|pending)$/.test(session.status))
}

export function taskOf({ status, tasks: open }: ClerkSession): string | undefined {
  return status === 'pending' ? (open?.[0]?.key ?? status) : undefined
}

/** Rejects `session_lost`. */
export function userOf(session: ClerkSession | null | undefined): ClerkUser {
  if (!session?.user) throw new AuthError('session_lost')
  return session.user
}

export function labelOf({ primaryEmailAddress, username, primaryPhoneNumber }: ClerkUser): string | undefined {
  return primaryEmailAddress?.emailAddress ?? username ?? primaryPhoneNumber?.phoneNumber
}

export function sessionOf(session: ClerkSession): Session {
  const { id, factorVerificationAge: ages } = session
  const user = userOf(session)
  const { twoFactorEnabled } = user
  const task = taskOf(session)
  const [firstFactorAgeMs, secondFactorAgeMs] = (ages ?? []).map((minutes) => (minutes < 0 ? undefined : minutes * 60_000))
  return {
    id,
    user: { id: user.id, label: labelOf(user) },
    pending: task === undefined ? undefined : (tasks[task] ?? 'other'),
    // The age of a second factor outlives the factor.
    currentLevel: twoFactorEnabled && secondFactorAgeMs !== undefined ? 'aal2' : 'aal1',
    // An instance may keep the ages to itself; then nobody knows about the second factor.
    nextLevel: ages && (twoFactorEnabled ? 'aal2' : 'aal1'),
    methods: [],
    firstFactorAgeMs,
    secondFactorAgeMs,
  }
}

/** Was a factor passed between two readings of its age? */
export function isYounger(now: number | undefined, before: number | undefined): boolean {
  const age = (minutes = -1) => (minutes < 0 ? Infinity : minutes)
  return age(now) < age(before)
}

function hasMoved(before: ClerkSession | null | undefined, now: ClerkSession | null | undefined): boolean {
  const face = (session: ClerkSession | null | undefined) =>
    session ? `${session.id} ${session.status} ${taskOf(session)} ${session.user?.twoFactorEnabled}` : ''
  const [was, is] = [before?.factorVerificationAge ?? [], now?.factorVerificationAge ?? []]
  return face(before) !== face(now) || [0, 1].some((factor) => isYounger(is[factor], was[factor]))
}
