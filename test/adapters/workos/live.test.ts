// @vitest-environment node
import { expect, it } from 'vitest'
import { patient, runContract } from '../../testing/runContract.js'
import { workosLive } from './liveHarness.js'
import { realPlace } from './place.js'

/**
 * On WorkOS itself, in an environment that allows passwords, Magic Auth and MFA, and asks nobody for it. What makes and removes people has no
 * rights of its own there: it is the API key that an app has.
 */
if (realPlace) {
  runContract(workosLive(realPlace, 'users'), patient)
  runContract(workosLive(realPlace, 'plain factors'), patient)
}
// So that a run without keys shows what it did not do.
it.skipIf(!realPlace)('the contract ran on WorkOS itself (with WORKOS_API_KEY and WORKOS_CLIENT_ID)', () => {
  expect(realPlace?.url).toMatch(/^https?:/)
})
