import { noAnswer } from './backendError.js'

type Verbs<Api> = { readonly [Name in keyof Api]: (...args: never[]) => Promise<unknown> }

/**
 * Verbs of an adapter whose code is fetched when the first of them is called. As long as it cannot be fetched they reject like verbs that nothing
 * answers, and each call tries again.
 */
export function comesLater<Api extends Verbs<Api>>(fetch: () => Promise<Api>) {
  let coming: Promise<Api> | undefined

  const come = () =>
    (coming ??= fetch().catch((thrown: unknown) => {
      coming = undefined
      throw noAnswer(thrown)
    }))

  return <Name extends keyof Api>(name: Name) => (async (...args) => (await come())[name](...args)) as Api[Name]
}
