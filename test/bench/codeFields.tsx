import { flushSync } from 'react-dom'
import { createRoot, type Root } from 'react-dom/client'
import { OtpInput } from '../../src/index.js'
import '../../src/styles.css'
import { SixInputs } from './SixInputs.js'

const kinds = { field: OtpInput, six: SixInputs }
const place = document.body.appendChild(document.createElement('main'))
let root: Root | undefined

function complete(code: string) {
  document.title = code
}

/** Shows `count` fields of one kind; answers with the milliseconds that script took for it, effects in it. */
async function show(kind: keyof typeof kinds, count: number) {
  const Field = kinds[kind]
  root?.unmount()
  // What the unmount leaves to do and to collect is not the next mount's.
  await new Promise((done) => setTimeout(done, 20))
  window.gc?.()
  root = createRoot(place)
  const fields = Array.from({ length: count }, (_, index) => <Field key={index} label="Code" onComplete={complete} />)
  const start = performance.now()
  flushSync(() => root?.render(fields))
  return performance.now() - start
}

declare global {
  interface Window {
    show: typeof show
    /** There with Chromium's `--js-flags=--expose-gc`. */
    gc?: () => void
  }
}
window.show = show
