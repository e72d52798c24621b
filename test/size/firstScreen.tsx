import { createRoot } from 'react-dom/client'
import { AuthProvider, SignIn } from '../../src/index.js'
import { stubAdapter } from './stubAdapter.js'

createRoot(document.body.appendChild(document.createElement('main'))).render(
  <AuthProvider adapter={stubAdapter}>
    <SignIn />
  </AuthProvider>,
)
