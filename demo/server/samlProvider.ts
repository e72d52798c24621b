import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { selfSigned } from './certificate.js'
import { actionOf, fieldsOf, handOverPage, messagePage, pageHeaders, providerPage } from './providerPage.js'

export interface SamlProviderOptions {
  /** Default: one that is free. */
  readonly port?: number
  readonly services: readonly SamlService[]
  readonly accounts: readonly SamlAccount[]
  /** What its page calls it. Default `Globex ID`. */
  readonly name?: string
}

/** Who may send people here, and where they are sent back to, whatever a request says. */
export interface SamlService {
  readonly entityId: string
  /** Assertion consumer service, by POST. */
  readonly acsUrl: string
}

export interface SamlAccount {
  readonly email: string
  readonly name: string
}

/** What a browser posts to the service. */
export interface SamlAnswer {
  readonly acsUrl: string
  readonly SAMLResponse: string
  /** As the service sent it; absent where it sent none. */
  readonly RelayState?: string
}

export interface SamlProvider {
  readonly entityId: string
  /** Where people are sent with a `SAMLRequest`, by redirect. */
  readonly ssoUrl: string
  /** PEM: what answers are signed with. */
  readonly certificate: string
  /** XML, with the certificate in it. Also at `/metadata`. */
  readonly metadata: string
  /**
   * A person without a browser: from where a service sends people, through the form, to what would be posted to the service.
   * Rejects where the provider answers nothing to post, with its status in the message.
   */
  visit(ssoUrl: string, act: { readonly as: string }): Promise<SamlAnswer>
  close(): Promise<void>
}

const POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'
const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'
const EMAIL_ADDRESS = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'

/**
 * A stand-in for a company's SAML provider: real messages (`samlify`: assertion and response signed), made-up people without
 * passwords; `email` and `name` are attributes. It hears loopback only, by an address that shares no cookies with `localhost`.
 */
export async function startSamlProvider(options: SamlProviderOptions): Promise<SamlProvider> {
  const { accounts, services, port = 0, name = 'Globex ID' } = options
  const server = createServer()
  const [{ default: samlify }, { privateKey, certificate }] = await Promise.all([
    import('samlify'),
    selfSigned(name),
    new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve)),
  ])
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const [entityId, ssoUrl] = [`${origin}/metadata`, `${origin}/sso`]

  const metadata = metadataOf(entityId, ssoUrl, certificate)
  const provider = samlify.IdentityProvider({
    metadata,
    privateKey,
    nameIDFormat: [EMAIL_ADDRESS],
    loginResponseTemplate: { context: template(), attributes: [] },
  })

  /** Who asks, and which request it is. Not by samlify's own parsing: its check of the XML is one for the whole process, the service's. */
  function asked(SAMLRequest: string | null) {
    const { Extractor, Utility } = samlify
    const { request, issuer } = Extractor.extract(Utility.inflateString(SAMLRequest ?? ''), Extractor.loginRequestFields)
    const service = services.find(({ entityId }) => entityId === issuer)
    if (!service) throw new Error('No service that is known here asks.')
    return { service, requestId: (request as { id: string }).id }
  }

  async function answerFor({ email, name }: SamlAccount, { service, requestId }: ReturnType<typeof asked>): Promise<string> {
    const to = samlify.ServiceProvider({
      entityID: service.entityId,
      wantAssertionsSigned: true,
      wantMessageSigned: true,
      assertionConsumerService: [{ Binding: POST, Location: service.acsUrl }],
    })
    const [id, now] = [`_${randomUUID()}`, Date.now()]
    const values = {
      ID: id,
      AssertionID: `_${randomUUID()}`,
      SessionIndex: `_${randomUUID()}`,
      Issuer: entityId,
      IssueInstant: new Date(now).toISOString(),
      ConditionsNotBefore: new Date(now - 60_000).toISOString(),
      ConditionsNotOnOrAfter: new Date(now + 300_000).toISOString(),
      Destination: service.acsUrl,
      Audience: service.entityId,
      InResponseTo: requestId,
      NameID: email,
      Email: email,
      Name: name,
    }
    const { context } = await provider.createLoginResponse(to, { extract: {} }, 'post', { email }, (form) => ({
      id,
      context: samlify.SamlLib.replaceTagsByValue(form, values),
    }))
    return context
  }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const { pathname, searchParams } = new URL(request.url ?? '/', origin)
    const show = (status: number, html: string) => void response.writeHead(status, pageHeaders).end(html)
    if (pathname === '/metadata')
      return void response.writeHead(200, { 'content-type': 'application/samlmetadata+xml' }).end(metadata)
    if (pathname !== '/sso') return show(404, messagePage('Not found', 'Nothing is here.'))
    const form = request.method === 'POST' ? new URLSearchParams(await text(request)) : searchParams
    const question = asked(form.get('SAMLRequest'))
    const hidden = Object.fromEntries([...form].filter(([name]) => ['SAMLRequest', 'RelayState'].includes(name)))
    const ask = (status: number, problem?: string) =>
      show(status, providerPage({ provider: name, action: '/sso', accounts, hidden, ...(problem && { problem }) }))
    if (request.method !== 'POST') return ask(200)
    const account = accounts.find(({ email }) => email === form.get('email')?.trim().toLowerCase())
    if (!account) return ask(422, 'Nobody here has this address.')
    const { RelayState } = hidden
    const SAMLResponse = await answerFor(account, question)
    show(200, handOverPage(name, question.service.acsUrl, { SAMLResponse, ...(RelayState !== undefined && { RelayState }) }))
  }

  server.on('request', (request, response) => {
    answer(request, response).catch((thrown: unknown) =>
      response
        .writeHead(400, pageHeaders)
        .end(messagePage(`${name} cannot go on`, thrown instanceof Error ? thrown.message : String(thrown))),
    )
  })

  return {
    entityId,
    ssoUrl,
    certificate,
    metadata,
    async visit(url, { as }) {
      const first = fieldsOf(await html(await fetch(url)))
      const body = new URLSearchParams({ ...first, email: as, act: 'sign-in' })
      const handOver = await html(await fetch(ssoUrl, { method: 'POST', body }))
      const { SAMLResponse = '', RelayState } = fieldsOf(handOver)
      return { acsUrl: actionOf(handOver) ?? '', SAMLResponse, ...(RelayState !== undefined && { RelayState }) }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function html(response: Response): Promise<string> {
  const page = await response.text()
  if (response.ok) return page
  throw new Error(`The provider answered ${response.status}: ${/role="alert">([^<]*)/.exec(page)?.[1] ?? ''}`)
}

/** Written here, because samlify warns of metadata without a place to sign out at. */
function metadataOf(entityId: string, ssoUrl: string, certificate: string): string {
  const base64 = certificate.replace(/-----[A-Z ]+-----|\s/g, '')
  return `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${entityId}"><md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:NameIDFormat>${EMAIL_ADDRESS}</md:NameIDFormat><md:SingleSignOnService Binding="${REDIRECT}" Location="${ssoUrl}"/></md:IDPSSODescriptor></md:EntityDescriptor>`
}

/** With what services ask for: to whom the answer goes, for which request, until when, and when the person signed in. */
function template(): string {
  const attribute = (name: string, tag: string) =>
    `<saml:Attribute Name="${name}" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic"><saml:AttributeValue>{${tag}}</saml:AttributeValue></saml:Attribute>`
  const names = 'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
  const issued = 'Version="2.0" IssueInstant="{IssueInstant}"'
  return `<samlp:Response ${names} ID="{ID}" ${issued} Destination="{Destination}" InResponseTo="{InResponseTo}"><saml:Issuer>{Issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status><saml:Assertion ID="{AssertionID}" ${issued}><saml:Issuer>{Issuer}</saml:Issuer><saml:Subject><saml:NameID Format="${EMAIL_ADDRESS}">{NameID}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{ConditionsNotOnOrAfter}" Recipient="{Destination}" InResponseTo="{InResponseTo}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{ConditionsNotBefore}" NotOnOrAfter="{ConditionsNotOnOrAfter}"><saml:AudienceRestriction><saml:Audience>{Audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{IssueInstant}" SessionIndex="{SessionIndex}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>${attribute('email', 'Email')}${attribute('name', 'Name')}</saml:AttributeStatement></saml:Assertion></samlp:Response>`
}
