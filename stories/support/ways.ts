import type { MemoryBackend, ProviderAnswer } from '../../src/adapters/memory/index.js'
import { pageWay } from '../../src/hooks/pageWay.js'
import { ada } from './users.js'

const { urlFor } = pageWay(undefined)

/** Until the next story the page has another address. */
function movesTo(url: string): () => void {
  const { href } = location
  history.replaceState(history.state, '', url)
  return () => history.replaceState(history.state, '', href)
}

/** As a provider leads back to the page. For `beforeEach`, which takes it back. */
export async function comesBack({ adapter, provider }: MemoryBackend, answer: ProviderAnswer) {
  return movesTo(provider.answer(await goesAway(adapter), answer))
}

/** Ada is on a provider's page. Answers with its address. */
export async function goesAway({ signIn }: MemoryBackend['adapter']): Promise<string> {
  const attempt = await signIn.create({ strategy: 'oauth_google', redirectUrl: urlFor('return') })
  if (attempt.status !== 'needs_redirect') throw new Error('It leads nowhere.')
  return attempt.redirectUrl
}

/** As a link in Ada's mailbox opens the page. `asker`: where the link was asked for. For `beforeEach`, which takes it back. */
export async function opensLink({ adapter, outbox }: MemoryBackend, asker = adapter) {
  const { id, supportedFirstFactors } = await asker.signIn.create({ identifier: ada.email })
  const link = supportedFirstFactors.find(({ strategy }) => strategy === 'email_link')
  await asker.signIn.prepareFirstFactor({ id }, { factorId: link?.id ?? '', redirectUrl: urlFor('link') })
  return movesTo(outbox.latest()?.link ?? '')
}
