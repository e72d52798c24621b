/** How long something lives, in milliseconds, by two stamps of one answer: whatever this machine's clock says. Absent where they make no sense. */
export function lifeOf({ createdAt, expiresAt = '' }: { readonly createdAt: string; readonly expiresAt?: string | undefined }): {
  readonly expiresInMs?: number
} {
  const ms = Date.parse(expiresAt) - Date.parse(createdAt)
  return ms > 0 ? { expiresInMs: ms } : {}
}
