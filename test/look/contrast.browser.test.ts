import { describe, expect, it } from 'vitest'
import { cdp, userEvent } from 'vitest/browser'
import { blend, contrast, ground } from './colour.js'
import { nameOf, onGround, schemes, tooFaint } from './contrasts.js'
import { controls, emulate, setScheme, show, stories, withPlainPage } from './screens.js'

withPlainPage()

describe('contrast', () => {
  it('TH-02 the eye, the mark of waiting and the caret of the code field have 3:1 in both schemes', async () => {
    await show(stories.signIn.Waiting)
    const faintMarks = tooFaint(3, () => {
      const [eye, button] = [document.querySelector('[data-slot=toggle] svg'), document.querySelector('[data-slot=button]')]
      if (!eye || !button) return []
      return [
        [eye, onGround(eye, getComputedStyle(eye).stroke)],
        [button, onGround(button, getComputedStyle(button, '::after').borderBottomColor)],
      ]
    })
    expect(faintMarks).toEqual([])
    await show(stories.signIn.TotpFilling)
    const faintCaret = tooFaint(3, () => {
      const cell = document.querySelector('[data-active]')
      return cell ? [[cell, onGround(cell, getComputedStyle(cell, '::after').borderLeftColor)]] : []
    })
    expect(faintCaret).toEqual([])
  })

  it.each(schemes)('TH-02 the ring of focus has 3:1 around every control, %s', async (scheme) => {
    for (const story of [stories.signIn.WithLinks, stories.enroll.ScanWithKey, stories.backupCodes.Default]) {
      await show(story)
      setScheme(scheme)
      for (const control of controls()) {
        control.focus()
        // The keyboard was used last, so that the focus is a visible one.
        await userEvent.keyboard('{Shift}')
        const ring = ringOf(control)
        const around = ground(ring.parentElement ?? ring)
        expect(
          contrast(blend(...around, getComputedStyle(ring).outlineColor), blend(...around)),
          nameOf(control),
        ).toBeGreaterThan(3)
      }
    }
  })

  it.each(schemes)('TH-02 OT-29 what the browser filled in has 4.5:1, %s', async (scheme) => {
    await show(stories.signIn.Prefilled)
    setScheme(scheme)
    await emulate({ 'prefers-color-scheme': scheme })
    const field = document.querySelector('input') as HTMLInputElement
    const before = getComputedStyle(field).backgroundColor
    await forceAutofill(field)
    const { color, backgroundColor } = getComputedStyle(field)
    expect(backgroundColor).not.toBe(before)
    const below = [...ground(field.parentElement as Element), backgroundColor]
    expect(contrast(blend(...below, color), blend(...below))).toBeGreaterThan(4.5)
  })
})

/** The code field shows its focus on a cell. */
function ringOf(control: HTMLElement): HTMLElement {
  return control.dataset.slot === 'otp-input'
    ? (document.querySelector<HTMLElement>('[data-slot=otp-cell][data-active]') ?? control)
    : control
}

async function forceAutofill(field: HTMLInputElement) {
  field.id = 'filled-in'
  const session = cdp()
  await session.send('DOM.enable')
  await session.send('CSS.enable')
  const { root } = await session.send('DOM.getDocument', { depth: -1, pierce: true })
  const nodeId = findNode(root, 'filled-in')
  await session.send('CSS.forcePseudoState', { nodeId, forcedPseudoClasses: ['autofill', '-webkit-autofill'] })
}

interface DomNode {
  readonly nodeId: number
  readonly attributes?: readonly string[]
  readonly children?: readonly DomNode[]
  readonly contentDocument?: DomNode
}

function findNode(node: DomNode, id: string): number {
  const at = node.attributes?.indexOf('id') ?? -1
  if (at >= 0 && node.attributes?.[at + 1] === id) return node.nodeId
  for (const child of [...(node.children ?? []), ...(node.contentDocument ? [node.contentDocument] : [])]) {
    const found = findNode(child, id)
    if (found) return found
  }
  return 0
}
