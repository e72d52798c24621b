import type { ReactNode } from 'react'
import { MfaGate, SignIn, TotpEnroll } from 'latchkey'
import { recentMs } from '../recent.js'
import { Account } from './Account.js'
import type { Backend } from './backend.js'
import { MoveMoney } from './MoveMoney.js'
import { Vault } from './Vault.js'

/** The pages, by path; those with a name are in the menu. */
export const paths: Readonly<Record<string, string | null>> = {
  '/': 'Sign in',
  '/account': 'Account',
  '/vault': 'Vault',
  '/transfer': 'Money',
  // To see that many gates ask once.
  '/gates': null,
  // An enrolment with no gate around it, as in an app whose router guards its pages.
  '/enroll': null,
}

const issuer = 'Latchkey demo'

export function Page({ path, backend }: { path: string; backend: Backend }) {
  switch (path) {
    case '/account':
      return (
        <Titled title="Your account" lead="A second step keeps an account closed even to those who know its password.">
          <MfaGate require="aal1">
            <Account backend={backend} issuer={issuer} />
          </MfaGate>
        </Titled>
      )
    case '/vault':
      return (
        <Titled title="The vault" lead="The server opens it to sessions with two factors. The gate tells people what is missing.">
          <MfaGate require="aal2" issuer={issuer}>
            <Vault backend={backend} />
          </MfaGate>
        </Titled>
      )
    case '/transfer':
      return (
        <Titled title="Move money" lead="Open for five minutes after the second step. Then gate and server ask for it again.">
          <MfaGate require="aal2" maxAgeMs={recentMs} issuer={issuer}>
            <MoveMoney backend={backend} />
          </MfaGate>
        </Titled>
      )
    case '/gates':
      return (
        <Titled title="Ten gates" lead="They share one reading of the session.">
          {Array.from({ length: 10 }, (_, i) => (
            <MfaGate key={i} require="aal1" idPrefix={`gate-${i}`} signedOut={<p className="note">Closed</p>}>
              <p className="note">Open</p>
            </MfaGate>
          ))}
        </Titled>
      )
    case '/enroll':
      return (
        <Titled title="A second step" lead="The enrolment alone.">
          <TotpEnroll issuer={issuer} />
        </Titled>
      )
    default:
      return (
        <Titled
          title="Sign-in for React, on any backend."
          lead="Passwords, codes, links, providers and a second step. One component, your server."
        >
          <SignIn />
        </Titled>
      )
  }
}

function Titled({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <>
      <h1>{title}</h1>
      <p className="lead">{lead}</p>
      {children}
    </>
  )
}
