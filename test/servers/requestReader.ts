export interface RequestHead {
  readonly method: string
  readonly path: string
}

type State =
  | { readonly in: 'head' | 'chunk-size' | 'trailers' }
  /** `then` is what follows the bytes. */
  | { readonly in: 'bytes'; left: number; readonly then: 'head' | 'chunk-size' }

/**
 * Finds where requests begin in the bytes of one connection, so that a body which looks like a request is not taken for one. Understands
 * Content-Length and chunked bodies (RFC 9112 §6).
 */
export function createRequestReader(onHead: (head: RequestHead) => void): (chunk: Buffer) => void {
  let state: State = { in: 'head' }
  let pending = ''

  /** Takes text up to an ending out of what has come, or nothing while it is incomplete. */
  function take(ending: string): string | undefined {
    const at = pending.indexOf(ending)
    if (at < 0) return undefined
    const text = pending.slice(0, at)
    pending = pending.slice(at + ending.length)
    return text
  }

  /** One step; false while more bytes are wanted. */
  function step(): boolean {
    if (state.in === 'bytes') {
      const taken = Math.min(state.left, pending.length)
      pending = pending.slice(taken)
      state.left -= taken
      if (state.left > 0) return false
      state = { in: state.then }
      return true
    }
    const text = take(state.in === 'head' ? '\r\n\r\n' : '\r\n')
    if (text === undefined) return false
    if (state.in === 'head') state = afterHead(text)
    else if (state.in === 'trailers') state = { in: text === '' ? 'head' : 'trailers' }
    else {
      const size = Number.parseInt(text, 16)
      state = size === 0 ? { in: 'trailers' } : { in: 'bytes', left: size + 2, then: 'chunk-size' }
    }
    return true
  }

  function afterHead(text: string): State {
    const [line = '', ...fields] = text.split('\r\n')
    const [method = '', path = ''] = line.split(' ')
    const field = (name: string) =>
      fields
        .find((one) => one.toLowerCase().startsWith(`${name}:`))
        ?.slice(name.length + 1)
        .trim()
    onHead({ method, path })
    if (/chunked/i.test(field('transfer-encoding') ?? '')) return { in: 'chunk-size' }
    const length = Number(field('content-length') ?? 0)
    return length > 0 ? { in: 'bytes', left: length, then: 'head' } : { in: 'head' }
  }

  return (chunk) => {
    // One character a byte, so that lengths are bytes.
    pending += chunk.toString('latin1')
    while (pending.length > 0 && step());
  }
}
