// @vitest-environment node
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startSms, type Sms } from '../../demo/server/sms.js'

let sms: Sms

beforeAll(async () => {
  sms = await startSms()
})
beforeEach(() => sms.clear())
afterAll(() => sms.close())

describe("a stand-in for Twilio, through Twilio's client", () => {
  it('has the message when the sender hears that it was sent', async () => {
    const sent = await sms.send({ to: '+15550001111', body: 'Your code is 123456. Grüße & mehr' })
    expect(sent).toMatchObject({ to: '+15550001111', body: 'Your code is 123456. Grüße & mehr' })
    expect(await sms.messages()).toEqual([sent])
  })

  it('lists them newest first, or those to one number', async () => {
    for (const [to, body] of [
      ['+15550001111', 'one'],
      ['+15550002222', 'two'],
      ['+15550001111', 'three'],
    ] as const)
      await sms.send({ to, body })
    expect((await sms.messages()).map(({ body }) => body)).toEqual(['three', 'two', 'one'])
    expect((await sms.messages('+15550001111')).map(({ body }) => body)).toEqual(['three', 'one'])
    expect(await sms.messages('+15550003333')).toEqual([])
  })

  it("refuses a message to nobody with Twilio's own code", async () => {
    await expect(sms.send({ to: '', body: 'Hello' })).rejects.toMatchObject({ status: 400, code: 21201 })
    expect(await sms.messages()).toEqual([])
  })

  it('tells messages to who has the token only', async () => {
    await sms.send({ to: '+15550001111', body: 'Hello' })
    const response = await fetch(`${sms.url}/2010-04-01/Accounts/AC${'0'.repeat(32)}/Messages.json`)
    expect(response.status).toBe(401)
  })

  it('hears no other address of this machine', async () => {
    await expect(fetch(sms.url.replace('127.0.0.1', '127.0.0.2'))).rejects.toThrow('fetch failed')
  })

  it('takes nothing once it is closed', async () => {
    const closing = await startSms()
    await closing.close()
    await expect(closing.send({ to: '+15550001111', body: 'late' })).rejects.toThrow('fetch failed')
  })
})
