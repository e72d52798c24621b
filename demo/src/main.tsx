import { StrictMode } from 'react'
import { createRoot, hydrateRoot } from 'react-dom/client'
import { App } from './App.js'
import type { Backend } from './backend.js'
import type { Hosted } from '../hosted.js'
import { knownBy, realServer } from './realServer.js'
import { traced } from './traced.js'

const options = new URLSearchParams(location.search)
const memory = options.get('backend') === 'memory'
const hosted = JSON.parse(document.querySelector<HTMLMetaElement>('meta[name="backend"]')?.content || 'null') as Hosted | null
const root = document.querySelector('#app') as HTMLElement

const app = (backend: Backend, visit = 0) => (
  <StrictMode>
    <App
      key={visit}
      backend={options.has('trace') ? { ...backend, adapter: traced(backend.adapter) } : backend}
      path={location.pathname}
      memory={memory}
      by={knownBy(options)}
      hosted={hosted?.kind}
      popup={options.has('popup')}
    />
  </StrictMode>
)

// The server draws the page for itself only: what is kept in this page's memory, or by somebody else, it cannot know.
if (memory) (await import('./drawInMemory.js')).drawInMemory(root, app)
else if (hosted) createRoot(root).render(app(await (await import('./onHosted.js')).onHosted(hosted)))
else hydrateRoot(root, app(realServer(location.origin, knownBy(options))))
