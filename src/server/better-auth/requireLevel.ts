import { satisfies } from '../../core/assurance.js'
import type { Level } from '../../core/session.js'
import { currentLevel, type SessionAndUser } from './sessionRecord.js'

interface Auth {
  readonly api: {
    getSession(request: { headers: Headers; query: { disableCookieCache: true } }): Promise<unknown>
  }
}

export interface LevelOptions {
  /** How long ago the second factor may have been passed (the first, where `aal1` is required). Milliseconds, by this server's clock. */
  readonly maxAgeMs?: number
}

/**
 * The check that protects: to be made on the server, on every request for something protected. Answers with the refusal to send back
 * (401 `UNAUTHORIZED`, or 403 `STEP_UP_REQUIRED`, which the Better Auth adapter's `stepUp.detect` knows), or `null` where the session is
 * good enough. A time that is not known is too long ago. Rejects when the session cannot be read.
 */
export async function requireLevel(
  auth: Auth,
  headers: Headers,
  level: Level,
  { maxAgeMs }: LevelOptions = {},
): Promise<Response | null> {
  // The row in the database, because a cached cookie may still tell of a level that is gone.
  const signedIn = (await auth.api.getSession({ headers, query: { disableCookieCache: true } })) as SessionAndUser | null
  if (!signedIn) return Response.json({ code: 'UNAUTHORIZED', message: 'Sign in first.' }, { status: 401 })
  const { firstFactorAt, secondFactorAt } = signedIn.session
  const at = level === 'aal1' ? firstFactorAt : secondFactorAt
  const isRecent = maxAgeMs === undefined || (at ? Date.now() - new Date(at).getTime() <= maxAgeMs : false)
  if (satisfies(currentLevel(signedIn), level) && isRecent) return null
  return Response.json({ code: 'STEP_UP_REQUIRED', message: `This needs ${level}.`, level, maxAgeMs }, { status: 403 })
}
