import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { TOTP } from 'otpauth'
import { vi } from 'vitest'
import { createMemoryBackend, type MemoryBackend, type MemoryOptions } from '../../src/adapters/memory/index.js'
import { FactorList, type FactorListProps } from '../../src/components/FactorList.js'
import type { AuthAdapter } from '../../src/core/adapter.js'
import type { AuthEvent } from '../../src/core/events.js'
import { AuthProvider } from '../../src/hooks/context.js'

export const totpSecret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
export const grace = {
  id: 'grace',
  email: 'grace@example.com',
  label: 'Grace Hopper',
  password: 'correct horse battery',
  totp: { secret: totpSecret },
  backupCodes: ['k7mq-2wxp', 'v3hn-8drt', 'c9fz-5jyb'],
} as const
export const ada = { id: 'ada', email: 'ada@example.com', label: 'Ada Lovelace', password: 'correct horse battery' } as const

const options = {
  users: [grace, ada],
  secondFactors: ['totp', 'phone_code', 'email_code', 'backup_code'],
  manualTime: Date.UTC(2026, 4, 11, 9),
  limits: { sessionMs: 1e10 },
} as const satisfies MemoryOptions

export const createBackend = (more: MemoryOptions = {}) => createMemoryBackend({ ...options, ...more })

/** What the app of a secret shows now. Its next code is thirty seconds away. */
export function appCode(backend: MemoryBackend, secret: string = totpSecret) {
  const code = new TOTP({ secret }).generate({ timestamp: backend.clock.now() })
  backend.clock.advance(30_000)
  return code
}

/** `with`: the second factor that was shown; `trust`: on a device that needs none, so that the session stays at aal1. */
export async function startSession(
  backend: MemoryBackend,
  { email, password }: { email: string; password: string } = ada,
  by?: { totp?: string; backup_code?: string; trust?: true },
) {
  const { signIn, session } = backend.adapter
  const attempt = await signIn.create({ identifier: email, password })
  for (const strategy of ['totp', 'backup_code'] as const) {
    const code = by?.[strategy]
    const option = attempt.supportedSecondFactors?.find((one) => one.strategy === strategy)
    if (code && option)
      await signIn.attemptSecondFactor({ id: attempt.id }, { factorId: option.id, code, ...(by.trust && { trustDevice: true }) })
  }
  await signIn.finish({ id: attempt.id })
  if (!by?.trust) return
  await session.signOut()
  await startSession(backend, { email, password })
}

/** A page with a list of factors. */
export function renderFactors(adapter: AuthAdapter, props: FactorListProps = {}) {
  const events: AuthEvent[] = []
  const user = userEvent.setup()
  const view = render(
    <AuthProvider adapter={adapter} onEvent={(event) => events.push(event)}>
      <FactorList {...props} />
    </AuthProvider>,
  )
  return {
    ...view,
    user,
    events,
    press: async (name: string | RegExp) => user.click(await screen.findByRole('button', { name })),
  }
}

/** jsdom has no modal dialogs. */
export function withDialogs() {
  const proto = HTMLDialogElement.prototype
  Object.assign(proto, {
    showModal: vi.fn(function (this: HTMLDialogElement) {
      this.open = true
    }),
    close: vi.fn(function (this: HTMLDialogElement) {
      this.open = false
      // A browser tells of it in a task of its own.
      setTimeout(() => this.dispatchEvent(new Event('close')))
    }),
  })
}
