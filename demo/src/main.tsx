import { StrictMode } from 'react'
import { createRoot, hydrateRoot } from 'react-dom/client'
import { App } from './App.js'
import type { Hosted } from '../hosted.js'
import { knownBy, realServer } from './realServer.js'
import { traced } from './traced.js'

const options = new URLSearchParams(location.search)
const memory = options.get('backend') === 'memory'
const hosted = JSON.parse(document.querySelector<HTMLMetaElement>('meta[name="backend"]')?.content || 'null') as Hosted | null
const backend = memory
  ? (await import('./inMemory.js')).inMemory()
  : hosted
    ? await (await import('./onHosted.js')).onHosted(hosted)
    : realServer(location.origin, knownBy(options))
const adapter = options.has('trace') ? traced(backend.adapter) : backend.adapter

const root = document.querySelector('#app') as HTMLElement
const app = (
  <StrictMode>
    <App backend={{ ...backend, adapter }} path={location.pathname} memory={memory} by={knownBy(options)} hosted={hosted?.kind} />
  </StrictMode>
)
// The server draws the page for itself only: what is kept in this page's memory, or by somebody else, it cannot know.
if (memory || hosted) createRoot(root).render(app)
else hydrateRoot(root, app)
