import { createRoot } from 'react-dom/client'
import * as kit from '../../src/index.js'
import { stubAdapter } from './stubAdapter.js'

const { AuthProvider, SignIn, ...others } = kit

// Never opened: the build says what all of it weighs.
createRoot(document.body).render(
  <AuthProvider adapter={stubAdapter}>
    <SignIn help={String(Object.values(others))} />
  </AuthProvider>,
)
