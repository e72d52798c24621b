import type { GenericEndpointContext } from 'better-auth'
import type { phoneNumber } from 'better-auth/plugins/phone-number'

type Options = NonNullable<Parameters<typeof phoneNumber>[0]>

interface Endpoints {
  sendPhoneNumberOTP(call: object): Promise<unknown>
  consumePhoneNumberOTP(call: object): Promise<unknown>
}

/** `phoneNumber()`'s, where codes can be sent and are checked by Better Auth itself: those that somebody else makes cannot be kept for later. */
export function phoneOptions(ctx: GenericEndpointContext): (Options & Required<Pick<Options, 'sendOTP'>>) | null {
  const options = ctx.context.getPlugin('phone-number')?.options
  const { sendOTP, verifyOTP } = options ?? {}
  return sendOTP && !verifyOTP ? { ...options, sendOTP } : null
}

export function phoneEndpoints(ctx: GenericEndpointContext): Endpoints | null {
  const plugin = ctx.context.getPlugin('phone-number') as { endpoints?: Partial<Endpoints> } | null
  const { sendPhoneNumberOTP, consumePhoneNumberOTP } = plugin?.endpoints ?? {}
  return sendPhoneNumberOTP && consumePhoneNumberOTP ? { sendPhoneNumberOTP, consumePhoneNumberOTP } : null
}
