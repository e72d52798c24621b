// @vitest-environment node
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { runContract } from '../../testing/runContract.js'
import { byEmail, byKeys, byPasskey, byPhone, supabaseHarness } from './harness.js'
import { realPlace, startStandInPlace } from './world.js'

const place = await startStandInPlace()
afterAll(() => place.close())
// auth-js writes every request that fails to the console, and here many do.
beforeAll(() => void vi.spyOn(console, 'error').mockImplementation(() => {}))

runContract(supabaseHarness(place, place.server, 'supabase', byEmail))
runContract(supabaseHarness(place, place.server, 'supabase (phones)', byPhone))
runContract(supabaseHarness(place, place.server, 'supabase (passkeys)', byPasskey))

if (realPlace) runContract(supabaseHarness(realPlace, undefined, 'supabase live', byKeys))
// So that a run without a real server shows what it did not do.
it.skipIf(!realPlace)(
  'the contract ran on the server of SUPABASE_AUTH_URL (with SUPABASE_ANON_KEY and SUPABASE_SERVICE_KEY)',
  () => {
    expect(realPlace?.url).toMatch(/^https?:/)
  },
)
