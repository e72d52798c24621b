import { act, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'
import { BackupCodes } from '../../src/components/BackupCodes.js'
import { AuthProvider } from '../../src/hooks/context.js'
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

function renderCodes() {
  const onAcknowledged = vi.fn()
  // Before the test's own spies: it puts its own clipboard in place.
  const user = userEvent.setup()
  const view = render(
    <AuthProvider adapter={scriptedAdapter().adapter}>
      <BackupCodes codes={codes} onAcknowledged={onAcknowledged} />
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
