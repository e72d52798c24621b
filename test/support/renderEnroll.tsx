import { act, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { TotpEnroll, type TotpEnrollProps } from '../../src/components/TotpEnroll.js'
import { AuthProvider } from '../../src/hooks/context.js'
import { useTotpEnroll, type UseTotpEnroll } from '../../src/hooks/useTotpEnroll.js'
import { enrollment, scriptedAdapter, verified, type ScriptedOptions } from './scriptedAdapter.js'

export interface EnrollSetup extends TotpEnrollProps {
  readonly script?: ScriptedOptions
}

/** A provider with a `TotpEnroll` in it, and whoever types. `show(false)` unmounts it and leaves the provider. */
export function renderEnroll({ script, ...props }: EnrollSetup = {}) {
  const fake = scriptedAdapter(script)
  const page = (shown: boolean) => <AuthProvider adapter={fake.adapter}>{shown && <TotpEnroll {...props} />}</AuthProvider>
  const view = render(page(true))
  return { ...view, fake, user: userEvent.setup(), show: (shown: boolean) => view.rerender(page(shown)) }
}

type Rendered = Pick<ReturnType<typeof renderEnroll>, 'fake' | 'user'>

export const appCode = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Code from the app' })
export const press = ({ user }: Pick<Rendered, 'user'>, name: string) => user.click(screen.getByRole('button', { name }))

/** As far as the QR code. */
export async function reachKey(page: Rendered, overrides: Parameters<typeof enrollment>[0] = {}) {
  await press(page, 'Set up')
  const enroll = await page.fake.next('mfa.enroll')
  await act(() => enroll.resolve(enrollment(overrides)))
  return enroll
}

/** As far as the backup codes. */
export async function reachBackupCodes(page: Rendered) {
  await reachKey(page)
  await page.user.type(appCode(), '123456')
  const verify = await page.fake.next('mfa.verify')
  await act(() => verify.resolve(verified()))
}

/** The hook's answer at each render of a screen of one's own. */
export function renderEnrollHook(script?: ScriptedOptions) {
  const fake = scriptedAdapter(script)
  const seen: UseTotpEnroll[] = []
  function Mine() {
    seen.push(useTotpEnroll())
    return null
  }
  const view = render(
    <AuthProvider adapter={fake.adapter}>
      <Mine />
    </AuthProvider>,
  )
  return { ...view, fake, now: () => seen.at(-1)! }
}
