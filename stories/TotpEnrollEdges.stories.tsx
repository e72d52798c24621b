import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn, spyOn, waitFor } from 'storybook/test'
import type { MemoryBackend } from '../src/adapters/memory/index.js'
import { TotpEnroll, type AuthAdapter } from '../src/index.js'
import { en } from '../src/locales/en.js'
import { mirrored, stretched } from './support/pseudo.js'
import { loadStage, onStage, stage, stageOf } from './support/stage.js'
import {
  appCode,
  hasFocus,
  press,
  sees,
  seesButton,
  seesError,
  seesTitle,
  startProvedSession,
  startSession,
  typeCode,
} from './support/steps.js'
import { ada, grace } from './support/users.js'

const before = (backend: MemoryBackend) => startSession(backend, ada.email)

const meta = {
  component: TotpEnroll,
  args: { issuer: 'Acme', onEnrolled: fn() },
  parameters: stage({ before }),
  loaders: [loadStage],
  decorators: [onStage],
} satisfies Meta<typeof TotpEnroll>
export default meta

type Story = StoryObj<typeof meta>
type Context = Parameters<NonNullable<Story['play']>>[0]

const verbs = ({ loaded }: Context) => stageOf(loaded).backend.calls.map(({ verb }) => verb)

async function scan(context: Context) {
  await press(context, en.enroll.start)
  await seesTitle(context, en.enroll.scanTitle)
}

async function turnOn(context: Context) {
  await scan(context)
  await typeCode(context, appCode(context, stageOf(context.loaded).backend), en.enroll.codeLabel)
}

/** Someone with as many factors as the account may have, none of them unfinished. */
export const LimitReached: Story = {
  parameters: stage({ before: (backend) => startProvedSession(backend, grace.email), limits: { factorsPerUser: 1 } }),
  play: async (context) => {
    await press(context, en.enroll.start)
    await seesError(context, en.errors.factor_limit)
    await seesButton(context, en.enroll.start)
    await expect(verbs(context)).not.toContain('mfa.abandon')
  },
}

/** What an earlier visit has begun and left is in the way: it is given up, and the enrolment goes on by itself. */
export const LeftBehind: Story = {
  parameters: stage({
    before: async (backend) => {
      await before(backend)
      await backend.adapter.mfa?.enroll({ type: 'totp' })
    },
    limits: { factorsPerUser: 1 },
  }),
  play: async (context) => {
    await scan(context)
    await expect(verbs(context).filter((verb) => verb === 'mfa.abandon')).toHaveLength(1)
    await expect(context.canvas.getByRole('alert')).toBeEmptyDOMElement()
  },
}

/** The name is another factor's. */
export const NameTaken: Story = {
  args: { friendlyName: 'My phone' },
  parameters: stage({
    before: async (backend) => {
      await startProvedSession(backend, grace.email)
      const { mfa } = backend.adapter
      const [app] = (await mfa?.listFactors()) ?? []
      await mfa?.rename?.({ factorId: app?.id ?? '', friendlyName: 'My phone' })
    },
  }),
  play: async (context) => {
    await press(context, en.enroll.start)
    await seesError(context, en.errors.factor_name_taken)
  },
}

/** It ran out while nobody did anything, and begins anew with another key. */
export const RanOut: Story = {
  parameters: stage({ before, limits: { enrollmentMs: 3_000 } }),
  play: async (context) => {
    const { canvas } = context
    await scan(context)
    const first = canvas.getByRole<HTMLAnchorElement>('link', { name: en.enroll.openApp }).href
    await waitFor(() => expect(canvas.getByRole('heading')).toHaveTextContent(en.enroll.expiredTitle), { timeout: 8_000 })
    await sees(context, en.enroll.expiredHint)
    await expect(document.documentElement.outerHTML).not.toContain(new URL(first).searchParams.get('secret'))
    await press(context, en.enroll.startAgain)
    await seesButton(context, en.enroll.start)
  },
}

/** On a phone, where nobody can scan the screen: the link and the key come first. */
export const OnTouch: Story = {
  play: async (context) => {
    const { canvas, canvasElement } = context
    const real = window.matchMedia.bind(window)
    spyOn(window, 'matchMedia').mockImplementation((query) =>
      query === '(pointer: coarse)' ? { ...real(query), matches: true } : real(query),
    )
    await press(context, en.enroll.start)
    await seesTitle(context, en.enroll.hereTitle)
    const order = [...canvasElement.querySelectorAll('a[href^="otpauth:"], details, svg')].map(({ localName }) => localName)
    await expect(order).toEqual(['a', 'details', 'svg'])
    await expect(canvas.getByText(en.enroll.key)).toBeVisible()
  },
}

function withoutUri({ mfa, ...adapter }: AuthAdapter): AuthAdapter {
  if (!mfa) return adapter
  return {
    ...adapter,
    mfa: {
      ...mfa,
      async enroll(...args) {
        const begun = await mfa.enroll(...args)
        return 'uri' in begun ? { ...begun, uri: 'not one for an app' } : begun
      },
    },
  }
}

/** What the backend sent is nothing that an app could read: the key alone is shown. */
export const KeyOnly: Story = {
  parameters: stage({ before, adapt: withoutUri }),
  play: async (context) => {
    const { canvas } = context
    await press(context, en.enroll.start)
    await seesTitle(context, en.enroll.hereTitle)
    await sees(context, `${en.enroll.keyOnlyHint} ${en.enroll.pending}`)
    await expect(canvas.queryByRole('img')).toBeNull()
    await expect(canvas.queryByRole('link')).toBeNull()
    await expect(canvas.getByText(en.enroll.key)).toBeVisible()
  },
}

/** At the end one of the codes is asked back. */
export const CodesTypedBack: Story = {
  args: { acknowledge: 'type' },
  play: async (context) => {
    const { canvas, userEvent, args } = context
    await turnOn(context)
    await seesTitle(context, en.backupCodes.title)
    await press(context, en.backupCodes.done)
    await seesError(context, en.backupCodes.acknowledgeMissing)
    await hasFocus(context, en.backupCodes.typeBack)
    const [code] = canvas.getAllByRole('listitem')
    await userEvent.type(canvas.getByRole('textbox', { name: en.backupCodes.typeBack }), `${code?.textContent}{Enter}`)
    await seesTitle(context, en.enroll.doneTitle)
    await expect(args.onEnrolled).toHaveBeenCalledOnce()
  },
}

function ends({ mfa, ...adapter }: AuthAdapter): AuthAdapter {
  if (!mfa) return adapter
  const verify: typeof mfa.verify = async (...args) => {
    const { factor } = await mfa.verify(...args)
    return { factor, otherSessions: 'ended' }
  }
  return { ...adapter, mfa: { ...mfa, verify } }
}

/** The backend signed other devices out and made no codes; the app has something to say, too. */
export const OnWithNews: Story = {
  args: { notice: <p>We have sent you a message about it.</p> },
  parameters: stage({ before, adapt: ends }),
  play: async (context) => {
    await turnOn(context)
    await seesTitle(context, en.enroll.doneTitle)
    await sees(context, en.enroll.othersEnded)
    await sees(context, 'We have sent you a message about it.')
    await seesButton(context, en.enroll.generate)
  },
}

export const LimitLongTexts: Story = {
  ...LimitReached,
  globals: { locale: 'stretched' },
  play: async (context) => {
    await press(context, stretched.enroll.start)
    await seesError(context, stretched.errors.factor_limit)
  },
}

export const LimitRightToLeft: Story = {
  ...LimitReached,
  globals: { locale: 'mirrored', dir: 'rtl' },
  play: async (context) => {
    await press(context, mirrored.enroll.start)
    await seesError(context, mirrored.errors.factor_limit)
  },
}
