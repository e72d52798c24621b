import { afterAll, beforeAll, expect, it } from 'vitest'
import { cdp } from 'vitest/browser'
import { rtlScreens, screens, show, stories, withPlainPage } from './screens.js'

withPlainPage()

const asked: string[] = []
const note = ({ request }: { request: { url: string } }) => void asked.push(request.url)

beforeAll(async () => {
  // Sent first: two calls that are both the first get two sessions, and the listener is on the one that is forgotten.
  await cdp().send('Network.enable')
  cdp().on('Network.requestWillBeSent', note)
})
afterAll(async () => {
  cdp().off('Network.requestWillBeSent', note)
  await cdp().send('Network.disable')
})

const foreign = () => asked.filter((url) => new URL(url).origin !== location.origin)

it('TH-14 no screen asks anybody but its own page for anything, and no element names a foreign address', async () => {
  for (const screen of [...Object.values(screens), ...Object.values(rtlScreens), stories.signIn.Complete]) {
    await show(screen)
    for (const one of document.querySelectorAll('[data-slot=root] *')) {
      for (const name of ['src', 'srcset', 'data', 'poster', 'action', 'xlink:href']) expect(one.getAttribute(name)).toBeNull()
      expect(getComputedStyle(one).backgroundImage).toBe('none')
    }
  }
  // Proof that a request would have been seen.
  await fetch('http://127.0.0.1:45671/pixel.gif').catch(() => undefined)
  await expect.poll(foreign).toEqual(['http://127.0.0.1:45671/pixel.gif'])
})
