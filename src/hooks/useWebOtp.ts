'use client'
import { useEffect, type RefObject } from 'react'

/**
 * Where the browser can read the code out of a text message (WebOTP), fills it into the field as if it had been typed. The message's last line has
 * to be `@example.com #123456`. Whatever comes of it, nothing is said: the field is there for typing.
 *
 * @param asks false ends it, as does the field's going: after a submit nothing late is filled in.
 * @param sends Counts the codes that were sent; each is waited for anew.
 */
export function useWebOtp(asks: boolean, sends: number, field: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    if (!asks || !('OTPCredential' in globalThis)) return
    const controller = new AbortController()
    void read(controller.signal).then(
      (code) => {
        const input = field.current
        if (!code || !input || controller.signal.aborted) return
        // Unlike `value`, this is a change that React sees.
        input.setRangeText(code, 0, input.value.length, 'end')
        input.dispatchEvent(new Event('input', { bubbles: true }))
      },
      () => undefined,
    )
    return () => controller.abort()
  }, [asks, sends, field])
}

async function read(signal: AbortSignal): Promise<string | undefined> {
  const wanted: CredentialRequestOptions & { otp: { transport: ['sms'] } } = { otp: { transport: ['sms'] }, signal }
  const found: (Credential & { code?: string }) | null = await navigator.credentials.get(wanted)
  return found?.code
}
