import 'latchkey/styles.css'
import './demo.css'
import { useCallback, useEffect, useState, type MouseEvent } from 'react'
import { AuthProvider, type AuthEvent } from 'latchkey'
import { hostedNames, type Hosted } from '../hosted.js'
import type { Backend } from './backend.js'
import { Outbox } from './Outbox.js'
import { Page, paths } from './Page.js'
import { People } from './People.js'
import { Phone } from './Phone.js'
import { SessionBadge } from './SessionBadge.js'
import { canStay } from './stay.js'

export interface AppProps {
  backend: Backend
  path: string
  memory: boolean
  /** What people type to be known by. */
  by?: 'email' | 'phone'
  /** The hosted backend behind the page, where it is not the demo's own server. */
  hosted?: Hosted['kind'] | undefined
  /** Providers open in a window of their own. */
  popup?: boolean
}

export function App({ backend, path: initialPath, memory, by = 'email', hosted, popup }: AppProps) {
  const [path, setPath] = useState(initialPath)
  const [dir, setDir] = useState<'ltr' | 'rtl'>('ltr')
  const [sent, setSent] = useState(0)
  const onEvent = useCallback((event: AuthEvent) => event.type === 'sent' && setSent((n) => n + 1), [])

  useEffect(() => {
    const follow = () => setPath(location.pathname)
    addEventListener('popstate', follow)
    return () => removeEventListener('popstate', follow)
  }, [])

  useEffect(() => {
    document.documentElement.dir = dir
  }, [dir])

  const go = (to: string) => {
    history.pushState(null, '', to + location.search)
    setPath(to)
  }

  return (
    <AuthProvider adapter={backend.adapter} dir={dir} onEvent={onEvent} popup={popup}>
      <header className="bar">
        <a className="brand" href="/">
          <Logo /> Latchkey
        </a>
        <nav aria-label="Pages">
          {Object.entries(paths).map(
            ([to, name]) =>
              name && (
                <a key={to} href={to} aria-current={to === path ? 'page' : undefined} onClick={inPage(() => go(to))}>
                  {name}
                </a>
              ),
          )}
        </nav>
        <div className="tools">
          {/* Its sign-out comes with a look for a half-done sign-in: one more request beside those of the gates. */}
          {path !== '/gates' && <SessionBadge />}
          <button type="button" onClick={toggleTheme}>
            Light or dark
          </button>
          <button type="button" aria-pressed={dir === 'rtl'} onClick={() => setDir(dir === 'rtl' ? 'ltr' : 'rtl')}>
            Right to left
          </button>
        </div>
      </header>

      <div className="page">
        <main>
          <Page path={path} backend={backend} />
        </main>

        <aside aria-labelledby="try">
          <h2 id="try">Try it</h2>
          <nav className="switch" aria-label="Backend">
            <a href="/" aria-current={memory || by === 'phone' ? undefined : 'true'}>
              {hosted ? hostedNames[hosted] : 'By email'}
            </a>
            {!hosted && (
              <a href="/?by=phone" aria-current={by === 'phone' && !memory ? 'true' : undefined}>
                By phone
              </a>
            )}
            <a href="/?backend=memory" aria-current={memory ? 'true' : undefined}>
              In memory
            </a>
          </nav>
          <p className="note">
            {memory
              ? `The same page on a backend that is a variable. A reload forgets everything.${canStay() ? '' : cannotStay}`
              : hosted
                ? `Your own ${hostedNames[hosted]}: sign in with a user that you have there.`
                : 'A real Better Auth server, with a mail server, and stand-ins for a text service and providers. Nothing leaves this machine.'}
          </p>
          {(memory || !hosted) && (
            <People by={memory ? 'email' : by} memory={memory} companies={!memory || canStay()} onMissingForm={() => go('/')} />
          )}
          <Phone backend={backend} />
          {(memory || !hosted) && <Outbox backend={backend} sent={sent} samePage={memory} />}
        </aside>
      </div>
    </AuthProvider>
  )
}

const cannotStay = ' Providers, companies and links are missing: this browser cannot go there and back without one.'

/** Follows a link without leaving the page, unless it is to open elsewhere. */
const inPage = (go: () => void) => (event: MouseEvent) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return
  event.preventDefault()
  go()
}

function toggleTheme() {
  const { dataset } = document.documentElement
  const dark = dataset.theme ? dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
  dataset.theme = dark ? 'light' : 'dark'
}

function Logo() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" />
      <circle cx="12" cy="16" r="5" />
      <path d="M17 16h9m-3 0v4" />
    </svg>
  )
}
