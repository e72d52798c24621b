import { useSession, useSignIn } from 'latchkey'

/** Who is signed in, as the server's session says. */
export function SessionBadge() {
  const { session } = useSession()
  const { signOut } = useSignIn()
  if (!session || session.pending) return null
  return (
    <>
      <span className="badge">
        <bdi>{session.user.label}</bdi> <b>{session.currentLevel}</b>
      </span>
      <button type="button" onClick={() => void signOut()}>
        Sign out
      </button>
    </>
  )
}
