import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import { extname } from 'node:path'
import { TOTP } from 'otpauth'
import { createElement, StrictMode } from 'react'
import { renderToString } from 'react-dom/server'
import { App } from '../src/App.js'
import { paths } from '../src/Page.js'
import { knownBy, realServer } from '../src/realServer.js'
import { demoUsers, stranger, type DemoUser } from '../users.js'
import { createBetterAuthServer } from './betterAuth.js'
import { hostedServer } from './hostedServer.js'
import { movableClock } from './movableClock.js'
import { startPostOffice } from './postOffice.js'
import { startProviders } from './providers.js'

const port = Number(process.env.PORT ?? 4173)
const origin = `http://localhost:${port}`
const client = new URL('../client/', import.meta.url)
const elsewhere = hostedServer(process.env, origin)
const auth = elsewhere ? null : await ownServer(process.env.DEMO_LEVERS === '1')
const connect = ["'self'", ...(elsewhere?.origins ?? [])].join(' ')

const headers = {
  'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src ${connect}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'`,
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

/** The demo's own: Better Auth, a mail server, text messages and three providers, all in this process. */
async function ownServer(levers: boolean) {
  // Before anything that reads the time is loaded.
  if (levers) movableClock.install()
  const accounts = [...Object.values(demoUsers).map(({ email, name }) => ({ email, name })), stranger]
  const [providers, post] = await Promise.all([startProviders({ origin, accounts }), startPostOffice()])
  return createBetterAuthServer({ origin, secret: randomBytes(32).toString('hex'), levers, providers, post })
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** What the authenticator apps of the made-up users show. Nobody else's secret is known here. */
function authenticator() {
  const now = Date.now()
  return (Object.values(demoUsers) as readonly DemoUser[]).flatMap(({ email, totpSecret }) =>
    totpSecret
      ? {
          account: email,
          code: new TOTP({ secret: totpSecret }).generate({ timestamp: now }),
          secondsLeft: 30 - (Math.floor(now / 1000) % 30),
        }
      : [],
  )
}

const attribute = (value: unknown) => JSON.stringify(value).replaceAll('&', '&amp;').replaceAll('"', '&quot;')
const template = (await readFile(new URL('index.html', client), 'utf8')).replace('<!--backend-->', () =>
  elsewhere ? attribute(elsewhere.hosted) : '',
)

const alone = await readFile(new URL('alone.html', client))

/** The page as it is before any script runs: drawn for somebody who is not known yet. */
function page(path: string, by: ReturnType<typeof knownBy>): string {
  const app = createElement(App, { backend: realServer(origin, by), path, by, memory: false })
  return template.replace('<!--app-->', () => renderToString(createElement(StrictMode, null, app)))
}

async function answer(path: string, search: URLSearchParams, response: ServerResponse): Promise<void> {
  const send = (status: number, type: string, body: string | Buffer, cache = 'no-cache') =>
    void response.writeHead(status, { 'content-type': type, 'cache-control': cache }).end(body)
  if (path === '/api/authenticator') return send(200, 'application/json', JSON.stringify(authenticator()), 'no-store')
  if (path === '/alone' && !elsewhere) return send(200, types['.html'] ?? '', alone)
  if (Object.hasOwn(paths, path))
    return send(
      200,
      types['.html'] ?? '',
      elsewhere || search.get('backend') === 'memory' ? template : page(path, knownBy(search)),
    )
  const type = types[extname(path)]
  // The URL has resolved every `..` by now, so a path stays inside the folder.
  const file = type && !path.endsWith('.html') && (await readFile(new URL(`.${path}`, client)).catch(() => null))
  if (!type || !file) return send(404, 'text/plain', 'Not found')
  send(200, type, file, path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
}

const server = createServer((request, response) => {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  const { pathname, searchParams } = new URL(request.url ?? '/', origin)
  const handle = async () => {
    if (elsewhere?.handle && pathname.startsWith('/api/latchkey')) return elsewhere.handle(request, response)
    if (pathname !== '/api/authenticator' && (await auth?.handle(request, response))) return
    await answer(pathname, searchParams, response)
  }
  handle().catch((thrown: unknown) => {
    console.error(thrown)
    if (!response.headersSent) response.writeHead(500)
    response.end()
  })
})

server.on('error', (error: NodeJS.ErrnoException) => {
  const taken = error.code === 'EADDRINUSE'
  console.error(taken ? `Port ${port} is taken. Choose another one: PORT=4180 npm start` : error.message)
  process.exit(1)
})
server.listen(port, '127.0.0.1', () => console.log(`Latchkey demo: ${origin}`))
