import type { AuthAdapter } from '../../core/adapter.js'
import { equal } from '../check.js'
import type { Draft } from '../draft.js'
import { answer, standAtFirst, usualFirst } from '../walk.js'

/** What a captcha gave goes to the backend. That it is handed back nowhere, the watch sees. */
export function captchaCases({ capabilities }: AuthAdapter): readonly Draft[] {
  return capabilities.firstFactors.some(({ strategy }) => strategy === 'password') ? cases : []
}

const cases: readonly Draft[] = [
  {
    id: 'captcha/passed-on',
    says: 'the token of a call reaches the backend with that call, and with no later one',
    needs: ['captchas'],
    async run(scene) {
      const { identifier, password } = await scene.person()
      const captchas = scene.lever('captchas')
      const before = (await captchas()).length
      const captchaToken = 'captcha-token-of-one-call'
      await scene.adapter.signIn.create({ identifier, password: `${password}x` }, { captchaToken }).catch(() => undefined)
      equal((await captchas()).slice(before), [captchaToken], 'The captcha tokens that have reached the backend')
      const stand = await standAtFirst(scene, await scene.person(), usualFirst(scene))
      await answer(stand, { password }).catch(() => undefined)
      equal((await captchas()).length, before + 1, 'How many have reached it after a call without one')
    },
  },
]
