import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { TotpEnroll } from '../../../src/components/TotpEnroll.js'
import { AuthError } from '../../../src/core/AuthError.js'
import { flush } from '../../support/fakeClock.js'
import { appCode, press, reachBackupCodes, reachKey, renderEnroll, renderEnrollHook } from '../../support/renderEnroll.js'
import { attempt, enrollment, factor, sentinels, session, verified, type ScriptedOptions } from '../../support/scriptedAdapter.js'

const { totpSecret, totpUri } = sentinels
const lost = new AuthError('network', undefined, { outcome: 'unknown' })
const html = () => document.documentElement.outerHTML
const link = () => screen.queryByRole('link', { name: 'Open in an app on this device' })
const keyText = () => screen.getByText('Setup key').nextElementSibling!.querySelector('code')!

it('TE-01 the adapter’s address is taken as it is, odd parameters included', async () => {
  const uri = `otpauth://totp/Acme:ada?issuer=Acme&secret=${totpSecret.toLowerCase()}&image=https%3A%2F%2Fx%2Fy.png&x=1+2`
  const page = renderEnroll({ issuer: 'Mine', user: 'bob' })
  const enroll = await reachKey(page, { uri })
  expect(enroll.params).toEqual({ type: 'totp', issuer: 'Mine', user: 'bob' })
  expect(link()).toHaveAttribute('href', uri)
})

it('TE-02 TE-03 a developer hears of a short secret and of parameters that apps ignore; nobody else, and not the secret', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const page = renderEnroll()
  await reachKey(page, { uri: 'otpauth://totp/Acme:ada?secret=JBSWY3DPEHPK3PXP&algorithm=SHA512&digits=8&period=60' })
  const said = warn.mock.calls.flat().join()
  expect(said).toMatch(/80 bits.*128/)
  expect(said).toMatch(/SHA512.*8.*60/)
  expect(said).not.toContain('JBSWY3DPEHPK3PXP')
  expect(document.body).not.toHaveTextContent('bits')
  expect(appCode()).toBeInTheDocument()
  warn.mockClear()
  page.unmount()
  await reachKey(renderEnroll())
  expect(warn).not.toHaveBeenCalled()
  warn.mockRestore()
})

it('TE-05 beside the picture stand the key with a copy button, and a link for an app on this device', async () => {
  await reachKey(renderEnroll())
  expect(screen.getByRole('img', { name: 'QR code for your authenticator app' })).toBeInTheDocument()
  expect(keyText()).toHaveTextContent(totpSecret)
  expect(screen.getByText('Copy key')).toBeInTheDocument()
  expect(link()).toHaveAttribute('href', totpUri)
})

it.each([
  'javascript:alert(1)',
  `javascript:alert(1)//otpauth://totp/x?secret=${totpSecret}`,
  'data:text/html,<script>alert(1)</script>',
  `https://evil.example/?otpauth://totp/x?secret=${totpSecret}`,
])('TE-05 %s becomes no link and no picture; the key is shown open instead', async (uri) => {
  await reachKey(renderEnroll(), { uri })
  expect(screen.queryByRole('link')).not.toBeInTheDocument()
  expect(screen.queryByRole('img')).not.toBeInTheDocument()
  expect(html()).not.toContain(uri.slice(0, 12))
  expect(keyText().closest('details')).toHaveAttribute('open')
  expect(keyText()).toHaveTextContent(totpSecret)
  expect(appCode()).toBeInTheDocument()
})

it('TE-06 the key is text in groups of four, left to right, labelled, with issuer, account, digits and period in words', async () => {
  await reachKey(renderEnroll())
  const key = keyText()
  expect(key).toHaveAttribute('dir', 'ltr')
  expect(key.textContent).toBe(totpSecret)
  expect([...key.children].map(({ textContent }) => textContent)).toEqual(totpSecret.match(/.{4}/g))
  const terms = [...document.querySelectorAll('dl > dt')].map((dt) => [dt.textContent, dt.nextElementSibling?.textContent])
  expect(terms).toEqual([
    ['Setup key', totpSecret],
    ['Issuer', 'Acme'],
    ['Account', 'ada@example.com'],
  ])
  expect(screen.getByText(/6 digits, new every 30 seconds/)).toBeInTheDocument()
})

it('TE-06 is copied without spaces, and said so when it was', async () => {
  const page = renderEnroll()
  const write = vi.spyOn(navigator.clipboard, 'writeText')
  await reachKey(page, { uri: 'otpauth://totp/Acme:ada?secret=onsw%2045dj%20nzsw%20yllt%20mvrx%20ezlu%20gezd%20gnbv' })
  await page.user.click(screen.getByText('Cannot scan it? Use a key instead'))
  await page.user.click(screen.getByText('Copy key'))
  expect(write).toHaveBeenCalledExactlyOnceWith(totpSecret)
  expect(await screen.findByText('Copied.')).toHaveAttribute('role', 'status')
})

it('TE-06 is selected whole where copying is refused, and what to do is said', async () => {
  const page = renderEnroll()
  vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new DOMException('no', 'NotAllowedError'))
  await reachKey(page)
  await page.user.click(screen.getByText('Copy key'))
  expect(await screen.findByText(/Copying did not work/)).toHaveAttribute('role', 'status')
  expect(getSelection()?.toString()).toBe(totpSecret)
})

it('TE-07 no name, title, alt or description holds the address or the secret', async () => {
  await reachKey(renderEnroll())
  for (const element of document.querySelectorAll('*'))
    for (const { name, value } of element.attributes) {
      if (element === link() && name === 'href') continue
      expect(value, `${element.tagName} ${name}`).not.toContain(totpSecret)
      expect(value).not.toContain('otpauth:')
    }
  const picture = screen.getByRole('img')
  expect(picture.outerHTML).not.toContain(totpSecret)
  expect(picture).toHaveAccessibleName('QR code for your authenticator app')
  expect(link()).toHaveAccessibleName('Open in an app on this device')
})

it('TE-08 the picture is drawn by React: an svg of paths, no image, no markup from a string', async () => {
  const html = vi.spyOn(Element.prototype, 'innerHTML', 'set')
  await reachKey(renderEnroll())
  const picture = screen.getByRole('img')
  expect(picture.tagName.toLowerCase()).toBe('svg')
  expect(picture.querySelectorAll('path')).toHaveLength(2)
  expect(document.querySelector('img, canvas, object, iframe, [style]')).toBeNull()
  expect(html).not.toHaveBeenCalled()
  html.mockRestore()
})

it('TE-10 until a code is accepted it says that nothing is on; then, and only then, that it is', async () => {
  const onEnrolled = vi.fn()
  const page = renderEnroll({ onEnrolled, autoSubmit: false })
  await reachKey(page)
  expect(screen.getByText(/It is not on until you enter a code from it/)).toBeInTheDocument()
  expect(document.body).not.toHaveTextContent('is on')
  await page.user.type(appCode(), '123456')
  expect(page.fake.count('mfa.verify')).toBe(0)
  await press(page, 'Turn on')
  expect(document.body).not.toHaveTextContent('app is on')
  await act(async () =>
    (await page.fake.next('mfa.verify')).reject(new AuthError('code_incorrect', undefined, { field: 'code' })),
  )
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent(/not right/))
  expect(appCode()).toHaveFocus()
  await press(page, 'Turn on')
  await act(async () => (await page.fake.next('mfa.verify')).resolve({ factor: factor() }))
  expect(screen.getByRole('heading', { name: 'Your authenticator app is on' })).toBeInTheDocument()
  expect(onEnrolled).toHaveBeenCalledExactlyOnceWith(factor(), {})
})

it('TE-11 mounting, drawing again and mounting anew enrol nothing; a double click enrols once', async () => {
  const page = renderEnroll()
  page.rerender(<></>)
  const again = renderEnroll()
  again.show(true)
  again.show(false)
  again.show(true)
  await flush()
  expect(page.fake.calls).toEqual([])
  expect(again.fake.calls).toEqual([])
  await again.user.dblClick(screen.getByRole('button', { name: 'Set up' }))
  const enroll = await again.fake.next('mfa.enroll')
  again.show(true)
  await act(() => enroll.resolve(enrollment()))
  again.show(true)
  expect(again.fake.count('mfa.enroll')).toBe(1)
  expect(again.fake.count('mfa.abandon')).toBe(0)
})

it('TE-11 two clicks in one tick, on a page that re-renders on neither, enrol once', async () => {
  const page = renderEnroll()
  const button = screen.getByRole('button', { name: 'Set up' })
  act(() => {
    button.click()
    button.click()
  })
  await flush()
  expect(page.fake.count('mfa.enroll')).toBe(1)
})

it.each(['cancel', 'unmount', 'pagehide', 'the provider unmounts'])(
  'TE-12 TE-17 %s: nothing of the secret is left, and only the factor that was begun here is abandoned',
  async (how) => {
    const onCancel = vi.fn()
    const page = renderEnroll({ onCancel })
    await reachKey(page)
    expect(html()).toContain(totpSecret)
    if (how === 'cancel') await press(page, 'Cancel')
    if (how === 'unmount') page.show(false)
    if (how === 'pagehide') act(() => void dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })))
    if (how === 'the provider unmounts') page.unmount()
    expect(html()).not.toContain(totpSecret)
    expect(screen.queryByRole('img')).not.toBeInTheDocument()
    expect(onCancel).toHaveBeenCalledTimes(how === 'cancel' ? 1 : 0)
    const abandon = await page.fake.next('mfa.abandon')
    expect(abandon.params).toEqual({ enrollmentId: enrollment().id })
    await act(() => abandon.reject(lost))
    await flush()
    expect(page.fake.count('mfa.abandon')).toBe(1)
    expect(page.fake.count('mfa.unenroll')).toBe(0)
    expect(JSON.stringify([{ ...localStorage }, { ...sessionStorage }])).not.toContain(totpSecret)
  },
)

it.each(['unmount', 'the provider unmounts'])(
  'TE-13 %s during a verify: its answer is waited for, and what is on stays on',
  async (how) => {
    for (const on of [true, false]) {
      const page = renderEnroll()
      await reachKey(page)
      await page.user.type(appCode(), '123456')
      const verify = await page.fake.next('mfa.verify')
      if (how === 'unmount') page.show(false)
      else page.unmount()
      await flush()
      expect(page.fake.calls.map(({ verb }) => verb)).toEqual(['mfa.enroll', 'mfa.verify'])
      await (on ? verify.resolve(verified()) : verify.reject(lost))
      const list = await page.fake.next('mfa.listFactors')
      await list.resolve([factor({ id: enrollment().id, status: on ? 'verified' : 'unverified' })])
      await flush()
      expect(page.fake.count('mfa.abandon')).toBe(on ? 0 : 1)
      page.unmount()
    }
  },
)

it('TE-17 after success the secret is gone from the page and from what the hook gives', async () => {
  const page = renderEnroll()
  await reachBackupCodes(page)
  expect(html()).not.toContain(totpSecret)
  expect(html()).toContain(sentinels.backupCodes[0])
  await page.user.click(screen.getByRole('checkbox'))
  await press(page, 'Done')
  expect(screen.getByRole('heading', { name: 'Your authenticator app is on' })).toBeInTheDocument()
  for (const secret of [totpSecret, 'otpauth:', ...sentinels.backupCodes]) expect(html()).not.toContain(secret)
})

it('HA-11 TE-17 the hook holds a secret only in the step that shows it', async () => {
  const { fake, now } = renderEnrollHook()
  const holds = (text: string) => JSON.stringify(now()).includes(text)
  void act(() => void now().start(sentinels.password))
  expect(holds(sentinels.password)).toBe(false)
  await act(async () => (await fake.next('mfa.enroll')).resolve(enrollment()))
  expect(holds(totpSecret)).toBe(true)
  act(() => void now().verify(sentinels.code))
  expect(holds(sentinels.code)).toBe(false)
  await act(async () => (await fake.next('mfa.verify')).resolve(verified()))
  expect([totpSecret, sentinels.backupCodes[0]].map(holds)).toEqual([false, true])
  act(() => now().acknowledge())
  expect([totpSecret, ...sentinels.backupCodes, sentinels.password, sentinels.code].some(holds)).toBe(false)
  expect(JSON.stringify([{ ...localStorage }, { ...sessionStorage }])).toBe('[{},{}]')
})

it('HA-24 a callback that throws is reported, and the app is on all the same', async () => {
  // jsdom has none.
  const reported = vi.fn()
  vi.stubGlobal('reportError', reported)
  const page = renderEnroll({
    onEnrolled() {
      throw new Error('theirs')
    },
  })
  await reachKey(page)
  await page.user.type(appCode(), '123456')
  await act(async () => (await page.fake.next('mfa.verify')).resolve({ factor: factor() }))
  expect(screen.getByRole('heading', { name: 'Your authenticator app is on' })).toBeInTheDocument()
  expect(reported).toHaveBeenCalledExactlyOnceWith(new Error('theirs'))
  vi.unstubAllGlobals()
})

it('TE-15 the setup runs out on screen: the key goes, and starting again abandons the old one first', async () => {
  const page = renderEnroll()
  await reachKey(page, { expiresInMs: 30 })
  expect(await screen.findByRole('heading', { name: 'The setup has expired' }, { timeout: 3000 })).toBeInTheDocument()
  expect(html()).not.toContain(totpSecret)
  await press(page, 'Start again')
  await act(async () => (await page.fake.next('mfa.abandon')).resolve())
  await press(page, 'Set up')
  await page.fake.next('mfa.enroll')
  expect(page.fake.count('mfa.enroll')).toBe(2)
})

it.each(['attempt_lost', 'factor_not_found'] as const)(
  'TE-15 a setup that another tab has ended (%s) takes its picture and key from the screen, and starts again',
  async (code) => {
    const page = renderEnroll()
    await reachKey(page)
    await page.user.type(appCode(), '123456')
    await act(async () => (await page.fake.next('mfa.verify')).reject(new AuthError(code)))
    expect(screen.getByRole('heading', { name: 'The setup has expired' })).toHaveFocus()
    expect(screen.queryByRole('img')).toBeNull()
    expect(html()).not.toContain(totpSecret)
    await press(page, 'Start again')
    await act(async () => (await page.fake.next('mfa.abandon')).reject(new AuthError('factor_not_found')))
    await press(page, 'Set up')
    await act(async () => (await page.fake.next('mfa.enroll')).resolve(enrollment({ id: 'enrollment_2' })))
    expect(screen.getByRole('img')).toBeInTheDocument()
  },
)

it('TE-16 a step-up that is asked for twice is passed once: then the refusal is told', async () => {
  const refused = new AuthError('step_up_required')
  const page = renderEnroll({
    script: {
      answers: {
        'stepUp.create': () => attempt({ id: 'step_up', purpose: 'step_up', status: 'complete' }),
        'signIn.finish': () => session(),
        'session.get': () => session(),
      },
    },
  })
  await press(page, 'Set up')
  for (let n = 0; n < 2; n++) await act(async () => (await page.fake.next('mfa.enroll')).reject(refused))
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('Confirm it is you first.'))
  await flush()
  expect(page.fake.count('stepUp.create')).toBe(1)
  expect(page.fake.count('mfa.enroll')).toBe(2)
})

it('TE-16 a backend without a step-up has its refusal told', async () => {
  const page = renderEnroll({ script: { absent: ['stepUp'] } })
  await press(page, 'Set up')
  await act(async () => (await page.fake.next('mfa.enroll')).reject(new AuthError('step_up_required')))
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('Confirm it is you first.'))
  expect(page.fake.count('mfa.enroll')).toBe(1)
})

it('TE-20 says which sessions were ended, what the app adds, and offers backup codes where none came', async () => {
  const page = renderEnroll({ notice: <p>A message is on its way.</p> })
  await reachKey(page)
  await page.user.type(appCode(), '123456')
  await act(async () => (await page.fake.next('mfa.verify')).resolve({ factor: factor(), otherSessions: 'ended' }))
  expect(document.body).toHaveTextContent('Devices that signed in without a second step were signed out.')
  expect(document.body).toHaveTextContent('A message is on its way.')
  await press(page, 'Make backup codes')
  await act(async () => (await page.fake.next('mfa.backupCodes.generate')).resolve(sentinels.backupCodes))
  await page.user.click(screen.getByRole('checkbox'))
  await press(page, 'Done')
  expect(screen.getByRole('heading', { name: 'Your authenticator app is on' })).toHaveFocus()
  expect(screen.queryByRole('button', { name: 'Make backup codes' })).toBeNull()
  expect(document.body).toHaveTextContent('Add another method too')
})

it('TE-20 where the backend ends nothing and has no codes, neither is spoken of, and another method is offered', async () => {
  const page = renderEnroll({ script: { absent: ['mfa.backupCodes'] } })
  await reachKey(page)
  await page.user.type(appCode(), '123456')
  await act(async () => (await page.fake.next('mfa.verify')).resolve({ factor: factor() }))
  expect(document.body).not.toHaveTextContent(/signed out|backup codes/)
  expect(document.body).toHaveTextContent('Add another method too, in case you lose this one.')
})

it('TE-21 every step has a heading of its own, on the level that was asked for, which takes the focus', async () => {
  const page = renderEnroll({ headingLevel: 3 })
  const seen: string[] = []
  const heading = () => {
    const shown = screen.getByRole('heading', { level: 3 })
    seen.push(shown.textContent)
    return shown
  }
  // Nothing moves before the person does something.
  expect(heading()).not.toHaveFocus()
  await reachKey(page)
  expect(heading()).toHaveFocus()
  await page.user.type(appCode(), '123456')
  await act(async () => (await page.fake.next('mfa.verify')).resolve(verified()))
  expect(heading()).toHaveFocus()
  await page.user.click(screen.getByRole('checkbox'))
  await press(page, 'Done')
  expect(heading()).toHaveFocus()
  expect(new Set(seen).size).toBe(4)
  // Progress is words: that nothing is on yet, and that it is.
  expect(seen.at(-1)).toBe('Your authenticator app is on')
})

it.each([
  ['touch', ['a', 'details', 'svg'], 'Add it to your app'],
  ['mouse', ['svg', 'details', 'a'], 'Scan this code'],
])('TE-05 on a device with a %s what works there comes first', async (device, order, title) => {
  vi.stubGlobal('matchMedia', (query: string) => ({ matches: query === '(pointer: coarse)' && device === 'touch' }))
  await reachKey(renderEnroll())
  vi.unstubAllGlobals()
  const ways = [...document.querySelectorAll('[data-slot=card] :is(a[href^="otpauth:"], details, svg)')]
  expect(ways.map(({ tagName }) => tagName.toLowerCase())).toEqual(order)
  expect(screen.getByRole('heading')).toHaveTextContent(title)
  expect(document.querySelector('details')?.open).toBe(device === 'touch')
})

it('asks for the password where the backend wants it, and keeps it nowhere', async () => {
  const page = renderEnroll({ script: { capabilities: { managePassword: true } } })
  await press(page, 'Set up')
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('Enter your password to go on.'))
  await page.user.click(screen.getByLabelText('Your password'))
  await page.user.paste(sentinels.password)
  await press(page, 'Set up')
  const enroll = await page.fake.next('mfa.enroll')
  expect(enroll.params).toMatchObject({ password: sentinels.password })
  await act(() => enroll.reject(new AuthError('invalid_credentials', undefined, { field: 'password' })))
  expect(screen.getByLabelText('Your password')).toHaveValue('')
  await waitFor(() => expect(within(document.body).getByRole('alert')).not.toBeEmptyDOMElement())
})

it('outside of an AuthProvider it names the mend', async () => {
  const { render } = await import('@testing-library/react')
  const error = vi.spyOn(console, 'error').mockImplementation(() => {})
  expect(() => render(<TotpEnroll />)).toThrow(/AuthProvider/)
  error.mockRestore()
})

it('a code that is not one is told before anyone is asked', async () => {
  const page = renderEnroll({ autoSubmit: false })
  await reachKey(page)
  fireEvent.submit(appCode().form!)
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('Enter the code.'))
  expect(page.fake.count('mfa.verify')).toBe(0)
})

it('who opens the page signed in is named to the password manager all the same', async () => {
  const script: ScriptedOptions = {
    capabilities: { managePassword: true },
    answers: { 'session.get': () => session({ user: { id: 'u', label: 'grace@example.com' } }) },
  }
  renderEnroll({ script })
  const field = document.querySelector('input[autocomplete=username]')
  await waitFor(() => expect(field).toHaveValue('grace@example.com'))
})
