import { StrictMode } from 'react'
import { createRoot, hydrateRoot } from 'react-dom/client'
import { App } from './App.js'
import { realServer } from './realServer.js'
import { traced } from './traced.js'

const options = new URLSearchParams(location.search)
const memory = options.get('backend') === 'memory'
const backend = memory ? (await import('./inMemory.js')).inMemory() : realServer(location.origin)
const adapter = options.has('trace') ? traced(backend.adapter) : backend.adapter

const root = document.querySelector('#app') as HTMLElement
const app = (
  <StrictMode>
    <App backend={{ ...backend, adapter }} path={location.pathname} memory={memory} />
  </StrictMode>
)
// The server draws the page for itself only: what is kept in this page's memory it cannot know.
if (memory) createRoot(root).render(app)
else hydrateRoot(root, app)
