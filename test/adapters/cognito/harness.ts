import { TOTP } from 'otpauth'
import type { AdapterHarness, Person, PersonWants, Stage } from '../../../src/testing/index.js'
import type { CognitoLocal } from '../../servers/cognitoLocal.js'
import { createDeviceClock } from '../../servers/deviceClock.js'
import { createAnsweringProxy } from '../../testing/answeringProxy.js'
import { createLossyProxy } from '../../servers/lossyProxy.js'
import { cognitoAdapter } from './cognitoAdapter.js'

export function cognitoHarness(server: CognitoLocal): AdapterHarness {
  const { clientId } = server
  return {
    name: 'cognito',
    evidence: 'real server',
    sample: cognitoAdapter({ url: 'http://localhost', clientId, storage: memoryStorage() }),
    open: () => openStage(server),
    gaps: {
      'first/password/too-many': 'cognito-local does not count failures.',
      'second/totp/too-many': 'cognito-local does not count failures.',
      'second/totp/reused': 'cognito-local takes a code as often as it is sent.',
      'enroll/forced': 'cognito-local asks nobody to enrol while they sign in.',
      'answers/*/locked': 'Cognito answers a locked account like a wrong password.',
      captchas: 'Cognito takes no captcha of its own.',
      'offers/backup-codes': 'Cognito has no backup codes.',
      'offers/step-up': 'Cognito cannot ask for a factor again within a session.',
      'offers/resume': 'Cognito tells of no half-done sign-in.',
      'offers/levels': 'Cognito’s tokens do not say which factors were passed.',
      passTime: 'cognito-local runs in a process of its own and has no lever for its clock.',
    },
  }
}

/** What a browser's `sessionStorage` does. */
function memoryStorage() {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    values: () => [...kept.values()],
  }
}

let people = 0

async function openStage({ port, poolId, clientId, ask }: CognitoLocal): Promise<Stage> {
  const words = await createAnsweringProxy(port)
  const proxy = await createLossyProxy({ targetPort: words.port })
  const device = createDeviceClock()
  const open = (storage: ReturnType<typeof memoryStorage>) =>
    device.on(cognitoAdapter({ url: `http://127.0.0.1:${proxy.port}/`, clientId, storage }))
  const storage = memoryStorage()

  const authenticator = (secret: string) => new TOTP({ secret }).generate()

  async function person({ totp, emailCode, phoneCode, webauthn, backupCodes, mustEnroll }: PersonWants = {}): Promise<Person> {
    if (mustEnroll || emailCode || phoneCode || webauthn || backupCodes)
      throw new Error('The adapter knows authenticator apps only.')
    const [identifier, password] = [`person-${++people}@example.com`, `Quiet-Harbour-${people}`]
    const user = { UserPoolId: poolId, Username: identifier }
    await ask('AdminCreateUser', { ...user, MessageAction: 'SUPPRESS', UserAttributes: [{ Name: 'email', Value: identifier }] })
    await ask('AdminSetUserPassword', { ...user, Password: password, Permanent: true })
    const secret = totp ? await enroll(identifier, password) : ''
    return {
      identifier,
      password,
      delivered: () => Promise.reject(new Error('Nothing is ever sent.')),
      ...(totp && { totp: async () => authenticator(secret) }),
    }
  }

  async function enroll(USERNAME: string, PASSWORD: string): Promise<string> {
    const AuthParameters = { USERNAME, PASSWORD }
    const signedIn = await ask('InitiateAuth', { AuthFlow: 'USER_PASSWORD_AUTH', ClientId: clientId, AuthParameters })
    const { AccessToken } = (signedIn as { AuthenticationResult: { AccessToken: string } }).AuthenticationResult
    const { SecretCode } = (await ask('AssociateSoftwareToken', { AccessToken })) as { SecretCode: string }
    await ask('VerifySoftwareToken', { AccessToken, UserCode: authenticator(SecretCode) })
    await ask('SetUserMFAPreference', { AccessToken, SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true } })
    return SecretCode
  }

  return {
    adapter: open(storage),
    another: async () => open(memoryStorage()),
    reloaded: async () => open(storage),
    person,
    authenticator: async (secret) => authenticator(secret),
    // Cognito has one address for everything; each act is one request, and the next one is it.
    loseNextReply: () => proxy.cut('/', 'before-headers'),
    sent: () => proxy.log.length,
    answerNext(_act, trouble) {
      if (trouble === 'locked') throw new Error('Cognito has no such answer.')
      const [status, __type] = trouble === 'failure' ? [500, 'InternalErrorException'] : [400, 'TooManyRequestsException']
      words.answerNext(/^\/$/, { status, body: { __type } })
      return {}
    },
    offline: (on) => proxy.unplug(on),
    skewClock: device.set,
    secrets: () => storage.values().flatMap((text) => Object.values(JSON.parse(text) as Record<string, string>)),
    async close() {
      device.remove()
      await proxy.close()
      await words.close()
    },
  }
}
