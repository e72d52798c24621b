// How fast code field and first screen are, against what people write by hand. Both sides are measured in turns in the same run, so the
// ratios hold on a busy machine. Prints medians; fails when a ratio is over its limit. `--quick` for a tenth of the repetitions.
import { createServer } from 'node:http'
import { extname, resolve } from 'node:path'
import { chromium } from 'playwright'
import { build } from 'vite'
import { chromiumArgs, ensureChromium } from './chromium.mjs'

const times = (count) => (process.argv.includes('--quick') ? Math.ceil(count / 10) : count)

const median = (numbers) => {
  const sorted = [...numbers].sort((one, other) => one - other)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Each page as an app of its own: built together they would share chunks, and be cut up where no app is. */
async function buildPage(page) {
  const { output } = await build({
    configFile: false,
    root: resolve('test/bench'),
    logLevel: 'error',
    build: { write: false, rolldownOptions: { input: resolve(`test/bench/${page}.html`) } },
  })
  return output.map((file) => [`/${file.fileName}`, file.code ?? file.source])
}

async function serve() {
  const pages = await Promise.all(['codeFields', 'kitSignIn', 'plainSignIn'].map(buildPage))
  const files = new Map(pages.flat())
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
  const server = createServer(({ url }, reply) => {
    const file = files.get(url)
    reply.writeHead(file === undefined ? 404 : 200, { 'content-type': types[extname(url)] ?? 'text/plain' })
    reply.end(file)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return { server, base: `http://127.0.0.1:${server.address().port}` }
}

/** `count` pairs, the two sides in turns and every second time in the other order. */
async function pairs(count, ours, theirs) {
  const results = { ours: [], theirs: [] }
  for (let round = -1; round < count; round++) {
    const sides = [
      ['ours', ours],
      ['theirs', theirs],
    ]
    if (round % 2) sides.reverse()
    for (const [side, measure] of sides) {
      const value = await measure()
      // The first round warms both sides up.
      if (round >= 0) results[side].push(value)
    }
  }
  return results
}

let failures = 0
function tell(what, { ours, theirs }, limit) {
  const ratio = median(ours.map((value, index) => value / theirs[index]))
  const ok = ratio <= limit
  if (!ok) failures += 1
  const ms = (values) => `${median(values).toFixed(2)} ms`.padStart(11)
  console.log(
    `${what.padEnd(58)}${ms(ours)}${ms(theirs)}${ratio.toFixed(2).padStart(7)}  <= ${limit.toFixed(1)}  ${ok ? 'ok' : 'OVER'}`,
  )
}

const { server, base } = await serve()
const browser = await chromium.launch({ executablePath: ensureChromium(), args: [...chromiumArgs, '--js-flags=--expose-gc'] })
console.log(`${''.padEnd(58)}${'kit'.padStart(11)}${'by hand'.padStart(11)}${'ratio'.padStart(7)}`)
try {
  const page = await browser.newPage()
  await page.goto(`${base}/codeFields.html`)
  await page.waitForFunction(() => 'clear' in window)

  const devtools = await page.context().newCDPSession(page)
  // The thread's own time: other programs on the machine do not count.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  const spent = async (metric) => {
    const { metrics } = await devtools.send('Performance.getMetrics')
    return 1000 * metrics.find(({ name }) => name === metric).value
  }

  // No stylesheet on either side.
  const mount = (kind) => async () => {
    await page.evaluate(() => window.clear())
    const before = await spent('TaskDuration')
    await page.evaluate((kind) => window.show(kind, 200), kind)
    return (await spent('TaskDuration')) - before
  }
  tell('mounting and painting 200 code fields / 200 x six inputs', await pairs(times(40), mount('field'), mount('six')), 0.5)

  const type = (kind) => async () => {
    await page.evaluate(() => window.clear())
    await page.evaluate((kind) => window.show(kind, 1), kind)
    await page.focus('input')
    const before = await spent('ScriptDuration')
    for (const key of '123456') await page.keyboard.press(key)
    const script = (await spent('ScriptDuration')) - before
    if ((await page.title()) !== '123456') throw new Error(`The keys did not arrive in ${kind}.`)
    await page.evaluate(() => void (document.title = ''))
    return script / 6
  }
  tell('script per key, code field / six inputs', await pairs(times(48), type('field'), type('six')), 0.6)
  await page.close()

  for (const rate of [1, 4]) {
    const load = (name) => async () => {
      // A context of its own has nothing cached, compiled code included.
      const context = await browser.newContext()
      const fresh = await context.newPage()
      const session = await context.newCDPSession(fresh)
      await session.send('Emulation.setCPUThrottlingRate', { rate })
      await fresh.goto(`${base}/${name}.html`)
      await fresh.waitForFunction(() => window.firstInput !== undefined)
      const value = await fresh.evaluate(() => window.firstInput)
      await context.close()
      return value
    }
    const results = await pairs(times(30), load('kitSignIn'), load('plainSignIn'))
    tell(`first script to painted input, SignIn / plain form, CPU ${rate}x`, results, 1.2)
  }
} finally {
  await browser.close()
  server.close()
}
process.exit(failures > 0 ? 1 : 0)
