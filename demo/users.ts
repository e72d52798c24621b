/** A person in the demo's database. What is known here could not be known of a real one. */
export interface DemoUser {
  readonly email: string
  readonly name: string
  /** Absent: signs in with the company only. */
  readonly password?: string
  /** As ITU-T E.164 writes it. */
  readonly phone?: string
  /** An authenticator app is set up with this base32 secret. */
  readonly totpSecret?: string
  readonly backupCodes?: readonly string[]
  /** Second factor by e-mail alone. */
  readonly emailSecondFactor?: true
}

export const demoUsers = {
  withoutMfa: { email: 'nora@example.com', name: 'Nora', password: 'plum-orchard-71', phone: '+15550100001' },
  withTotp: {
    email: 'theo@example.com',
    name: 'Theo',
    password: 'quiet-harbour-28',
    phone: '+15550100002',
    totpSecret: 'KRUGS4ZANFZSAYLOMFZGKZDFNVXQ2CQB',
    backupCodes: ['aB3dE-fG5hJ', 'kL7mN-pQ9rS', 'tU2vW-xY4zA'],
  },
  withEmailCode: { email: 'mia@example.com', name: 'Mia', password: 'amber-lantern-54', emailSecondFactor: true },
  ofGlobex: { email: 'sam@globex.example', name: 'Sam' },
  ofInitech: { email: 'ivy@initech.example', name: 'Ivy' },
} as const satisfies Record<string, DemoUser>

/** Known to Acme ID, and to nobody here. */
export const stranger = { email: 'newt@example.com', name: 'Newt' }
