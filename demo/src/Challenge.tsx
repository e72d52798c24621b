import { SignIn } from 'latchkey'

/** The step-up's screens. */
export function Challenge({ when }: { when: boolean }) {
  return when && <SignIn />
}
