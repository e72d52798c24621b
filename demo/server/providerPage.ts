/** What a stand-in for a company's identity provider shows: whom it asks for, and where the answer goes. */
export interface ProviderPage {
  /** Such as "Acme ID". */
  readonly provider: string
  /** Where the form is posted. */
  readonly action: string
  readonly accounts: readonly { readonly email: string }[]
  /** Goes back with the form, as it came. */
  readonly hidden?: Readonly<Record<string, string>>
  /** Why the form is shown again. */
  readonly problem?: string
  readonly canDeny?: boolean
}

/** Strict markup without a script or a style: it is drawn under `default-src 'none'`. */
export function providerPage({ provider, action, accounts, hidden, problem, canDeny }: ProviderPage): string {
  return page(
    `Sign in to ${provider}`,
    `<p>This stands in for a company's identity provider. Anyone here may be signed in, without a password: ${accounts
      .map(({ email }) => escape(email))
      .join(', ')}.</p>
${problem ? `<p role="alert">${escape(problem)}</p>` : ''}
<form method="post" action="${escape(action)}">
${hiddenInputs(hidden)}
<p><label for="email">Email address</label> <input id="email" name="email" type="email" autocomplete="username"></p>
<p><button type="submit" name="act" value="sign-in">Sign in</button>
${canDeny ? '<button type="submit" name="act" value="deny">Deny</button>' : ''}</p>
</form>`,
  )
}

/** A form that a person sends on: a script that does it for them would need a hole in the policy. */
export function handOverPage(provider: string, action: string, hidden: Readonly<Record<string, string>>): string {
  return page(
    `Signed in to ${provider}`,
    `<form method="post" action="${escape(action)}">
${hiddenInputs(hidden)}
<p><button type="submit">Continue</button></p>
</form>`,
  )
}

export const messagePage = (title: string, text: string) => page(title, `<p role="alert">${escape(text)}</p>`)

/** Without `form-action`: Chromium holds a redirect after the form to it, and where the client is, the client says. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
}

/** The hidden fields of a page's form, as a browser would post them. */
export const fieldsOf = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name = '', value = '']) => [
      unescape(name),
      unescape(value),
    ]),
  )

/** Where a page's form is posted. */
export const actionOf = (html: string): string | undefined => {
  const action = /<form method="post" action="([^"]*)">/.exec(html)?.[1]
  return action === undefined ? undefined : unescape(action)
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
${body}
</main>
</body>
</html>
`
}

const hiddenInputs = (fields: Readonly<Record<string, string>> = {}) =>
  Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`)
    .join('\n')

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const unescape = (text: string) =>
  text.replaceAll('&quot;', '"').replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&')
