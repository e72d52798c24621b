import { forwardTo } from '../../servers/forwarder.js'
import type { Place } from './world.js'

/** How often a case is tried that the server's limits stand in the way of, and what is waited for before: a minute, then two, and so on. */
export const [tries, minute] = [4, 60_000] as const

/**
 * A real server, and patience with its limits. By default Supabase Auth takes 15 answers to second factors a minute of one client, 6 codes, and 150
 * sign-ins in five minutes, each after a first 30, and says no more than 429 to what is over. A case that has met one has proved nothing, whatever
 * came of it: it is run again after the wait, with people of its own.
 */
export async function patientWith(
  place: Place,
  sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  print: (line: string) => void = console.info,
) {
  let met = 0
  /** Mails of the whole project: only the next hour brings more. */
  let isSpent = false
  const waits = { cases: 0, ms: 0, notRun: [] as string[] }
  const { origin, pathname } = new URL(place.url)
  const forwarder = await forwardTo(origin, async (_, send) => {
    const answered = await send()
    const body = answered.status === 429 ? answered.body.toString() : ''
    // A wait between two messages to one address is what cases are about.
    if (body && !/after \d+ s/.test(body)) {
      met += 1
      isSpent ||= /over_(email|sms)_send_rate_limit/.test(body)
    }
    return answered
  })

  function leaveOut(name: string, reason: string): string {
    waits.notRun.push(name)
    print(`not run: ${name}: ${reason}`)
    return reason
  }

  return {
    waits,
    place: { ...place, url: `http://127.0.0.1:${forwarder.port}${pathname.replace(/\/$/, '')}` } satisfies Place,
    close: forwarder.close,

    async around(name: string, run: () => Promise<string | undefined>): Promise<string | undefined> {
      // It guesses until it is stopped, and is stopped by what the cases before it have used up.
      if (name.endsWith('/too-many')) return leaveOut(name, 'A real server counts the guesses of all cases together.')
      for (let count = 1; ; count++) {
        const before = met
        const outcome = await run().then(
          (reason) => () => reason,
          (thrown: unknown) => () => {
            throw thrown
          },
        )
        if (met === before) return outcome()
        if (count === tries || isSpent) {
          waits.notRun.push(name)
          const reason = isSpent
            ? 'The project’s messages of this hour are used up.'
            : 'The server’s limits leave no room for it.'
          print(`not run: ${name}: ${reason}`)
          return reason
        }
        print(`${name} met the server’s limits: again in ${(count * minute) / 1_000} s`)
        waits.cases += 1
        waits.ms += count * minute
        await sleep(count * minute)
      }
    },
  }
}
