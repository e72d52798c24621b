import type { Decorator } from '@storybook/react-vite'
import { createMemoryBackend, type MemoryBackend, type MemoryOptions } from '../../src/adapters/memory/index.js'
import { AuthProvider, type AuthAdapter } from '../../src/index.js'
import { catalogues } from './pseudo.js'
import { ada, alan, grace, radia } from './users.js'

/** What a story plays on: a backend of its own, whose clock moves only by hand. */
export interface Stage {
  readonly backend: MemoryBackend
  /** The backend's, or one that answers as no memory backend would. */
  readonly adapter: AuthAdapter
}

interface Setting extends MemoryOptions {
  /** What has happened before the story begins. */
  readonly before?: (backend: MemoryBackend) => Promise<unknown>
  readonly adapt?: (adapter: AuthAdapter, backend: MemoryBackend) => AuthAdapter
  /** After which a call counts as unanswered. Milliseconds. */
  readonly timeoutMs?: number
  /** Providers open in a window of their own. */
  readonly popup?: boolean
}

/** A story's `parameters`, for `loadStage`. */
export function stage(setting: Setting) {
  return { stage: setting }
}

export async function loadStage({ parameters }: { parameters: Record<string, unknown> }): Promise<Stage> {
  // The wait of an earlier story's code.
  for (const key of Object.keys(localStorage)) if (key.startsWith('latchkey:')) localStorage.removeItem(key)
  const { before, adapt, timeoutMs: _, popup: _popup, ...options } = settingOf(parameters)
  const backend = createMemoryBackend({ users: [ada, grace, alan, radia], manualTime: Date.UTC(2026, 4, 11, 9), ...options })
  await before?.(backend)
  return { backend, adapter: adapt?.(backend.adapter, backend) ?? backend.adapter }
}

/** Fetches what draws over the page before the story begins: where it comes late, the first challenge stays in place. */
export async function loadDialog(): Promise<object> {
  await import('../../src/components/OverGate.js')
  return {}
}

/** Puts a story inside of an `AuthProvider`, in the toolbar's language. */
export const onStage: Decorator = (Story, { loaded, globals, parameters }) => {
  const { adapter } = stageOf(loaded)
  const { timeoutMs, popup } = settingOf(parameters)
  return (
    <AuthProvider adapter={adapter} messages={catalogues[String(globals.locale)]} timeoutMs={timeoutMs} popup={popup}>
      <Story />
    </AuthProvider>
  )
}

/** The stage of a story, in its play function. */
export function stageOf(loaded: Record<string, unknown>): Stage {
  return loaded as unknown as Stage
}

function settingOf(parameters: Record<string, unknown>): Setting {
  return parameters.stage ?? {}
}
