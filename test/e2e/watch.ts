import { expect, type BrowserContext, type ConsoleMessage, type Page } from '@playwright/test'

/** What nobody but the server and the fields may ever see. */
export interface Watch {
  /** From now on looked for in everything that was seen. */
  secret(...values: string[]): void
  /** A setup key or its address may not even be in a request's body. */
  setupKey(...values: string[]): void
  /** A file that the test does not let through; the browser says so by itself. */
  lost(file: RegExp): void
  check(): Promise<void>
}

export interface WatchOptions {
  /** Origins that the page may ask. */
  readonly backends?: readonly string[]
  /** Origins to which people may be taken, and which the page may not ask. */
  readonly visits?: readonly string[]
  /** Violations that a vendor's own client commits. */
  readonly theirs?: RegExp
}

/** Refused requests are logged by Chromium itself; a refusal is what some tests are about. */
function isRefusal(message: ConsoleMessage, backends: readonly string[], lost: readonly RegExp[]): boolean {
  if (!message.text().startsWith('Failed to load resource:')) return false
  const { origin, pathname } = new URL(message.location().url)
  return pathname.startsWith('/api/') || backends.includes(origin) || lost.some((file) => file.test(pathname))
}

/**
 * Listens to all that a page could tell: addresses, requests, the console, storage, history, messages; and to everything that the headers
 * forbid. `check` fails on a violation, an error, a request to elsewhere, or a secret in any of these.
 */
export async function watch(
  context: BrowserContext,
  origin: string,
  { backends = [], visits = [], theirs = /^$/ }: WatchOptions = {},
): Promise<Watch> {
  const violations: string[] = []
  const errors: string[] = []
  const logged: string[] = []
  const elsewhere: string[] = []
  const told: string[] = []
  const bodies: string[] = []
  const secrets: string[] = []
  const setupKeys: string[] = []
  const lost: RegExp[] = []

  await context.exposeBinding('tellTest', (_source, kind: string, text: string) => {
    if (kind === 'violation') violations.push(text)
    else told.push(`${kind} ${text}`)
  })
  await context.addInitScript(() => {
    const tell = (kind: string, text: string) =>
      (window as unknown as { tellTest: (kind: string, text: string) => void }).tellTest(kind, text)
    addEventListener('securitypolicyviolation', (event) =>
      tell('violation', `${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    )
    const spy = <T extends object>(on: T, name: keyof T & string) => {
      const real = on[name] as (...args: unknown[]) => unknown
      on[name] = function (this: unknown, ...args: unknown[]) {
        tell(name, args.map((one) => (typeof one === 'string' ? one : (JSON.stringify(one) ?? ''))).join(' '))
        return Reflect.apply(real, this, args)
      } as T[keyof T & string]
    }
    spy(Storage.prototype, 'setItem')
    spy(History.prototype, 'pushState')
    spy(History.prototype, 'replaceState')
    spy(window, 'postMessage')
    spy(navigator, 'sendBeacon')
  })

  const onPage = (page: Page) => {
    page.on('pageerror', (error) => errors.push(String(error)))
    page.on('framenavigated', (frame) => told.push(`address ${frame.url()}`))
  }
  context.pages().forEach(onPage)
  context.on('page', onPage)
  context.on('console', (message) => {
    logged.push(message.text())
    if (
      ['error', 'warning'].includes(message.type()) &&
      !isRefusal(message, [...backends, ...visits], lost) &&
      !theirs.test(message.text())
    )
      errors.push(`${message.text()} ${message.location().url}`)
  })
  context.on('request', (request) => {
    const url = request.url()
    const allowed = [origin, ...backends, ...(request.isNavigationRequest() ? visits : [])]
    if (!allowed.includes(new URL(url).origin)) elsewhere.push(url)
    told.push(`request ${url} ${request.headers().referer ?? ''}`)
    bodies.push(request.postData() ?? '')
  })

  /** What is in the page when the test ends. */
  const left = (page: Page) =>
    page.evaluate(() => [
      location.href,
      JSON.stringify(history.state),
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage }),
      document.cookie,
      document.title,
    ])

  return {
    secret: (...values) => void secrets.push(...values),
    setupKey: (...values) => void setupKeys.push(...values),
    lost: (file) => void lost.push(file),
    async check() {
      for (const page of context.pages()) if (page.url().startsWith(origin)) told.push(...(await left(page)))
      const heard = [...told, ...logged]
      const leaks = [...secrets, ...setupKeys].flatMap((one) => heard.filter((text) => hasSecret(text, one)))
      expect(
        violations.filter((one) => !theirs.test(one)),
        'violations of the page’s policy',
      ).toEqual([])
      expect(errors, 'errors in the console').toEqual([])
      expect(elsewhere, 'requests to elsewhere').toEqual([])
      expect(leaks, 'places where a secret turned up').toEqual([])
      expect(setupKeys.filter((key) => bodies.some((body) => hasSecret(body, key)))).toEqual([])
      // What Chromium remarks about forms. A headless shell remarks nothing; privacy.test.ts has the whole browser look.
      expect(logged.filter((text) => text.startsWith('[DOM]'))).toEqual([])
    },
  }
}

/** As it is, or as an address would carry it. */
const hasSecret = (text: string, secret: string) => text.includes(secret) || text.includes(encodeURIComponent(secret))
