import addFormats from 'ajv-formats'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { parse } from 'yaml'
import { read } from '../support/sources.js'

interface Described {
  readonly $ref?: string
  readonly headers?: Record<string, { readonly $ref: string }>
  readonly content?: Record<string, object>
}

interface DescribedOperation {
  readonly operationId: string
  readonly requestBody?: Described
  readonly parameters?: readonly { readonly $ref: string }[]
  readonly responses: Record<string, Described>
}

export interface ProtocolDocument {
  readonly openapi: string
  readonly paths: Record<string, Record<string, DescribedOperation>>
  readonly components: { readonly schemas: Record<string, object> }
}

export const document = parse(read('docs/protocol.openapi.yaml')) as ProtocolDocument

/** Strict, so that a keyword that is misspelt in the document is an error and not ignored. */
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true, validateFormats: true })
addFormats(ajv)
ajv.addVocabulary(['openapi', 'info', 'servers', 'paths', 'components'])
ajv.addSchema(document, 'protocol')

const compiled = new Map<string, ValidateFunction>()

/** `pointer`: into the document, in the URI fragment's form (RFC 6901 §6). */
export function validatorAt(pointer: string): ValidateFunction {
  const made = compiled.get(pointer) ?? ajv.compile({ $ref: `protocol#${pointer}` })
  compiled.set(pointer, made)
  return made
}

const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')

/** Every `path status` that the document describes. */
export const described: readonly string[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.values(methods).flatMap(({ responses }) => Object.keys(responses).map((status) => `${path} ${status}`)),
)

function find(url: string): string {
  const { pathname } = new URL(url)
  const path = Object.keys(document.paths).find((one) => pathname.endsWith(one))
  if (!path) throw new Error(`The protocol has no ${pathname}.`)
  return path
}

function refuse(what: string, validate: ValidateFunction, value: unknown): void {
  if (!validate(value))
    throw new Error(`${what} is not as the protocol has it: ${JSON.stringify(validate.errors)} in ${JSON.stringify(value)}`)
}

/** Throws where a request is not one of the document's. */
export function checkRequest(url: string, init: RequestInit): void {
  const path = find(url)
  const method = init.method?.toLowerCase() ?? 'get'
  const operation = document.paths[path]?.[method]
  if (!operation) throw new Error(`The protocol has no ${method} of ${path}.`)
  if (operation.requestBody) {
    const pointer = `/paths/${escaped(path)}/${method}/requestBody/content/application~1json/schema`
    refuse(`The request to ${path}`, validatorAt(pointer), typeof init.body === 'string' ? JSON.parse(init.body) : undefined)
  } else if (init.body !== undefined) throw new Error(`${path} takes no body.`)
  const allowed = operation.parameters ? validatorAt('/components/parameters/fresh/schema') : undefined
  for (const [name, value] of new URL(url).searchParams) {
    if (name !== 'fresh' || !allowed) throw new Error(`${path} takes no ${name}.`)
    refuse(`${name} of ${path}`, allowed, value)
  }
}

/** Throws where a response is not one that the document gives for that path. Answers with `path status`. */
export async function checkResponse(url: string, response: Response): Promise<string> {
  const path = find(url)
  const [[method, operation] = []] = Object.entries(document.paths[path] ?? {})
  const status = String(response.status)
  const listed = operation?.responses[status]
  if (!listed) throw new Error(`${path} has no ${status}: ${await response.clone().text()}`)
  const at = listed.$ref?.slice(1) ?? `/paths/${escaped(path)}/${method}/responses/${status}`
  const { headers = {}, content } = (listed.$ref ? resolve(at) : listed) as Described
  for (const [name, { $ref }] of Object.entries(headers)) {
    const value = response.headers.get(name)
    const { required } = resolve($ref.slice(1)) as { required?: boolean }
    if (value === null && required) throw new Error(`${path} ${status} has no ${name}.`)
    if (value !== null) refuse(`${name} of ${path}`, validatorAt(`${$ref.slice(1)}/schema`), value)
  }
  const [type = ''] = Object.keys(content ?? {})
  if (response.headers.get('content-type') !== type) throw new Error(`${path} ${status} is not ${type}.`)
  refuse(`${path} ${status}`, validatorAt(`${at}/content/${escaped(type)}/schema`), await response.clone().json())
  return `${path} ${status}`
}

function resolve(pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key.replaceAll('~1', '/').replaceAll('~0', '~')], document)
}

/** A fetch between an adapter and a server, both of which have to keep to the document. `seen` collects `path status`. */
export function checkedFetch(ask: typeof fetch, seen: Set<string> = new Set()): typeof fetch {
  return async (input, init = {}) => {
    const url = input instanceof Request ? input.url : String(input)
    checkRequest(url, init)
    const response = await ask(input, init)
    seen.add(await checkResponse(url, response))
    return response
  }
}
