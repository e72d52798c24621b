import { flushSync } from 'react-dom'
import { createRoot, type Root } from 'react-dom/client'
import { OtpInput } from '../../src/index.js'
import { SixInputs } from './SixInputs.js'

const kinds = { field: OtpInput, six: SixInputs }
const place = document.body.appendChild(document.createElement('main'))
let root: Root | undefined

function complete(code: string) {
  document.title = code
}

/** Takes the fields away, and waits until what that leaves to do is done. */
async function clear() {
  root?.unmount()
  await new Promise((done) => setTimeout(done, 20))
  window.gc?.({ type: 'minor' })
}

/** Shows `count` fields of one kind; resolves when they are painted. */
async function show(kind: keyof typeof kinds, count: number) {
  const Field = kinds[kind]
  const fields = Array.from({ length: count }, (_, index) => <Field key={index} label="Code" onComplete={complete} />)
  root = createRoot(place)
  flushSync(() => root?.render(fields))
  await new Promise<void>((done) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => done()
      port2.postMessage(null)
    })
  })
}

declare global {
  interface Window {
    clear: typeof clear
    show: typeof show
    /** There with Chromium's `--js-flags=--expose-gc`. */
    gc?: (options: { type: 'minor' }) => void
  }
}
Object.assign(window, { clear, show })
