// @vitest-environment node
import { X509Certificate } from 'node:crypto'
import samlify from 'samlify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { selfSigned } from '../../demo/server/certificate.js'
import { startSamlProvider, type SamlAnswer, type SamlProvider } from '../../demo/server/samlProvider.js'

const entityId = 'http://127.0.0.1:9/sp'
const acsUrl = 'http://127.0.0.1:9/acs'
const accounts = [
  { email: 'grace@globex.example', name: 'Grace & <Co>' },
  { email: 'hal@globex.example', name: 'Hal' },
]
let provider: SamlProvider

beforeAll(async () => {
  samlify.setSchemaValidator({ validate: () => Promise.resolve('not checked here') })
  provider = await startSamlProvider({ services: [{ entityId, acsUrl }], accounts })
})
afterAll(() => provider.close())

const service = (entityID = entityId) =>
  samlify.ServiceProvider({
    entityID,
    wantAssertionsSigned: true,
    wantMessageSigned: true,
    assertionConsumerService: [{ Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST', Location: acsUrl }],
  })

function request(entityID?: string) {
  const { id, context } = service(entityID).createLoginRequest(
    samlify.IdentityProvider({ metadata: provider.metadata }),
    'redirect',
  )
  return { id, url: context }
}

const accepted = ({ SAMLResponse }: SamlAnswer) =>
  service().parseLoginResponse(samlify.IdentityProvider({ metadata: provider.metadata }), 'post', { body: { SAMLResponse } })

const changed = (answer: SamlAnswer, change: (xml: string) => string): SamlAnswer => ({
  ...answer,
  SAMLResponse: Buffer.from(change(Buffer.from(answer.SAMLResponse, 'base64').toString())).toString('base64'),
})

describe("a stand-in for a company's SAML provider", () => {
  it('answers a request with a signed assertion that a service accepts', async () => {
    const { id, url } = request()
    const answer = await provider.visit(`${url}&RelayState=${encodeURIComponent('state "of" the service')}`, {
      as: 'grace@globex.example',
    })
    expect(answer).toMatchObject({ acsUrl, RelayState: 'state "of" the service' })
    const { extract } = await accepted(answer)
    expect(extract).toMatchObject({
      nameID: 'grace@globex.example',
      attributes: { email: 'grace@globex.example', name: 'Grace & <Co>' },
      audience: entityId,
      issuer: provider.entityId,
      response: { destination: acsUrl, inResponseTo: id },
    })
  })

  it('is not believed once a letter of the assertion is another one', async () => {
    const answer = await provider.visit(request().url, { as: 'hal@globex.example' })
    expect((await accepted(answer)).extract.nameID).toBe('hal@globex.example')
    const tampered = changed(answer, (xml) => xml.replaceAll('hal@globex', 'grace@globex'))
    expect(tampered.SAMLResponse).not.toBe(answer.SAMLResponse)
    await expect(accepted(tampered)).rejects.toThrow()
  })

  it('is not believed without its signatures', async () => {
    const answer = await provider.visit(request().url, { as: 'hal@globex.example' })
    const bare = changed(answer, (xml) => xml.replace(/<ds:Signature[\s>].*?<\/ds:Signature>/gs, ''))
    await expect(accepted(bare)).rejects.toThrow()
  })

  it('is not believed when somebody else signed', async () => {
    const other = await startSamlProvider({ services: [{ entityId, acsUrl }], accounts })
    const { url } = request()
    const forged = await other.visit(url.replace(provider.ssoUrl, other.ssoUrl), { as: 'hal@globex.example' })
    await other.close()
    await expect(accepted(forged)).rejects.toThrow()
  })

  it('answers no service that it does not know', async () => {
    await expect(provider.visit(request('http://127.0.0.1:9/another').url, { as: 'hal@globex.example' })).rejects.toThrow(
      'answered 400: No service that is known here asks.',
    )
    await expect(provider.visit(provider.ssoUrl, { as: 'hal@globex.example' })).rejects.toThrow('answered 400')
  })

  it('lets nobody in whom it does not know', async () => {
    await expect(provider.visit(request().url, { as: 'eve@globex.example' })).rejects.toThrow('answered 422')
  })

  it('publishes its metadata', async () => {
    const response = await fetch(provider.entityId)
    expect(await response.text()).toBe(provider.metadata)
  })

  it('shows the answer in a form that a person sends on, without a script', async () => {
    const page = await fetch(request().url)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await page.text()).toContain('<label for="email">Email address</label>')
  })

  it('hears no other address of this machine', async () => {
    await expect(fetch(`http://127.0.0.2:${new URL(provider.ssoUrl).port}/metadata`)).rejects.toThrow('fetch failed')
  })
})

describe('a certificate that signs itself', () => {
  it('is what its own key has signed, and good today', async () => {
    const { certificate } = await selfSigned('Globex ID')
    const read = new X509Certificate(certificate)
    expect(read.subject).toBe('CN=Globex ID')
    expect(read.verify(read.publicKey)).toBe(true)
    expect(read.checkIssued(read)).toBe(true)
    expect(Date.parse(read.validFrom)).toBeLessThan(Date.now())
    expect(Date.parse(read.validTo)).toBeGreaterThan(Date.now())
  })

  it('is not what another key has signed', async () => {
    const [one, other] = await Promise.all([selfSigned('Globex ID'), selfSigned('Globex ID')])
    expect(new X509Certificate(one.certificate).verify(new X509Certificate(other.certificate).publicKey)).toBe(false)
  })
})
