import { demoUsers, type DemoUser } from '../users.js'

const people: readonly DemoUser[] = Object.values(demoUsers)

/** The made-up users. "Fill in" does what a password manager does: it sets the fields, without a key being pressed. */
export function People({ onMissingForm }: { onMissingForm: () => void }) {
  const fill = ({ email, password }: DemoUser) => {
    const username = document.querySelector<HTMLInputElement>('main input[name="username"]')
    const secret = document.querySelector<HTMLInputElement>('main input[name="password"]')
    if (!username || !secret) return onMissingForm()
    username.value = email
    secret.value = password
    secret.form?.querySelector<HTMLElement>('[type="submit"], button:not([type])')?.focus()
  }

  return (
    <section aria-labelledby="people">
      <h3 id="people">People</h3>
      <ul className="people">
        {people.map((person) => (
          <li key={person.email}>
            <div className="person">
              <b>{person.name}</b> <span className="tag">{secondFactor(person)}</span>
              <button type="button" aria-label={`Fill in ${person.name}`} onClick={() => fill(person)}>
                Fill in
              </button>
            </div>
            <bdi>{person.email}</bdi> <code>{person.password}</code>
            {person.backupCodes && (
              <p className="note">
                Backup codes:{' '}
                {person.backupCodes.map((code) => (
                  <code key={code}>{code}</code>
                ))}
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

const secondFactor = ({ totpSecret, emailSecondFactor }: DemoUser) =>
  totpSecret ? 'authenticator app' : emailSecondFactor ? 'code by email' : 'password only'
