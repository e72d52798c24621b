import { afterEach, expect, it, vi } from 'vitest'
import { foundWallets, walletFor, watchWallets } from '../../src/hooks/wallets.js'

const provider = { request: async () => null }
const info = { uuid: 'one', name: 'MetaMask', rdns: 'io.metamask', icon: 'data:image/svg+xml,<svg/>' }
const announce = (detail: unknown) => dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }))

let stop = () => {}
afterEach(() => stop())

it('SI-28 wallets are those that announce themselves, also late, each once', () => {
  const changed = vi.fn<() => void>()
  const asked = vi.fn<() => void>()
  addEventListener('eip6963:requestProvider', asked, { once: true })
  stop = watchWallets(changed)
  expect(asked).toHaveBeenCalledTimes(1)
  announce({ info, provider })
  announce({ info: { ...info, name: 'Second of that id' }, provider })
  announce({ info: { ...info, uuid: 'two', name: 'Another', rdns: 'org.another' }, provider })
  expect(foundWallets().map(({ name }) => name)).toEqual(['MetaMask', 'Another'])
  expect(changed).toHaveBeenCalledTimes(2)
  stop()
  announce({ info: { ...info, uuid: 'three' }, provider })
  expect(foundWallets()).toEqual([])
})

it.each([
  'javascript:alert(1)',
  'https://tracker.example/icon.svg',
  'data:text/html,<script>alert(1)</script>',
  ' data:image/png,x',
  7,
])('SI-28 an icon that is %o is none', (icon) => {
  stop = watchWallets(() => {})
  announce({ info: { ...info, icon }, provider })
  expect(foundWallets()).toHaveLength(1)
  expect(foundWallets()[0]).not.toHaveProperty('icon')
})

it('SI-28 what announces itself wrongly is no wallet', () => {
  stop = watchWallets(() => {})
  for (const detail of [null, {}, { info, provider: {} }, { info: null, provider }, { info: { ...info, name: 7 }, provider }])
    announce(detail)
  expect(foundWallets()).toEqual([])
})

it('SI-28 a name is not taken for a wallet’s domain', () => {
  stop = watchWallets(() => {})
  announce({ info: { ...info, name: 'MetaMask', rdns: 'org.lookalike.metamask' }, provider })
  expect(walletFor('web3_metamask_signature', foundWallets())).toBeUndefined()
})
