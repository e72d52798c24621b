import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn, waitFor } from 'storybook/test'
import { AuthError, SignIn } from '../src/index.js'
import { en } from '../src/locales/en.js'
import { opensWith } from './support/adapters.js'
import { loadStage, onStage, stage, stageOf } from './support/stage.js'
import { mailedCode, press, sees, seesTitle, signIn, typeCode } from './support/steps.js'
import { ada, password } from './support/users.js'

// What the first screen can have beside its fields: news of a password that was set, and an app's own check.
const meta = {
  title: 'SignIn/Notices',
  component: SignIn,
  args: { onComplete: fn() },
  loaders: [loadStage],
  decorators: [onStage],
} satisfies Meta<typeof SignIn>
export default meta

type Story = StoryObj<typeof meta>

const given: unknown[] = []

export const PasswordChanged: Story = {
  parameters: stage({
    adapt: (adapter) => opensWith(adapter, (attempt) => ({ ...attempt, status: 'needs_identifier', notice: 'password_changed' })),
  }),
  play: async (hands) => {
    await signIn(hands, ada.email)
    await sees(hands, en.start.notices.password_changed)
    await expect(hands.canvas.getByLabelText(en.start.email)).toHaveValue(ada.email)
  },
}

/** The answer to the new password was lost, and the attempt with it. */
export const PasswordMaybeChanged: Story = {
  parameters: stage({ firstFactors: ['password', 'reset_password_email_code'] }),
  play: async (hands) => {
    const { canvas, userEvent, loaded } = hands
    const { backend } = stageOf(loaded)
    await userEvent.type(await canvas.findByLabelText(en.start.email), ada.email)
    await press(hands, en.start.ways.reset_password_email_code)
    await seesTitle(hands, en.code.messageTitle)
    await typeCode(hands, mailedCode(backend))
    await seesTitle(hands, en.newPassword.title)
    backend.failNext('signIn.resetPassword', new AuthError('network', undefined, { outcome: 'unknown' }))
    backend.failNext('signIn.reload', new AuthError('attempt_lost'))
    await userEvent.type(canvas.getByLabelText(en.newPassword.label), `${password} two`)
    await press(hands, en.newPassword.submit)
    await sees(hands, en.start.notices.password_maybe_changed)
  },
}

/** The page was loaded anew in the middle of a sign-in, of which the backend has kept nothing: its entry in the browser's history still has the mark. */
export const Restarted: Story = {
  beforeEach: () => history.pushState({ ...history.state, latchkey: 1 }, ''),
  play: async (hands) => {
    await sees(hands, en.start.notices.restarted)
    await waitFor(() => expect({ ...history.state }).not.toHaveProperty('latchkey'))
  },
}

/** A check of the app's own; what it gives goes along with one try. */
export const WithCaptcha: Story = {
  args: {
    captcha: (setToken) => (
      <label data-slot="check">
        <input type="checkbox" onChange={(event) => setToken(event.currentTarget.checked ? 'a person' : undefined)} />I am a
        person
      </label>
    ),
  },
  parameters: stage({
    adapt: ({ signIn: theirs, ...adapter }) => ({
      ...adapter,
      signIn: {
        ...theirs,
        create(params, options) {
          given.push(options?.captchaToken)
          return theirs.create(params, options)
        },
      },
    }),
  }),
  play: async (hands) => {
    given.length = 0
    const { canvas, userEvent } = hands
    await userEvent.click(await canvas.findByRole('checkbox', { name: 'I am a person' }))
    await signIn(hands, ada.email, 'wrong')
    await waitFor(() => expect(canvas.getByRole('alert')).toHaveTextContent(en.errors.invalid_credentials))
    await expect(canvas.getByRole('checkbox', { name: 'I am a person' })).not.toBeChecked()
    await expect(given).toEqual(['a person'])
  },
}
