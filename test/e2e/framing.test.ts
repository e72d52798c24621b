import { expect, nora, test } from './demo.js'

const other = 'http://127.0.0.1:9'

test('SI-29 in a frame of another site nothing is done, and the demo lets nobody frame it', async ({ browser, baseURL }) => {
  // Not watched: the outer page is elsewhere, and the kit tells developers of it.
  const context = await browser.newContext()
  const page = await context.newPage()
  const demo = `${baseURL}/`
  const answer = await page.request.get(demo)
  expect(answer.headers()['x-frame-options']).toBe('DENY')
  expect(answer.headers()['content-security-policy']).toContain("frame-ancestors 'none'")

  // A server that has forgotten these headers.
  await page.route(demo, async (route) => {
    const real = await route.fetch()
    const { 'x-frame-options': _, 'content-security-policy': __, ...headers } = real.headers()
    await route.fulfill({ response: real, headers })
  })
  await page.route(`${other}/`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<title>Bait</title><iframe src="${demo}" width="600" height="900"></iframe>`,
    }),
  )
  await page.goto(`${other}/`)
  const frame = page.frameLocator('iframe')
  const asked: string[] = []
  page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`))
  await frame.getByRole('textbox', { name: 'Email address' }).fill(nora.email)
  await frame.getByLabel('Password', { exact: true }).fill(nora.password)
  await frame.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(frame.getByRole('alert')).toHaveText('This is not possible here. Use another way.')
  await expect(frame.getByLabel('Password', { exact: true })).toHaveValue('')
  expect(asked.filter((one) => one.startsWith('POST'))).toEqual([])
  // Left open, the demo in it would go on looking at its outbox.
  await context.close()
})
