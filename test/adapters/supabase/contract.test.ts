// @vitest-environment node
import { afterAll, beforeAll, vi } from 'vitest'
import { runContract } from '../../testing/runContract.js'
import { byEmail, byPhone, supabaseHarness } from './harness.js'
import { startStandInPlace } from './world.js'

const place = await startStandInPlace()
afterAll(() => place.close())
// auth-js writes every request that fails to the console, and here many do.
beforeAll(() => void vi.spyOn(console, 'error').mockImplementation(() => {}))

runContract(supabaseHarness(place, place.server, 'supabase', byEmail))
runContract(supabaseHarness(place, place.server, 'supabase (phones)', byPhone))
