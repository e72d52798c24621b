import type { CreateParams } from './attempt.js'
import type { Page, Popup } from './continueSignIn.js'
import { isReset, screenOf } from './screenOf.js'
import { unaliased, type Strategy } from './strategy.js'

type With<T> = T extends { readonly redirectUrl: string } | { redirectUrl: string }
  ? Omit<T, 'redirectUrl'> & { redirectUrl?: string }
  : T

/**
 * How a sign-in begins. `prefer`: the strategy or factor to open; a company sign-in or a reset begins as one. Where a `redirectUrl` is left out, it is this page's.
 */
export type Beginning =
  | { identifier: string; password?: string | undefined; prefer?: string | undefined; captchaToken?: string | undefined }
  | (With<Extract<CreateParams, { strategy: string }>> & { captchaToken?: string | undefined; popup?: Popup | undefined })

/** What of a beginning is the adapter's, with the way back filled in, and what is the flow's own. */
export function readBeginning(beginning: Beginning, page: Page | undefined) {
  const { captchaToken, prefer, popup, password, ...said } = beginning as Beginning & {
    prefer?: string
    popup?: Popup
    password?: string
  }
  const asked = prefer && (unaliased(prefer) as Strategy)
  const named = asked && (asked === 'enterprise_sso' || isReset(asked))
  const given = named ? { strategy: asked, ...said } : 'strategy' in said ? { ...said, strategy: unaliased(said.strategy) } : said
  const leadsAway = 'strategy' in given && screenOf(given.strategy) === 'redirect'
  const redirectUrl = leadsAway ? page?.urlFor(popup ? 'popup' : 'return') : undefined
  const params = { ...(redirectUrl && { redirectUrl }), ...given, ...(password !== undefined && { password }) } as CreateParams
  // Whoever begins with their wallet goes on with it, whatever else they have.
  return { captchaToken, prefer: asked || ('strategy' in given ? given.strategy : undefined), popup, params }
}
