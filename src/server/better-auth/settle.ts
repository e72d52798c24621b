import type { GenericEndpointContext } from 'better-auth'
import { createRow, enrolledOf, twoFactorOptions, type Enrolled } from './enrolled.js'
import { isPasskeyAlone, methodsOf, record, secondFactorRemoved, type RecordedSession } from './sessionRecord.js'

/**
 * After a factor was removed: two-factor stays on as long as there is another one, and sessions that what is gone had raised are lowered, of
 * other browsers too.
 */
export async function settle(ctx: GenericEndpointContext, userId: string): Promise<void> {
  const { internalAdapter, newSession } = ctx.context
  const enrolled = await enrolledOf(ctx, userId)
  const { app, phone, byPasskey, byMail, row } = enrolled
  const stays = app || phone !== null || byPasskey || byMail
  const updated = await internalAdapter.updateUser(userId, { twoFactorEnabled: stays, secondFactorByMail: byMail })
  if (stays && !row) await createRow(ctx, userId)
  const sessions: RecordedSession[] = await internalAdapter.listSessions(userId)
  const lowered = sessions.filter((session) => !holds(ctx, session, enrolled, stays))
  await Promise.all(lowered.map(({ token }) => internalAdapter.updateSession(token, secondFactorRemoved)))
  const current = newSession?.session ?? ctx.context.session?.session
  if (current && lowered.some(({ token }) => token === current.token)) {
    await record(ctx, { session: current, user: updated }, secondFactorRemoved)
  }
}

/** Is what raised this session still there? */
function holds(ctx: GenericEndpointContext, session: RecordedSession, enrolled: Enrolled, stays: boolean): boolean {
  if (session.aal !== 'aal2') return true
  const [method, , credential] = methodsOf(session).at(-1) ?? []
  if (method === 'passkey') {
    const isThere = enrolled.passkeys.some(({ credentialID }) => credentialID === credential)
    return isThere && (stays || isPasskeyAlone(session))
  }
  if (method === 'phone_code') return enrolled.phone !== null
  if (method === 'email_code') return stays && Boolean(twoFactorOptions(ctx)?.otpOptions?.sendOTP)
  return method === 'backup_code' ? stays : enrolled.app
}
