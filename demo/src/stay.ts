/** In the address of a made-up provider's page, and of the page to which a provider or a mailed link leads back. */
const ways = ['provider', 'latchkey']

/** Whether a page can be left and come back to without a reload, which would forget a backend that is a variable. */
export const canStay = () => 'navigation' in window

export const providerUrl = () => `${location.origin}/?backend=memory`

/** Whose page was asked for, such as `oauth_google`. `null`: this page's own. */
export const askedProvider = () => new URLSearchParams(location.search).get('provider')

/** Follows ways out of the page, and back, without leaving it; each is drawn as if it had been loaded. */
export function stay(draw: () => void): void {
  navigation.addEventListener('navigate', (event) => {
    const { canIntercept, navigationType, destination } = event
    const to = wayOf(destination.url)
    // Entries of the history that belong to this page are only drawn anew where they are another page to look at.
    const follows = destination.sameDocument
      ? navigationType === 'traverse' && to !== wayOf(location.href)
      : navigationType !== 'reload' && to !== ''
    if (canIntercept && follows) event.intercept({ handler: () => Promise.resolve(draw()) })
  })
}

function wayOf(address: string): string {
  const { origin, searchParams } = new URL(address)
  return origin === location.origin ? ways.map((name) => searchParams.get(name) ?? '').join('') : ''
}
