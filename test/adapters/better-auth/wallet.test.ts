// @vitest-environment node
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { demoUsers } from '../../../demo/users.js'
import { startBetterAuthServer, totp, type RunningServer } from '../../servers/betterAuthServer.js'
import { minutes, openPage, refused } from './house.js'
import { createWallet } from './ways.js'

const { withoutMfa, withTotp } = demoUsers
const strategy = 'web3_metamask_signature'
let server: RunningServer

beforeAll(async () => (server = await startBetterAuthServer()))
beforeEach(() => server.reset())
afterAll(() => server.close())

async function asked(owner: { email: string }) {
  const { sign, ...wallet } = createWallet(server.origin)
  await server.give(owner.email, { wallet: wallet.address })
  const page = openPage(server)
  const attempt = await page.create({ strategy, ...wallet })
  const text = async () => (await page.prepareFirstFactor(attempt, { factorId: strategy })).firstFactorVerification?.message ?? ''
  const answer = (signature: string) => page.attemptFirstFactor(attempt, { factorId: strategy, signature })
  return { ...page, wallet, sign, attempt, text, answer }
}

describe('a wallet', () => {
  it('signs a text with the server’s own nonce (ERC-4361), and is in', async () => {
    const { text, sign, answer, finish, wallet } = await asked(withoutMfa)
    const message = await text()
    expect(message.split('\n').slice(0, 8)).toEqual([
      `${new URL(server.origin).host} wants you to sign in with your Ethereum account:`,
      wallet.address,
      '',
      '',
      `URI: ${server.origin}`,
      'Version: 1',
      'Chain ID: 1',
      expect.stringMatching(/^Nonce: [a-zA-Z0-9]{96}$/) as string,
    ])
    const session = await finish(await answer(await sign(message)))
    expect(session).toMatchObject({ user: { label: withoutMfa.email }, currentLevel: 'aal1' })
    expect(session.methods.map(({ method }) => method)).toEqual(['web3'])
  })

  it('is followed by the second factor', async () => {
    const { text, sign, answer, attemptSecondFactor, finish, session } = await asked(withTotp)
    const between = await answer(await sign(await text()))
    expect(between).toMatchObject({ status: 'needs_second_factor' })
    expect(await session.get()).toBeNull()
    const done = await attemptSecondFactor(between, { factorId: 'totp', code: totp(withTotp.totpSecret) })
    expect((await finish(done)).methods.map(({ method }) => method)).toEqual(['web3', 'totp'])
  })

  it('that signs another text, signs nothing, or somebody else’s, is refused; the next text helps', async () => {
    const { text, sign, answer, session } = await asked(withoutMfa)
    const other = createWallet(server.origin)
    for (const make of [
      async () => sign(`${await text()} and more`),
      async () => '0x00',
      async () => 'none',
      async () => other.sign(await text()),
    ]) {
      const signature = await make()
      await text()
      expect(await refused(answer(signature))).toMatchObject({ code: 'invalid_credentials', outcome: 'refused' })
    }
    expect(await session.get()).toBeNull()
    expect(await answer(await sign(await text()))).toMatchObject({ status: 'complete' })
  })

  it('is too late after 15 minutes, and after the text was used', async () => {
    const { text, sign, answer } = await asked(withoutMfa)
    const signature = await sign(await text())
    server.advance(16 * minutes)
    expect(await refused(answer(signature))).toMatchObject({ code: 'code_expired' })
    await text()
    expect(await refused(answer('0x00'))).toMatchObject({ code: 'invalid_credentials' })
    expect(await refused(answer('0x00'))).toMatchObject({ code: 'code_expired' })
  })

  it('on another site’s page is refused', async () => {
    const { sign, ...wallet } = createWallet('https://evil.example')
    const { create, prepareFirstFactor, attemptFirstFactor } = openPage(server)
    const attempt = await create({ strategy, ...wallet })
    const { firstFactorVerification } = await prepareFirstFactor(attempt, { factorId: strategy })
    const signature = await sign(firstFactorVerification?.message ?? '')
    expect(await refused(attemptFirstFactor(attempt, { factorId: strategy, signature }))).toMatchObject({
      code: 'invalid_credentials',
    })
  })

  it('is not asked to answer before there is a text', async () => {
    const { answer } = await asked(withoutMfa)
    expect(await refused(answer('0x00'))).toMatchObject({ code: 'not_supported' })
  })

  it('HA-05 whose answer was lost is found by a reload', async () => {
    const { text, sign, answer, attempt, reload, finish, browser } = await asked(withoutMfa)
    const signature = await sign(await text())
    browser.faults.next = { path: '/siwe/verify', when: 'after' }
    expect(await refused(answer(signature))).toMatchObject({ outcome: 'unknown' })
    expect(await finish(await reload(attempt))).toMatchObject({ user: { label: withoutMfa.email } })
  })
})
