import { demoUsers, type DemoUser } from '../users.js'

export interface PeopleProps {
  /** What people are known by on this page. */
  by: 'email' | 'phone'
  /** People of companies, who have no password, cannot be shown by every backend. */
  companies: boolean
  /** On a backend that is a variable of this page. */
  memory: boolean
  onMissingForm: () => void
}

/** The made-up users. "Fill in" does what a password manager does: it sets the fields, without a key being pressed. */
export function People({ by, companies, memory, onMissingForm }: PeopleProps) {
  const people = (Object.values(demoUsers) as readonly DemoUser[]).filter(
    (one) => one[by] && (one.password || (companies && by === 'email')),
  )

  const fill = ({ [by]: identifier = '', password = '' }: DemoUser) => {
    const username = document.querySelector<HTMLInputElement>('main input[name="username"]')
    const secret = document.querySelector<HTMLInputElement>('main input[name="password"]')
    if (!username || !secret) return onMissingForm()
    username.value = identifier
    secret.value = password
    const next = password ? secret.form?.querySelector<HTMLElement>('[type="submit"], button:not([type])') : username
    next?.focus()
  }

  return (
    <section aria-labelledby="people">
      <h3 id="people">People</h3>
      <ul className="people">
        {people.map((person) => (
          <li key={person.email}>
            <div className="person">
              <b>{person.name}</b> <span className="tag">{whatFor(person, memory)}</span>
              <button type="button" aria-label={`Fill in ${person.name}`} onClick={() => fill(person)}>
                Fill in
              </button>
            </div>
            <bdi>{person[by]}</bdi> {person.password && <code>{person.password}</code>}
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

const companyWays = { 'globex.example': 'company, by SAML', 'initech.example': 'company, by OpenID' }

function whatFor({ email, password, totpSecret, emailSecondFactor }: DemoUser, memory: boolean): string {
  if (memory && !password) return 'company'
  if (memory && totpSecret) return 'app, phone, email'
  if (!password) return companyWays[email.split('@')[1] as keyof typeof companyWays]
  return totpSecret ? 'authenticator app' : emailSecondFactor ? 'code by email' : 'password only'
}
