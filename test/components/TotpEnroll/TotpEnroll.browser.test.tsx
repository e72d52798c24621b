import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { afterEach, expect, it } from 'vitest'
import { render } from 'vitest-browser-react'
import { page } from 'vitest/browser'
import { AuthProvider, TotpEnroll, type TotpEnrollProps } from '../../../src/index.js'
import '../../../src/styles.css'
import { enrollment, factor, scriptedAdapter, sentinels, verified } from '../../support/scriptedAdapter.js'

const { totpSecret, backupCodes } = sentinels
const html = () => document.documentElement.outerHTML

function enrolling(props: TotpEnrollProps = {}) {
  const fake = scriptedAdapter({
    answers: { 'mfa.enroll': () => enrollment(), 'mfa.verify': () => verified(), 'mfa.abandon': () => undefined },
  })
  const app = (
    <AuthProvider adapter={fake.adapter}>
      <TotpEnroll {...props} />
    </AuthProvider>
  )
  return { fake, app }
}

const setUp = () => page.getByRole('button', { name: 'Set up' })
const picture = () => page.getByRole('img', { name: 'QR code for your authenticator app' })
const spoken = () => document.querySelector('[role=status]')?.textContent

/** What a browser does to a page on its way into the back/forward cache, and out of it. */
const freeze = () => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))
const restore = () => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))

afterEach(() => getSelection()?.removeAllRanges())

it('TE-18 pagehide takes the secret from the page at once, and a page that is shown again begins anew', async () => {
  const { fake, app } = enrolling()
  await render(app)
  await setUp().click()
  await expect.element(picture()).toBeVisible()
  expect(html()).toContain(totpSecret)
  freeze()
  // Nothing may wait for a timer: the page is frozen right after.
  await Promise.resolve()
  expect(html()).not.toContain(totpSecret)
  restore()
  await expect.element(setUp()).toBeVisible()
  expect(picture().query()).toBeNull()
  expect(fake.count('mfa.enroll')).toBe(1)
})

it('TE-18 BC-01 pagehide takes the backup codes along too, and none come back', async () => {
  const { app } = enrolling()
  await render(app)
  await setUp().click()
  await page.getByRole('textbox', { name: 'Code from the app' }).fill('123456')
  await expect.element(page.getByText(backupCodes[0])).toBeVisible()
  freeze()
  await Promise.resolve()
  for (const code of backupCodes) expect(html()).not.toContain(code)
  restore()
  await expect.element(page.getByRole('button', { name: 'Make backup codes' })).toBeVisible()
})

it('TE-06 the key is shown in groups, one row of text that can be selected, and copied without gaps', async () => {
  const { app } = enrolling()
  await render(app)
  await setUp().click()
  await page.getByText('Cannot scan it? Use a key instead').click()
  const key = document.querySelector('dd code')!
  const groups = [...key.children].map((group) => group.getBoundingClientRect())
  const gaps = groups.slice(1).flatMap((box, n) => (box.top === groups[n]!.top ? [box.left - groups[n]!.right] : []))
  expect(Math.min(...gaps)).toBeGreaterThan(2)
  expect(getComputedStyle(key).userSelect).not.toBe('none')
  expect(getComputedStyle(key).fontFamily).toMatch(/mono/)
  getSelection()!.selectAllChildren(key)
  expect(getSelection()!.toString().replace(/\n/g, '')).toBe(totpSecret)
})

it('BC-02 backup codes are monospaced text in a list, left to right also on a right-to-left page, and can be selected', async () => {
  const { app } = enrolling()
  const wrapped = <div dir="rtl">{app}</div>
  await render(wrapped)
  await setUp().click()
  await page.getByRole('textbox', { name: 'Code from the app' }).fill('123456')
  const list = page.getByRole('list', { name: 'Backup codes' })
  await expect.element(list).toBeVisible()
  const items = [...list.element().children] as HTMLElement[]
  expect(items.map((item) => item.textContent)).toEqual(backupCodes)
  for (const item of items) {
    const style = getComputedStyle(item.querySelector('code')!)
    expect(style.fontFamily).toMatch(/mono/)
    expect(style.direction).toBe('ltr')
    expect(style.userSelect).not.toBe('none')
  }
  // Nobody takes one for the other.
  const width = (text: string) => {
    const probe = document.createElement('code')
    probe.textContent = text
    items[0]!.append(probe)
    const found = probe.getBoundingClientRect().width
    probe.remove()
    return found
  }
  expect(width('iiii')).toBeCloseTo(width('0000'), 1)
})

it('BC-03 where the page may not write the clipboard, the codes are selected and it is said how to go on', async () => {
  const { app } = enrolling()
  await render(app)
  await setUp().click()
  await page.getByRole('textbox', { name: 'Code from the app' }).fill('123456')
  await expect.element(page.getByRole('list', { name: 'Backup codes' })).toBeVisible()
  const clipboard = Object.getOwnPropertyDescriptor(Navigator.prototype, 'clipboard')!
  Object.defineProperty(Navigator.prototype, 'clipboard', { configurable: true, get: () => undefined })
  await page.getByRole('button', { name: 'Copy codes' }).click()
  await expect.poll(spoken).toMatch(/Copying did not work/)
  Object.defineProperty(Navigator.prototype, 'clipboard', clipboard)
  for (const code of backupCodes) expect(getSelection()!.toString()).toContain(code)
})

it('TE-08 the whole enrolment runs where Trusted Types are required and images come from the page’s own place only', async () => {
  const policy = document.createElement('meta')
  policy.httpEquiv = 'Content-Security-Policy'
  // From here on for the rest of this file's page: so it is the last test.
  policy.content = "require-trusted-types-for 'script'; img-src 'self'; object-src 'none'"
  const violations: string[] = []
  const note = (event: SecurityPolicyViolationEvent) =>
    violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`)
  document.addEventListener('securitypolicyviolation', note)
  document.head.append(policy)
  const host = document.createElement('div')
  document.body.append(host)
  expect(() => (host.innerHTML = '<b>no</b>')).toThrow(TypeError)
  await expect.poll(() => violations.length).toBe(1)
  violations.length = 0

  const { fake, app } = enrolling()
  const root = createRoot(host)
  root.render(<StrictMode>{app}</StrictMode>)
  await setUp().click()
  await expect.element(picture()).toBeVisible()
  expect(picture().element().tagName.toLowerCase()).toBe('svg')
  fake.answer('mfa.verify', () => ({ factor: factor() }))
  await page.getByRole('textbox', { name: 'Code from the app' }).fill('123456')
  await expect.element(page.getByRole('heading', { name: 'Your authenticator app is on' })).toBeVisible()
  expect(violations).toEqual([])
  document.removeEventListener('securitypolicyviolation', note)
  root.unmount()
  host.remove()
})
