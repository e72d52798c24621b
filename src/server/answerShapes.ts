import { either, flag, jsonObject, list, nullable, one, quantity, record, text, type Read } from './shape.js'

const string = text()

const option = record({ id: string, strategy: string }, { hint: string, label: string, primary: flag, channels: list(string) })

const verification = record(
  { status: string, factorId: string },
  {
    expiresInMs: quantity,
    resendInMs: quantity,
    attemptsLeft: quantity,
    codeLength: quantity,
    codeType: string,
    pollEveryMs: quantity,
    message: string,
    publicKey: jsonObject,
  },
)

export const attempt = record(
  {
    id: string,
    purpose: string,
    status: string,
    identifier: nullable(string),
    supportedFirstFactors: list(option),
    supportedSecondFactors: nullable(list(option)),
    firstFactorVerification: nullable(verification),
    secondFactorVerification: nullable(verification),
    cancelSignsOut: flag,
  },
  { notice: string, expiresInMs: quantity, redirectUrl: string, enroll: list(string), detail: string },
)

export const passkeyOptions = record({ id: string, publicKey: jsonObject }, { expiresInMs: quantity })
export const resumed = record({ attempt: nullable(attempt) }, { cleanUrl: string })

const reached = record({ method: string }, { ageMs: quantity })

export const session = record(
  {
    id: nullable(string),
    user: record({ id: string }, { label: string }),
    currentLevel: nullable(string),
    nextLevel: nullable(string),
    methods: list(reached),
  },
  { pending: string, firstFactorAgeMs: quantity, secondFactorAgeMs: quantity, expiresInMs: quantity },
)

export const sessionOrNone = nullable(session)

export const factor = record(
  { id: string, strategy: string, status: string, removable: flag },
  { friendlyName: string, hint: string, isDefault: flag, changes: list(string), createdAt: string, lastUsedAt: string },
)

export const factors = list(factor)

/** The only answers with secrets: those that a person has to write down or scan. */
export const verified = record({ factor }, { backupCodes: list(string), otherSessions: one('ended'), attempt })

const pending = { status: one('pending'), id: string }

export const enrollment = either<object>(
  record({ status: one('verified'), result: verified }),
  record({ ...pending, type: one('totp'), secret: string, uri: string }, { expiresInMs: quantity }),
  record(
    { ...pending, type: one('phone', 'email'), sent: flag },
    { expiresInMs: quantity, resendInMs: quantity, codeLength: quantity },
  ),
  record({ ...pending, type: one('webauthn'), publicKey: jsonObject }, { expiresInMs: quantity }),
)

export const acceptedPasskeys = record({ rpId: string, userHandle: string, credentialIds: list(string) })
export const codes = list(string)
export const codesLeft = record({}, { total: quantity, remaining: quantity })
export const done: Read<true> = () => true
