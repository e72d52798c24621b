import 'latchkey/styles.css'
import './demo.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { AuthProvider, SignIn } from 'latchkey'
import { realServer } from './realServer.js'

const { adapter } = realServer(location.origin, 'email')

// A page for signing in and nothing else: what the first screen does not need comes after it.
createRoot(document.querySelector('#app') as HTMLElement).render(
  <StrictMode>
    <AuthProvider adapter={adapter}>
      <SignIn />
    </AuthProvider>
  </StrictMode>,
)
