import { act, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'
import { BackupCodes, type BackupCodesProps } from '../../src/components/BackupCodes.js'
import { AuthProvider } from '../../src/hooks/context.js'
import { en } from '../../src/locales/en.js'
import { press, reachBackupCodes, renderEnroll } from '../support/renderEnroll.js'
import { scriptedAdapter, sentinels } from '../support/scriptedAdapter.js'

const codes = sentinels.backupCodes
const html = () => document.documentElement.outerHTML
const shown = () => screen.queryAllByRole('listitem').map(({ textContent }) => textContent)
const spoken = () => screen.getByRole('status').textContent

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

function renderCodes(props: Partial<BackupCodesProps> = {}) {
  const onAcknowledged = vi.fn()
  // Before the test's own spies: it puts its own clipboard in place.
  const user = userEvent.setup()
  const view = render(
    <AuthProvider adapter={scriptedAdapter().adapter}>
      <BackupCodes codes={codes} onAcknowledged={onAcknowledged} {...props} />
    </AuthProvider>,
  )
  return { ...view, user, onAcknowledged }
}

it('BC-01 are left only when the person says that they are stored', async () => {
  const page = renderCodes()
  await press(page, 'Done')
  expect(page.onAcknowledged).not.toHaveBeenCalled()
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('Confirm that you have stored the codes.'))
  const box = screen.getByRole('checkbox', { name: 'I have stored these codes' })
  expect(box).toBeInvalid()
  expect(box).toHaveAccessibleDescription('Confirm that you have stored the codes.')
  expect(shown()).toEqual(codes)
  await page.user.click(box)
  expect(box).not.toBeInvalid()
  expect(screen.getByRole('alert')).toBeEmptyDOMElement()
  await press(page, 'Done')
  expect(page.onAcknowledged).toHaveBeenCalledTimes(1)
})

it('BC-01 an enrolment is not done before that, and the codes do not come again after it', async () => {
  const onEnrolled = vi.fn()
  const page = renderEnroll({ onEnrolled })
  await reachBackupCodes(page)
  await press(page, 'Done')
  expect(shown()).toEqual(codes)
  expect(onEnrolled).not.toHaveBeenCalled()
  await page.user.click(screen.getByRole('checkbox'))
  await press(page, 'Done')
  await waitFor(() => expect(onEnrolled).toHaveBeenCalledTimes(1))
  for (const code of codes) expect(html()).not.toContain(code)
  page.show(false)
  page.show(true)
  for (const code of codes) expect(html()).not.toContain(code)
  expect(page.fake.count('mfa.backupCodes.generate')).toBe(0)
})

it('BC-01 a page that goes away takes them along: come back to, it offers new ones and does not show these', async () => {
  const page = renderEnroll()
  await reachBackupCodes(page)
  expect(shown()).toEqual(codes)
  act(() => void dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })))
  act(() => void dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
  for (const code of codes) expect(html()).not.toContain(code)
  expect(screen.getByRole('heading', { name: 'Your authenticator app is on' })).toBeInTheDocument()
  await press(page, 'Make backup codes')
  await act(async () => (await page.fake.next('mfa.backupCodes.generate')).resolve(['fresh-11111']))
  expect(shown()).toEqual(['fresh-11111'])
})

it('BC-02 are text in a list, left to right, for a monospaced face, and may be selected', () => {
  renderCodes()
  const list = screen.getByRole('list', { name: 'Backup codes' })
  expect(list).toHaveAttribute('dir', 'ltr')
  expect(shown()).toEqual(codes)
  for (const item of screen.getAllByRole('listitem')) expect(item.firstElementChild?.tagName).toBe('CODE')
})

it('BC-03 are copied within the click, one a line, and said to be copied only when they are', async () => {
  const page = renderCodes()
  let copied = () => {}
  const write = vi.spyOn(navigator.clipboard, 'writeText').mockImplementation(() => new Promise((resolve) => (copied = resolve)))
  const read = vi.spyOn(navigator.clipboard, 'readText')
  const button = screen.getByRole('button', { name: 'Copy codes' })
  let within = false
  button.addEventListener('click', () => queueMicrotask(() => (within = write.mock.calls.length === 1)))
  await page.user.click(button)
  expect(write).toHaveBeenCalledExactlyOnceWith(codes.join('\n'))
  expect(within).toBe(true)
  expect(spoken()).toBe('')
  await act(async () => copied())
  await waitFor(() => expect(spoken()).toBe('Copied.'))
  expect(read).not.toHaveBeenCalled()
})

it.each(['is refused', 'is not there'])('BC-03 where the clipboard %s they are selected, with what to do', async (how) => {
  const page = renderCodes()
  if (how === 'is refused')
    vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new DOMException('no', 'NotAllowedError'))
  else vi.stubGlobal('navigator', { userAgent: navigator.userAgent })
  screen.getByRole('button', { name: 'Copy codes' }).click()
  await waitFor(() => expect(spoken()).toMatch(/Copying did not work.*selected/))
  expect(spoken()).not.toMatch(/Copied\./)
  const selected = getSelection()?.toString() ?? ''
  for (const code of codes) expect(selected).toContain(code)
  expect(page.onAcknowledged).not.toHaveBeenCalled()
})

it('HA-11 BC-01 are in no storage, and gone from the page with it', () => {
  const page = renderCodes()
  expect(JSON.stringify([{ ...localStorage }, { ...sessionStorage }])).toBe('[{},{}]')
  page.unmount()
  for (const code of codes) expect(html()).not.toContain(code)
})

/** What the page hands to the browser as a file. */
function catchDownloads() {
  const files: { blob: Blob; name: string; href: string }[] = []
  const revoked: string[] = []
  const blobs = new Map<string, Blob>()
  vi.stubGlobal(
    'URL',
    Object.assign(URL, {
      createObjectURL: (blob: Blob) => {
        const href = `blob:${location.origin}/${blobs.size}`
        blobs.set(href, blob)
        return href
      },
      revokeObjectURL: (href: string) => void revoked.push(href),
    }),
  )
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    const blob = blobs.get(this.href)
    if (blob) files.push({ blob, name: this.download, href: this.href })
  })
  return { files, revoked }
}

it('BC-04 are saved as plain text that names the site, the account and the day, under a name without a code', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 4, 11, 12) })
  const page = renderCodes({ issuer: 'Acme $& Co', account: 'ada@example.com' })
  const { files, revoked } = catchDownloads()
  await press(page, 'Download')
  vi.useRealTimers()
  const [file] = files
  expect(files).toHaveLength(1)
  expect(file?.blob.type).toBe('text/plain;charset=utf-8')
  expect(await file?.blob.text()).toBe(
    [
      'Backup codes for Acme $& Co',
      'Account: ada@example.com',
      'Made on May 11, 2026. Each code works once.',
      '',
      ...codes,
      '',
    ].join('\n'),
  )
  expect(file?.name).toBe('backup-codes.txt')
  await waitFor(() => expect(revoked).toEqual([file?.href]), { timeout: 2000 })
  expect(page.onAcknowledged).not.toHaveBeenCalled()
  expect(document.querySelector('a')).toBeNull()
})

it('BC-04 where nobody says whose they are, the file names the host, and no account', async () => {
  const page = renderCodes()
  const { files } = catchDownloads()
  await press(page, 'Download')
  const text = (await files[0]?.blob.text()) ?? ''
  expect(text).toContain(`Backup codes for ${location.host}`)
  expect(text).not.toContain('Account')
})

it('BC-04 an enrolment names itself and its account in the file', async () => {
  const page = renderEnroll({ issuer: 'Acme' })
  await reachBackupCodes(page)
  const { files } = catchDownloads()
  await press(page, 'Download')
  const text = (await files[0]?.blob.text()) ?? ''
  expect(text).toContain('Backup codes for Acme\n')
  expect(text).toContain('Account: ada@example.com\n')
})

it('BC-05 are printed by the browser’s own dialog, in this page', async () => {
  const page = renderCodes()
  const print = vi.fn()
  const open = vi.fn()
  vi.stubGlobal('print', print)
  vi.stubGlobal('open', open)
  await press(page, 'Print')
  expect(print).toHaveBeenCalledTimes(1)
  expect(open).not.toHaveBeenCalled()
  expect(document.querySelector('iframe')).toBeNull()
})

it.each([
  ['as it stands', codes[2]],
  ['in capitals, with spaces and without its hyphen', ` ${codes[2]?.replace('-', '  ').toUpperCase()} `],
  ['with another dash', codes[2]?.replace('-', '–')],
])('BC-01 one of them can be asked for instead of a tick: typed back %s it will do', async (_, typed = '') => {
  const page = renderCodes({ acknowledge: 'type' })
  expect(screen.queryByRole('checkbox')).toBeNull()
  const field = screen.getByRole('textbox', { name: en.backupCodes.typeBack })
  expect(field).toHaveAttribute('autocomplete', 'off')
  expect(field).not.toHaveAttribute('name')
  await page.user.click(field)
  await page.user.paste(typed)
  await page.user.keyboard('{Enter}')
  expect(page.onAcknowledged).toHaveBeenCalledTimes(1)
})

it('BC-01 what is none of them is said to be, kept as it was typed, and can be mended', async () => {
  const page = renderCodes({ acknowledge: 'type' })
  const field = screen.getByRole('textbox')
  await press(page, 'Done')
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent(en.backupCodes.acknowledgeMissing))
  expect(field).toHaveFocus()
  await page.user.type(field, 'sntl3-cccc')
  expect(screen.getByRole('alert')).toBeEmptyDOMElement()
  await press(page, 'Done')
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent(en.backupCodes.typeBackWrong))
  expect(field).toBeInvalid()
  expect(field).toHaveAccessibleDescription(en.backupCodes.typeBackWrong)
  expect(field).toHaveValue('sntl3-cccc')
  expect(shown()).toEqual(codes)
  expect(page.onAcknowledged).not.toHaveBeenCalled()
  await page.user.type(field, 'c')
  await press(page, 'Done')
  expect(page.onAcknowledged).toHaveBeenCalledTimes(1)
})

it('BC-01 what is typed back asks nobody: it is compared in the page', async () => {
  const page = renderEnroll({ acknowledge: 'type' })
  await reachBackupCodes(page)
  const calls = page.fake.calls.length
  await page.user.type(screen.getByRole('textbox'), 'wrong one')
  await press(page, 'Done')
  await page.user.clear(screen.getByRole('textbox'))
  await page.user.type(screen.getByRole('textbox'), codes[0])
  await press(page, 'Done')
  await waitFor(() => expect(screen.getByRole('heading')).toHaveTextContent('Your authenticator app is on'))
  expect(page.fake.calls).toHaveLength(calls)
})
