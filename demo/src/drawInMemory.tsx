import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import type { Backend } from './backend.js'
import { inMemory } from './inMemory.js'
import { ProviderPage } from './ProviderPage.js'
import { askedProvider, canStay, stay } from './stay.js'

/** The page on a backend that is a variable of it. `app` gets a new number each time the page would have been loaded. */
export function drawInMemory(place: Element, app: (backend: Backend, visit: number) => ReactNode): void {
  const { provider, ...backend } = inMemory()
  const root = createRoot(place)
  let visit = 0
  function draw() {
    const asked = askedProvider()
    const answer = (how: Parameters<typeof provider.answer>[1]) => location.assign(provider.answer(location.href, how))
    root.render(
      asked ? (
        <StrictMode>
          <ProviderPage strategy={asked} onAnswer={answer} />
        </StrictMode>
      ) : (
        app(backend, visit++)
      ),
    )
  }
  if (canStay()) stay(draw)
  draw()
}
