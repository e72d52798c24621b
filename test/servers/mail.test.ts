// @vitest-environment node
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BOUNCING_DOMAIN, startMail, type Mail } from '../../demo/server/mail.js'

let mail: Mail

beforeAll(async () => {
  mail = await startMail()
})
beforeEach(() => mail.clear())
afterAll(() => mail.close())

describe('mail', () => {
  it('has come in when the sender hears that it was sent', async () => {
    const sent = await mail.send({
      to: 'nora@example.com',
      subject: 'Grüße',
      text: 'Code: 123456\n\nhttps://example.com/?a=1&b=2',
    })
    expect(mail.messages).toEqual([sent])
    expect(sent).toMatchObject({ to: 'nora@example.com', subject: 'Grüße', text: 'Code: 123456\n\nhttps://example.com/?a=1&b=2' })
    expect(Date.parse(sent.receivedAt)).toBeGreaterThan(Date.now() - 10_000)
  })

  it('is listed newest first, and counted on', async () => {
    for (const subject of ['one', 'two', 'three']) await mail.send({ to: 'nora@example.com', subject, text: subject })
    expect(mail.messages.map(({ subject }) => subject)).toEqual(['three', 'two', 'one'])
    const [three, two] = mail.messages
    expect((three?.id ?? 0) - (two?.id ?? 0)).toBe(1)
  })

  it('keeps apart what is sent at the same time', async () => {
    const to = ['a', 'b', 'c', 'd'].map((name) => `${name}@example.com`)
    const sent = await Promise.all(to.map((to) => mail.send({ to, subject: to, text: to })))
    expect(sent.map(({ to, text }) => [to, text])).toEqual(to.map((to) => [to, to]))
  })

  it('bounces where nobody has a mailbox, and the sender hears of it', async () => {
    await expect(mail.send({ to: `gone@${BOUNCING_DOMAIN}`, subject: 'Code', text: '123456' })).rejects.toMatchObject({
      code: 'EENVELOPE',
      responseCode: 550,
    })
    expect(mail.messages).toEqual([])
    await mail.send({ to: 'nora@example.com', subject: 'still', text: 'works' })
    expect(mail.messages).toHaveLength(1)
  })

  it('comes in from any client that speaks SMTP', async () => {
    const other = createTransport({ host: '127.0.0.1', port: mail.port, ignoreTLS: true })
    await other.sendMail({ from: 'a@example.com', to: ['b@example.com', 'c@example.com'], subject: 'Hello', text: 'There' })
    expect(mail.messages.map(({ to }) => to)).toEqual(['c@example.com', 'b@example.com'])
  })

  it('hears no other address of this machine', async () => {
    const elsewhere = createTransport({ host: '127.0.0.2', port: mail.port, ignoreTLS: true, connectionTimeout: 2000 })
    await expect(elsewhere.verify()).rejects.toMatchObject({ code: 'ESOCKET' })
  })

  it('takes nothing once it is closed', async () => {
    const closing = await startMail()
    await closing.send({ to: 'nora@example.com', subject: 'last', text: 'one' })
    await closing.close()
    await expect(closing.send({ to: 'nora@example.com', subject: 'too', text: 'late' })).rejects.toThrow()
  })
})
