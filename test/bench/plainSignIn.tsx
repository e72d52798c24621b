import { useState } from 'react'
import { createRoot } from 'react-dom/client'
import { watchFirstInput } from './firstInput.js'
import './plain.css'

/** What people write by hand: two fields, an error, a button. */
function PlainSignIn() {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [error, setError] = useState('')
  return (
    <form
      method="post"
      onSubmit={(event) => {
        event.preventDefault()
        if (!email || !password) setError('Enter your e-mail address and your password.')
      }}
    >
      <h1>Sign in</h1>
      <label htmlFor="email">E-mail address</label>
      <input id="email" autoComplete="username" value={email} onChange={(event) => setEmail(event.target.value)} />
      <label htmlFor="password">Password</label>
      <input
        id="password"
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <p role="alert">{error}</p>
      <button>Sign in</button>
    </form>
  )
}

watchFirstInput()
createRoot(document.body.appendChild(document.createElement('main'))).render(<PlainSignIn />)
