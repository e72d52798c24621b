import { expect, open, test } from './demo.js'

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"

test('TH-12 TH-13 the strict headers are on the page, its parts, the answers of the server and what is not there', async ({
  page,
  request,
}) => {
  await open(page)
  const script = (await page.locator('script[src]').getAttribute('src')) ?? ''
  const style = (await page.locator('link[rel="stylesheet"]').first().getAttribute('href')) ?? ''
  for (const path of [
    '/',
    '/vault',
    '/alone',
    '/?backend=memory',
    script,
    style,
    '/favicon.svg',
    '/api/auth/get-session',
    '/nothing',
  ])
    expect((await request.get(path)).headers(), path).toMatchObject({
      'content-security-policy': policy,
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
})

test('TH-12 what the server draws carries no inline style, script or handler', async ({ request }) => {
  for (const path of ['/', '/account', '/transfer', '/vault']) {
    const html = await (await request.get(path)).text()
    expect(html).toContain('data-slot="card"')
    expect(html).not.toMatch(/\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:/i)
  }
})

test('effects run twice on the build in StrictMode, once in production', async ({ page, server }, { project }) => {
  await open(page)
  await expect.poll(() => server.count('GET /api/outbox')).toBe(project.name === 'strict-mode' ? 2 : 1)
})
