import type { IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import { requireLevel } from '../../src/server/better-auth/index.js'
import { recentMs } from '../recent.js'

type Auth = Parameters<typeof requireLevel>[0]

/** Enough for every form here. Bytes. */
const longestBody = 4096

/**
 * The routes of an app that guards what matters: each asks for the level itself, whatever a page has shown or hidden. Answers with `undefined` where
 * the path is none of them.
 */
export function guardedRoutes(auth: Auth, origin: string) {
  const recent = (headers: Headers) => requireLevel(auth, headers, 'aal2', { maxAgeMs: recentMs })

  return async (route: string, headers: Headers, request: IncomingMessage): Promise<Response | undefined> => {
    switch (route) {
      case 'GET /api/protected':
        return (await requireLevel(auth, headers, 'aal2')) ?? Response.json({ secret: 'Only for people with two factors.' })
      case 'GET /api/balance':
        return (await recent(headers)) ?? Response.json({ balance: 128450 })
      case 'POST /api/transfer':
      case 'POST /api/payout': {
        // A page of somebody else's could send the cookie along.
        if (headers.get('origin') !== origin) return Response.json({ code: 'FORBIDDEN' }, { status: 403 })
        const refused = await recent(headers)
        if (refused) return refused
        const form = await read(request)
        return form ? Response.json({ done: form }) : Response.json({ code: 'BAD_REQUEST' }, { status: 400 })
      }
    }
    return undefined
  }
}

/** There is no bank behind this, so what was asked for is all that comes back. */
async function read(request: IncomingMessage): Promise<object | null> {
  if (Number(request.headers['content-length'] ?? Infinity) > longestBody) return null
  const body = await json(request).catch(() => null)
  return typeof body === 'object' ? body : null
}
