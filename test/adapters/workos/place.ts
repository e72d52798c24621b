import { WorkOS } from '@workos-inc/node'
import { realClock, type ServerClock } from '../../support/authenticators.js'

/** Where WorkOS is, and with which keys it is spoken to. */
export interface Place extends ServerClock {
  readonly apiKey: string
  readonly clientId: string
  readonly url: string
}

/** By the environment: `WORKOS_API_KEY` and `WORKOS_CLIENT_ID`, and `WORKOS_API_URL` for another address than WorkOS's. */
export function placeOf(env: Readonly<Record<string, string | undefined>>): Place | undefined {
  const { WORKOS_API_KEY: apiKey, WORKOS_CLIENT_ID: clientId, WORKOS_API_URL: url = 'https://api.workos.com' } = env
  return apiKey && clientId ? { apiKey, clientId, url, ...realClock } : undefined
}

/** WorkOS itself, where the environment has its keys. */
export const realPlace = placeOf(process.env)

/** WorkOS's own client. `url`: another way to the same server. */
export function sdkOf({ apiKey, clientId, url }: Place, way = url): WorkOS {
  const { hostname, port, protocol } = new URL(way)
  return new WorkOS(apiKey, {
    clientId,
    apiHostname: hostname,
    ...(port && { port: Number(port) }),
    https: protocol === 'https:',
  })
}
