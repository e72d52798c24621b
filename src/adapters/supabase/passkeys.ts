import type { MfaApi } from '../../core/adapter.js'
import { awaiting } from '../../core/attemptBook.js'
import { AuthError, type AuthErrorCode } from '../../core/AuthError.js'
import type { Enrollment, Factor, Verified } from '../../core/enrollment.js'
import type { Json } from '../../core/json.js'
import { ask, type Connection } from './connection.js'
import type { SupabaseAdapterOptions } from './supabaseOptions.js'
import type { Passkey, SupabasePasskey } from './supabaseAuth.js'

/** An enrolment of this page. Once it is proved, its id is that of the passkey too, so that one whose answer was lost is found by it. */
interface Begun {
  /** The passkeys that were there before. */
  readonly known: readonly string[]
  /** As long as it has not been given. */
  name?: string | undefined
  /** The credential that was sent last. */
  sent?: string
  /** An answer to `verify` was lost. */
  doubt?: boolean
  made?: Passkey | undefined
}

interface Proved {
  readonly enrollmentId: string
  readonly credential?: { readonly id: string }
}

/** Supabase keeps passkeys, which are first factors, apart from the factors of its `mfa`; here they are one list. */
export function withPasskeys(
  mfa: MfaApi,
  { untilMs }: Connection,
  passkey: SupabasePasskey,
  { secondFactors = [], webauthn = secondFactors.includes('security_key') ? 'security_key' : 'passkey' }: SupabaseAdapterOptions,
): MfaApi {
  const begun = new Map<string, Begun>()
  const isOurs = (id: string) => id.startsWith('passkey:')
  /** The server's: of a passkey, or of the challenge of one that is still to be made. */
  const idOf = (id: string) => begun.get(id)?.made?.id ?? id.slice(8)

  function ours({ id, friendly_name, created_at, last_used_at }: Passkey): Factor {
    return {
      id: [...begun].find(([, { made }]) => made?.id === id)?.[0] ?? `passkey:${id}`,
      strategy: 'passkey',
      status: 'verified',
      removable: true,
      friendlyName: friendly_name,
      createdAt: created_at,
      lastUsedAt: last_used_at,
    }
  }

  /** The server does not tell whose credential each is: one that is new since is taken for the one whose answer was lost. */
  async function list(): Promise<readonly Factor[]> {
    const all = await ask(passkey.list())
    for (const mine of begun.values()) if (mine.doubt) mine.made ??= all.find(({ id }) => !mine.known.includes(id))
    return all.map(ours)
  }

  async function enroll(name?: string): Promise<Enrollment> {
    const known = (await ask(passkey.list())).map(({ id }) => id)
    // People of a company's provider may have none.
    const { challenge_id, options, expires_at } = await meaning('not_supported', ask(passkey.startRegistration()))
    const id = `passkey:${challenge_id}`
    begun.set(id, { known, name })
    return { status: 'pending', type: 'webauthn', id, publicKey: options as Json, expiresInMs: untilMs(expires_at) }
  }

  /** The server takes names of up to 120 bytes, and no other has to differ from it. */
  function update(passkeyId: string, name: string): Promise<Passkey> {
    const { read } = new TextEncoder().encodeInto(name, new Uint8Array(120))
    return meaning('factor_not_found', ask(passkey.update({ passkeyId, friendlyName: name.slice(0, read) })))
  }

  async function verify({ enrollmentId, credential }: Proved): Promise<Verified> {
    const mine = begun.get(enrollmentId)
    if (!mine) throw new AuthError('attempt_lost')
    // A code was given in its place.
    if (!credential) throw new AuthError('not_supported')
    const { id } = credential
    // Another credential is not the one whose answer was lost.
    mine.doubt &&= mine.sent === id
    mine.sent = id
    if (mine.doubt) await list()
    const challengeId = idOf(enrollmentId)
    const made = (mine.made ??= await awaiting(mine, ask(passkey.verifyRegistration({ challengeId, credential }))))
    // It is on, whatever it is called.
    if (mine.name) mine.made = await update(made.id, mine.name).catch(() => made)
    mine.name = undefined
    return { factor: ours(mine.made) }
  }

  return {
    ...mfa,

    listFactors: async () =>
      (
        await Promise.all([
          mfa.listFactors(),
          list().catch((thrown: AuthError) => {
            // The project has them off, or the client.
            if (thrown.code !== 'not_supported') throw thrown
            return []
          }),
        ])
      ).flat(),

    enroll: (params) =>
      webauthn === 'passkey' && params.type === 'webauthn' && !params.attempt ? enroll(params.friendlyName) : mfa.enroll(params),

    verify: (params) => (isOurs(params.enrollmentId) ? verify(params as Proved) : mfa.verify(params)),

    async abandon(params) {
      const { enrollmentId: id } = params
      if (!isOurs(id)) await mfa.abandon?.(params)
      // What nobody answers ends by itself there.
      else if (!begun.get(id)?.made) begun.delete(id)
    },

    async unenroll(params) {
      const { factorId } = params
      if (!isOurs(factorId)) return mfa.unenroll(params)
      const gone = passkey.delete({ passkeyId: idOf(factorId) }).then(({ error }) => ({ data: true, error }))
      await meaning('factor_not_found', ask(gone))
    },

    async rename({ factorId, friendlyName }) {
      if (!isOurs(factorId)) throw new AuthError('not_supported')
      return ours(await update(idOf(factorId), friendlyName))
    },
  }
}

/** Of passkeys Supabase says `validation_failed` for more than a word that is wrong. */
async function meaning<T>(code: AuthErrorCode, asked: Promise<T>): Promise<T> {
  return asked.catch((thrown: AuthError) => {
    throw thrown.code === 'identifier_invalid' ? new AuthError(code) : thrown
  })
}
