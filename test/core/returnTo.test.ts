import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { safeReturnTo } from '../../src/core/returnTo.js'

const origin = 'https://app.example'
const safe = (given: unknown, refuse: string[] = []) => safeReturnTo(given, { origin, fallback: '/home', refuse })

describe('SI-25 the way on after sign-in', () => {
  it.each(['/', '/orders', '/orders/7?tab=open#top', '/a/../b', '/wörter', '/?next=https://h', '/a//b', `${origin}/orders`])(
    'leads to %j',
    (given) => {
      const url = new URL(given, origin)
      expect(safe(given)).toBe(url.pathname + url.search + url.hash)
    },
  )

  it.each([
    '',
    'orders',
    '//h',
    '//h/x',
    '/\\h',
    '\\\\h',
    '\\/h',
    '///h',
    'https:h',
    'https:/h',
    'https://h',
    'http://app.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'blob:https://app.example/x',
    'vbscript:x',
    '\u0000//h',
    '/\t/h',
    '/\n/h',
    ' /orders',
    '\u0000/orders',
    '/%5Ch',
    '/%5c%5ch',
    '/%2F/h',
    '/%2f%2fh',
    '/%252Fh',
    '/%25255Ch',
    'https://me@h',
    'https://app.example@h/',
    'https://app.example.h/',
    '/..//h',
    '/a/..//h',
    '/./\\h',
    '/x\\..\\..\\h',
    `${origin}//h`,
    `${origin}:444/x`,
    '/\u0085/h',
    'mailto:a@b',
    '?x',
    '#x',
    null,
    undefined,
    7,
    {},
    ['/x'],
  ])('does not lead to %j', (given) => {
    expect(safe(given)).toBe('/home')
  })

  it.each([
    '/sign-in',
    '/sign-in/',
    '/SIGN-IN',
    '/sign-in?returnTo=/x',
    '/sign%2Din',
    '/x/../sign-in',
    '/auth/callback/google',
    '//sign-in',
    '/sign-in//x',
  ])('does not lead in a circle: %j', (given) => expect(safe(given, ['/sign-in', '/auth/callback/'])).toBe('/home'))

  it('tells a path that only begins alike apart', () => {
    expect(safe('/sign-in-history', ['/sign-in'])).toBe('/sign-in-history')
  })

  it('never leaves the origin, whatever is given, and says the same when it is asked again', () => {
    const hostile = fc.array(
      fc.constantFrom('/', '\\', '%2f', '%5C', '%25', '.', ':', '@', 'h', '\t', '\n', ' ', '?', '#', 'https', 'javascript'),
    )
    fc.assert(
      fc.property(hostile, fc.string(), (parts, text) => {
        for (const given of [parts.join(''), `/${parts.join('')}`, text, `/${text}`]) {
          const answer = safe(given)
          expect(new URL(answer, origin).origin).toBe(origin)
          expect(answer).toMatch(/^\/(?![/\\])/)
          expect(safe(answer)).toBe(answer)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
