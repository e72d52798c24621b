import type { AuthError } from '../../core/AuthError.js'
import type { Factor } from '../../core/enrollment.js'
import type { SealedAttempt } from '../../core/sealedAttempt.js'
import type { SealedBook } from '../../core/sealedBook.js'
import { before, refusal, type Before } from './refusal.js'
import type {
  Authenticated,
  EnrolledForUser,
  EnrollUserOptions,
  FactorApi,
  Listed,
  ListedFactor,
  OrganizationApi,
  UserApi,
} from './workosClient.js'
import type { WorkOSAdapterOptions } from './workosOptions.js'

export interface Kept extends SealedAttempt {
  /** WorkOS's for a sign-in that waits for a second factor. */
  token?: string | undefined
}

/** What serves one request. */
export interface Backend {
  readonly users: UserApi
  readonly mfa: FactorApi
  readonly organizations: OrganizationApi
  /** Factors of WorkOS's users. */
  enrollOwn(options: EnrollUserOptions): Promise<EnrolledForUser>
  listOwn(options: { userId: string }): Promise<Listed<ListedFactor>>
  readonly options: WorkOSAdapterOptions
  readonly attempts: SealedBook<Kept>
  readonly caller: { readonly ipAddress: string | undefined; readonly userAgent: string | undefined }
}

/** Never asked twice. */
export async function ask<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (thrown) {
    throw refusal(Object(thrown) as object)
  }
}

/** The app's own code, which may do what it likes. */
export const askApp = <T>(work: () => T | Promise<T>): Promise<T> => ask((async () => work())())

export function unlessGone(thrown: AuthError): undefined {
  if (thrown.code !== 'factor_not_found') throw thrown
}

export type Answer = Partial<Before> & { readonly sid?: string }

/** A session, or what stands before one. The token comes straight from WorkOS, so its signature would prove nothing more. */
export const authenticated = (asked: Promise<Authenticated>): Promise<Answer> =>
  ask(
    asked.then(
      ({ user, accessToken }) => {
        const payload = accessToken.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/')
        return { user, sid: (JSON.parse(atob(payload)) as { sid: string }).sid }
      },
      (thrown) => {
        const waits = before(Object(thrown) as object)
        if (waits) return waits
        throw thrown
      },
    ),
  )

/** The SDK's own walk asks for the first page again. */
export const whole = <T>(asked: Promise<Listed<T>>) =>
  ask(asked.then((list) => (list.listMetadata.after ? list.autoPagination() : list.data)))

/** `id`: strategy and WorkOS's id. */
export function found({ id, type, createdAt, sms }: Partial<ListedFactor>): Factor {
  const strategy = type === 'sms' ? 'phone_code' : 'totp'
  const hint = sms?.phoneNumber.replace(/\d(?=\d\d)/g, '•')
  return { id: `${strategy}:${id}`, strategy, status: 'verified', removable: true, createdAt, hint }
}

/** WorkOS's own id of a factor. */
export const theirs = (factorId: string) => factorId.split(':')[1]!

/** One that WorkOS no longer has is none. */
export async function plainFactors({ options, mfa }: Backend, userId: string): Promise<readonly Factor[]> {
  const ids = (await askApp(() => options.factors?.list(userId))) ?? []
  const all = await Promise.all(ids.map((id) => ask(mfa.getFactor(id)).catch(unlessGone)))
  return all.flatMap((factor) => (factor ? found(factor) : []))
}

export const factorsOf = async (backend: Backend, userId: string): Promise<readonly Factor[]> => [
  ...(await whole(backend.listOwn({ userId }))).map(found),
  ...(await plainFactors(backend, userId)),
]

export async function activeSessions({ users }: Backend, userId: string): Promise<readonly string[]> {
  const all = await whole(users.listSessions(userId)).catch(unlessGone)
  return all?.filter(({ status }) => status === 'active').map(({ id }) => id) ?? []
}
