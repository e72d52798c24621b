import type { ComponentPropsWithRef } from 'react'

/** Gives an element's props, merged with those of its user by `mergeProps`. */
export type PropGetter<Tag extends 'form' | 'input' | 'button' | 'ol'> = (
  given?: ComponentPropsWithRef<Tag>,
) => ComponentPropsWithRef<Tag>

type Handler = (event: { readonly defaultPrevented: boolean }) => void
type AnyRef = ((element: unknown) => void) | { current: unknown }

/**
 * What a hook needs on an element, beside what its user gives. Theirs are the id and whatever the hook says nothing of; of two handlers theirs
 * runs first, and ours not if it prevents the default; both refs are set and both descriptions told. All else is ours, so that what makes the
 * element usable is not lost by accident.
 */
export function mergeProps<P extends object>(own: P, given: P | undefined): P {
  const merged = { ...given, ...own } as Record<string, unknown>
  for (const key in given) {
    const ours = merged[key]
    const theirs: unknown = given[key]
    if (!theirs || ours === theirs) continue
    if (key === 'id') merged[key] = theirs
    else if (key === 'aria-describedby') merged[key] = `${ours as string} ${theirs as string}`
    else if (key === 'ref')
      merged[key] = (element: unknown) => {
        for (const ref of [ours, theirs] as AnyRef[]) {
          if (typeof ref === 'function') ref(element)
          else ref.current = element
        }
      }
    else if (typeof theirs === 'function')
      merged[key] = (event: Parameters<Handler>[0]) => {
        ;(theirs as Handler)(event)
        if (!event.defaultPrevented) (ours as Handler)(event)
      }
  }
  return merged as P
}
