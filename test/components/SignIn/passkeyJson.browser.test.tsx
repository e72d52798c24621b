import { page } from 'vitest/browser'
import { afterEach, expect, it, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { MfaGate } from '../../../src/components/MfaGate.js'
import { SignIn } from '../../../src/components/SignIn.js'
import type { Json } from '../../../src/core/json.js'
import type { ActiveSession } from '../../../src/core/session.js'
import { AuthProvider } from '../../../src/hooks/context.js'
import { attempt, scriptedAdapter, session, type ScriptedAdapter } from '../../support/scriptedAdapter.js'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const bytes = (...values: number[]) => new Uint8Array(values).buffer
/** Every length of padding, and both characters in which base64url differs from base64. */
const vectors: [string, number[]][] = [
  ['-_-_', [0xfb, 0xff, 0xbf]],
  ['AAECAw', [0, 1, 2, 3]],
  ['_w', [0xff]],
  ['_-8', [0xff, 0xef]],
]

/** As a browser gives it for a person who was verified: flags UP and UV (WebAuthn Level 3 §6.1). */
const authenticatorData = (flags: number) => bytes(...Array.from({ length: 32 }, () => 0xfb), flags, 0, 0, 0, 1)

function answerOf(raw: number[]) {
  return {
    id: 'AAECAw',
    rawId: bytes(0, 1, 2, 3),
    type: 'public-key',
    authenticatorAttachment: 'platform',
    getClientExtensionResults: () => ({}),
    response: {
      clientDataJSON: bytes(...raw),
      authenticatorData: authenticatorData(0b101),
      signature: bytes(...raw),
      userHandle: bytes(...raw),
    },
  }
}

/** Presses the button on a backend that gives these options; the browser's own dialog is played. */
async function pressed(publicKey: Json, raw: number[], finished: ActiveSession = session(), children?: React.ReactNode) {
  const fake: ScriptedAdapter = scriptedAdapter({
    capabilities: { firstFactors: [{ strategy: 'password' }, { strategy: 'passkey' }] },
    absent: ['signIn.resetPassword', 'stepUp.detect'],
    answers: {
      'session.get': () => (fake.count('signIn.finish') > 0 ? finished : null),
      'signIn.resume': () => ({ attempt: null }),
      'signIn.passkeyOptions': () => ({ id: 'attempt_1', publicKey }),
      'signIn.attemptFirstFactor': () => attempt({ status: 'complete' }),
      'signIn.finish': () => finished,
    },
  })
  const asked: CredentialRequestOptions[] = []
  vi.spyOn(navigator.credentials, 'get').mockImplementation((given = {}) => {
    if (given.mediation !== 'conditional') asked.push(given)
    return given.mediation === 'conditional'
      ? new Promise((_, reject) => given.signal?.addEventListener('abort', () => reject(given.signal?.reason as Error)))
      : Promise.resolve(answerOf(raw) as object as Credential)
  })
  const done = vi.fn<(session: ActiveSession) => void>()
  await render(
    <AuthProvider adapter={fake.adapter}>
      <SignIn onComplete={done} />
      {children}
    </AuthProvider>,
  )
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await expect.poll(() => fake.count('signIn.finish')).toBe(1)
  const [proof] = fake.calls.filter(({ verb }) => verb === 'signIn.attemptFirstFactor')
  return {
    fake,
    done,
    publicKey: asked[0]?.publicKey,
    credential: (proof?.params as { credential?: Json } | undefined)?.credential,
  }
}

const optionsOf = (challenge: string, more: Record<string, Json> = {}): Json => ({ challenge, rpId: location.hostname, ...more })

it.each(vectors.flatMap(([text, raw]) => [true, false].map((native) => [text, raw, native] as const)))(
  'PK-10 %s and the bytes %j are one, both ways; the browser’s own JSON there: %s',
  async (text, raw, native) => {
    if (!native) {
      const own = PublicKeyCredential
      const without = class {
        static isConditionalMediationAvailable = () => own.isConditionalMediationAvailable()
      }
      vi.stubGlobal('PublicKeyCredential', without)
    }
    const { publicKey, credential } = await pressed(optionsOf(text), raw)
    expect([...new Uint8Array(publicKey?.challenge as ArrayBuffer)]).toEqual(raw)
    expect(credential).toMatchObject({
      id: 'AAECAw',
      rawId: 'AAECAw',
      type: 'public-key',
      response: { clientDataJSON: text, signature: text, userHandle: text },
    })
    // What goes to the adapter is JSON through and through.
    expect(JSON.parse(JSON.stringify(credential))).toEqual(credential)
  },
)

it.each([[undefined], [300_000], [600_000]])(
  'PK-12 a timeout of %s is the backend’s, and so is the challenge',
  async (timeout) => {
    const { publicKey, fake } = await pressed(optionsOf('AAECAw', timeout === undefined ? {} : { timeout }), [1])
    expect(publicKey?.timeout).toBe(timeout)
    expect(fake.count('signIn.passkeyOptions')).toBe(1)
  },
)

it('PK-16 a credential that says "verified" opens no more than the adapter says', async () => {
  const gate = (
    <MfaGate require="aal2" signedOut={<p>out</p>} enroll={<p>a second factor first</p>}>
      <p>open</p>
    </MfaGate>
  )
  const told = session({ currentLevel: 'aal1', nextLevel: 'aal1', methods: [{ method: 'passkey', ageMs: 0 }] })
  const { done } = await pressed(optionsOf('AAECAw'), [1], told, gate)
  await expect.poll(() => done.mock.calls.length).toBe(1)
  expect(done.mock.calls[0]?.[0]).toEqual(told)
  await expect.element(page.getByText('a second factor first')).toBeVisible()
  await expect.element(page.getByText('open', { exact: true })).not.toBeInTheDocument()
})
