/** First character and domain, so that a person knows which mailbox to open and a stranger does not learn the address. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  return `${at > 1 ? [...email][0] : ''}•••${email.slice(Math.max(at, 0))}`
}
