/**
 * For `magicLink({ sendMagicLink })`: the address to mail in place of Better Auth's own. It opens the app's page, which asks the server by
 * itself; so a mail scanner that opens every link does not use it up. Keep the page's `Referrer-Policy` strict: the token is in its address.
 */
export function landingLink({ url, token }: { readonly url: string; readonly token: string }): string {
  const link = new URL(new URL(url).searchParams.get('callbackURL') ?? '/', url)
  link.searchParams.set('token', token)
  return link.href
}
