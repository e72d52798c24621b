// @vitest-environment node
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { runContract } from '../../testing/runContract.js'
import { byEmail, byKeys, byPasskey, byPhone, supabaseHarness } from './harness.js'
import { minute, patientWith, tries } from './patience.js'
import { realPlace, startStandInPlace } from './world.js'

const place = await startStandInPlace()
afterAll(() => place.close())
// auth-js writes every request that fails to the console, and here many do.
beforeAll(() => void vi.spyOn(console, 'error').mockImplementation(() => {}))

runContract(supabaseHarness(place, place.server, 'supabase', byEmail))
runContract(supabaseHarness(place, place.server, 'supabase (phones)', byPhone))
runContract(supabaseHarness(place, place.server, 'supabase (passkeys)', byPasskey))

const real = await realPlace()
if (real) {
  const { place: watched, around, waits, close } = await patientWith(real)
  // What a case may wait for, and five minutes besides.
  const timeout = ((tries * (tries - 1)) / 2) * minute + 300_000
  runContract(supabaseHarness(watched, undefined, 'supabase live', byKeys), { around, timeout })
  afterAll(async () => {
    await close()
    console.info(
      `supabase live: ${waits.cases} waits for the server’s limits, ${waits.ms / 60_000} min; not run: ${waits.notRun.join(', ') || 'none'}`,
    )
  })
}
// So that a run without a real server shows what it did not do.
it.skipIf(!real)('the contract ran on the server of SUPABASE_AUTH_URL (with SUPABASE_ANON_KEY and SUPABASE_SERVICE_KEY)', () => {
  expect(real?.url).toMatch(/^https?:/)
})
