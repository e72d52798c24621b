import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn, spyOn, waitFor } from 'storybook/test'
import { SignIn } from '../src/index.js'
import { en } from '../src/locales/en.js'
import { mirrored, stretched } from './support/pseudo.js'
import { loadStage, onStage, stage, stageOf } from './support/stage.js'
import { press, sees, seesButton, seesError, seesTitle, signIn } from './support/steps.js'
import { ada } from './support/users.js'
import { comesBack, goesAway, opensLink } from './support/ways.js'

const given = { firstFactors: ['email_link', 'oauth_google'] } as const

// On the way to a provider, or back, or by a mailed link.
const meta = {
  title: 'SignIn/Redirects',
  component: SignIn,
  args: { onComplete: fn() },
  loaders: [loadStage],
  decorators: [onStage],
  parameters: stage(given),
} satisfies Meta<typeof SignIn>
export default meta

type Story = StoryObj<typeof meta>
type Hands = Parameters<NonNullable<Story['play']>>[0]

const verbs = ({ loaded }: Hands) => stageOf(loaded).backend.calls.map(({ verb }) => verb)
const isClean = () => expect(new URLSearchParams(location.search).has('latchkey')).toBe(false)

/** A mail scanner that opens the link uses nothing up. */
export const Landing: Story = {
  beforeEach: ({ loaded }) => opensLink(stageOf(loaded).backend),
  play: async (hands) => {
    await seesTitle(hands, en.link.landingTitle)
    await sees(hands, en.link.landingHint)
    await seesButton(hands, en.common.continue)
    await expect(document.body).toHaveFocus()
    await expect(verbs(hands)).not.toContain('signIn.resume')
  },
}

export const LandingFollowed: Story = {
  ...Landing,
  play: async (hands) => {
    await Landing.play?.(hands)
    await press(hands, en.common.continue)
    await seesTitle(hands, en.complete.title)
    await expect(hands.args.onComplete).toHaveBeenCalledOnce()
    await isClean()
  },
}

export const LandingFollowing: Story = {
  ...Landing,
  play: async (hands) => {
    await Landing.play?.(hands)
    stageOf(hands.loaded).backend.latencyMs = Infinity
    await press(hands, en.common.continue)
    await seesTitle(hands, en.away.returningTitle)
    await sees(hands, en.common.working)
    await expect(hands.canvas.getByRole('heading')).toHaveFocus()
  },
}

export const LandingTooLate: Story = {
  ...Landing,
  play: async (hands) => {
    await Landing.play?.(hands)
    stageOf(hands.loaded).backend.clock.advance(11 * 60_000)
    await press(hands, en.common.continue)
    await seesTitle(hands, en.start.title)
    await seesError(hands, en.start.linkFailed)
    await isClean()
  },
}

export const LandingLongTexts: Story = {
  ...Landing,
  globals: { locale: 'stretched' },
  play: (hands) => seesTitle(hands, stretched.link.landingTitle),
}

export const LandingRightToLeft: Story = {
  ...Landing,
  globals: { locale: 'mirrored', dir: 'rtl' },
  play: (hands) => seesTitle(hands, mirrored.link.landingTitle),
}

/** What came back is being looked at. There is nothing to be done meanwhile. */
export const Restoring: Story = {
  async beforeEach({ loaded }) {
    const { backend } = stageOf(loaded)
    const goBack = await comesBack(backend, { as: ada.id })
    backend.latencyMs = Infinity
    return goBack
  },
  play: async (hands) => {
    await seesTitle(hands, en.away.returningTitle)
    await sees(hands, en.common.working)
    await expect(hands.canvas.queryByRole('button')).toBeNull()
  },
}

/** The provider's answer never got through, so it can be handed in again. */
export const RestoringCutOff: Story = {
  beforeEach({ loaded }) {
    const { backend } = stageOf(loaded)
    backend.failNext('signIn.resume', 'network')
    return comesBack(backend, { as: ada.id })
  },
  play: async (hands) => {
    await seesTitle(hands, en.away.returningTitle)
    await seesError(hands, en.errors.network)
    await seesButton(hands, en.common.tryAgain)
    await seesButton(hands, en.common.back)
  },
}

export const RestoredAfterAll: Story = {
  ...RestoringCutOff,
  play: async (hands) => {
    await RestoringCutOff.play?.(hands)
    await press(hands, en.common.tryAgain)
    await seesTitle(hands, en.complete.title)
    await sees(hands, 'Ada Lovelace')
    await isClean()
  },
}

/** The only way in leads away. Nobody is taken there without asking. */
export const Leading: Story = {
  parameters: stage({ firstFactors: ['oauth_google'], popup: true }),
  play: async (hands) => {
    await signIn(hands, ada.email)
    await seesTitle(hands, 'Google')
    await seesButton(hands, en.common.continue)
    await expect(verbs(hands)).not.toContain('signIn.prepareFirstFactor')
  },
}

/** A window in which nobody does anything. */
function opensWindow() {
  const opened = { opener: window as Window | null, closed: false, location: { replace: fn() }, close: fn() }
  spyOn(window, 'open').mockReturnValue(opened as unknown as Window)
  return opened
}

async function leave(hands: Hands) {
  const opened = opensWindow()
  await press(hands, 'Continue with Google')
  await seesTitle(hands, en.away.title)
  return opened
}

export const AwayInWindow: Story = {
  parameters: stage({ ...given, popup: true }),
  play: async (hands) => {
    const { location: place, opener } = await leave(hands)
    await sees(hands, en.away.hint)
    await seesButton(hands, en.common.back)
    await expect(hands.canvas.getByRole('heading')).toHaveFocus()
    await expect(place.replace).toHaveBeenCalledWith(expect.stringContaining('https://provider.invalid/'))
    await expect(opener).toBeNull()
  },
}

export const AwayAndSignedIn: Story = {
  ...AwayInWindow,
  play: async (hands) => {
    const { backend } = stageOf(hands.loaded)
    const { location: place, close } = await leave(hands)
    const url = backend.provider.answer(String(place.replace.mock.lastCall?.[0]), { as: ada.id })
    await backend.adapter.signIn.resume({ url })
    await seesTitle(hands, en.complete.title)
    await expect(close).toHaveBeenCalledOnce()
    await expect(hands.args.onComplete).toHaveBeenCalledOnce()
  },
}

export const WindowClosed: Story = {
  ...AwayInWindow,
  play: async (hands) => {
    Object.assign(await leave(hands), { closed: true })
    await seesTitle(hands, en.start.title)
    await seesError(hands, en.errors.cancelled)
  },
}

export const WindowGivenUp: Story = {
  ...AwayInWindow,
  play: async (hands) => {
    const { close } = await leave(hands)
    await press(hands, en.common.back)
    await seesTitle(hands, en.start.title)
    await expect(hands.canvas.getByRole('alert')).toBeEmptyDOMElement()
    await expect(close).toHaveBeenCalledOnce()
  },
}

/** The browser's Back has led here from the provider's page. */
export const Away: Story = {
  parameters: stage({ ...given, before: ({ adapter }) => goesAway(adapter) }),
  play: async (hands) => {
    await seesTitle(hands, en.away.title)
    await sees(hands, en.away.hint)
    await seesButton(hands, en.common.back)
    await waitFor(() => expect(hands.canvas.getByRole('alert')).toBeEmptyDOMElement())
  },
}

export const AwayLongTexts: Story = {
  ...Away,
  globals: { locale: 'stretched' },
  play: (hands) => seesTitle(hands, stretched.away.title),
}

export const AwayRightToLeft: Story = {
  ...Away,
  globals: { locale: 'mirrored', dir: 'rtl' },
  play: (hands) => seesTitle(hands, mirrored.away.title),
}
