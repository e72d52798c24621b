import { createRoot } from 'react-dom/client'
import { AuthProvider, SignIn } from '../../src/index.js'
import '../../src/styles.css'
import { stubAdapter } from '../size/stubAdapter.js'
import { watchFirstInput } from './firstInput.js'

watchFirstInput()
createRoot(document.body.appendChild(document.createElement('main'))).render(
  <AuthProvider adapter={stubAdapter}>
    <SignIn />
  </AuthProvider>,
)
