import { Profiler, type ComponentProps } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { cdp, page, userEvent } from 'vitest/browser'
import { OtpInput } from '../../src/components/OtpInput.js'
import '../../src/styles.css'
import { withClipboard } from '../support/withClipboard.js'

type Props = ComponentProps<typeof OtpInput>

async function show(props: Props = {}) {
  const screen = await render(<OtpInput label="Code" {...props} />)
  const input = screen.getByLabelText('Code').element() as HTMLInputElement
  return { input }
}

/** As `show`, then the value typed and the caret or selection put where it is wanted. */
async function showTyped(text: string, from: number, to = from, props: Props = {}) {
  const { input } = await show(props)
  await userEvent.click(input)
  if (text) await userEvent.keyboard(text)
  input.setSelectionRange(from, to)
  return input
}

const cells = () => [...document.querySelectorAll<HTMLElement>('[data-slot=otp-cell]')]
const shown = () => cells().map((cell) => cell.textContent || '·')
const active = () => cells().findIndex((cell) => 'active' in cell.dataset)

/** By way of a text area, since reading the clipboard asks for a permission. */
async function copy(text: string) {
  const back = document.activeElement
  const source = document.body.appendChild(document.createElement('textarea'))
  source.value = text
  source.select()
  await userEvent.copy()
  source.remove()
  if (back instanceof HTMLElement) back.focus()
}

/** Real pasting with the keyboard, at the caret or over the selection that the field has. */
async function paste(input: HTMLInputElement, text: string) {
  const { selectionStart, selectionEnd } = input
  await withClipboard(async () => {
    await copy(text)
    input.setSelectionRange(selectionStart, selectionEnd)
    await userEvent.paste()
  })
}

async function drop(input: HTMLInputElement, text: string) {
  const frame = window.frameElement as HTMLElement
  const outer = frame.getBoundingClientRect()
  const scale = outer.width / frame.offsetWidth
  const box = input.getBoundingClientRect()
  const x = outer.x + (box.x + 4) * scale
  const y = outer.y + (box.y + box.height / 2) * scale
  const data = { items: [{ mimeType: 'text/plain', data: text }], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await cdp().send('Input.dispatchDragEvent', { type, x, y, data })
}

const insert = (text: string) => cdp().send('Input.insertText', { text })
const compose = (text: string) =>
  cdp().send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })

/** As password managers write: past every listener, then one event. */
function fill(input: HTMLInputElement, text: string, ...events: string[]) {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, text)
  for (const type of events) input.dispatchEvent(new Event(type, { bubbles: true }))
}

afterEach(async () => {
  document.documentElement.removeAttribute('dir')
  document.documentElement.removeAttribute('style')
  document.body.removeAttribute('style')
  await cdp().send('Emulation.setEmulatedMedia', { features: [] })
  await page.viewport(1024, 768)
})

describe('what assistive technology gets', () => {
  interface AxNode {
    ignored: boolean
    role?: { value: string }
    name?: { value: string }
    description?: { value: string }
    properties?: { name: string; value: { value: unknown } }[]
  }

  async function accessibilityTree(): Promise<AxNode[]> {
    const { frameTree } = (await cdp().send('Page.getFrameTree')) as { frameTree: { childFrames: { frame: { id: string } }[] } }
    const frameId = frameTree.childFrames[0]?.frame.id
    const { nodes } = (await cdp().send('Accessibility.getFullAXTree', { frameId })) as { nodes: AxNode[] }
    return nodes.filter(({ ignored }) => !ignored)
  }

  it('OT-02 is one textbox with its label, and a description that tells length and destination; no cell is in the tree', async () => {
    await render(
      <>
        <OtpInput label="Code" defaultValue="482" aria-describedby="hint" required invalid />
        <p id="hint">6 digits, sent to a•••@example.com</p>
      </>,
    )
    const tree = await accessibilityTree()
    const boxes = tree.filter(({ role }) => role?.value === 'textbox')
    expect(boxes.map(({ name, description }) => [name?.value, description?.value])).toEqual([
      ['Code', '6 digits, sent to a•••@example.com'],
    ])
    const states = Object.fromEntries(boxes[0]?.properties?.map(({ name, value }) => [name, value.value]) ?? [])
    expect(states).toMatchObject({ required: true, invalid: 'true' })
    expect(tree.filter(({ role, name }) => role?.value === 'StaticText' && /^[0-9]$/.test(name?.value ?? ''))).toEqual([])
  })

  it('OT-23 shows its label, and a click on it goes into the field', async () => {
    const { input } = await show()
    const label = page.getByText('Code')
    await expect.element(label).toBeVisible()
    await userEvent.click(label)
    expect(document.activeElement).toBe(input)
  })
})

describe('editing', () => {
  it.each([
    ['into the empty field', '', 0, 0],
    ['before what is there', '12', 0, 0],
    ['inside what is there', '12', 1, 1],
    ['behind what is there', '12', 2, 2],
    ['over a part of it', '1299', 1, 3],
    ['over all of it', '1299', 0, 4],
    ['into a full field', '999999', 3, 3],
  ])('OT-03 takes a whole code pasted %s', async (_, typed, from, to) => {
    const onComplete = vi.fn()
    const input = await showTyped(typed, from, to, { onComplete })
    onComplete.mockClear()
    await paste(input, '654321')
    expect(input.value).toBe('654321')
    expect(shown().join('')).toBe('654321')
    expect(input.selectionStart).toBe(6)
    expect(onComplete.mock.calls).toEqual([['654321']])
  })

  it('OT-03 takes a part pasted into the middle, and leaves the caret behind it', async () => {
    const input = await showTyped('1256', 2)
    await paste(input, ' 3-4')
    expect(input.value).toBe('123456')
    expect(input.selectionStart).toBe(4)
    expect(input.selectionEnd).toBe(4)
    expect(active()).toBe(4)
  })

  it('OT-03 takes a part pasted over a selection', async () => {
    const input = await showTyped('129956', 2, 4)
    await paste(input, '34')
    expect(input.value).toBe('123456')
    expect(input.selectionStart).toBe(4)
  })

  it('OT-03 takes what is dropped on it', async () => {
    const onComplete = vi.fn()
    const { input } = await show({ onComplete })
    await drop(input, '123 456')
    expect(input.value).toBe('123456')
    expect(onComplete.mock.calls).toEqual([['123456']])
  })

  it('OT-03 undoes and redoes natively', async () => {
    const input = await showTyped('12', 2)
    await paste(input, '3456')
    expect(shown().join('')).toBe('123456')
    await userEvent.keyboard('{Control>}z{/Control}')
    expect(input.value).toBe('12')
    expect(shown().join('')).toBe('12····')
    await userEvent.keyboard('{Control>}{Shift>}z{/Shift}{/Control}')
    expect(input.value).toBe('123456')
  })

  it('OT-03 moves by arrows, Home and End, and the active cell goes along', async () => {
    const input = await showTyped('123', 3)
    expect(active()).toBe(3)
    const after = async (key: string) => {
      await userEvent.keyboard(key)
      await vi.waitFor(() => expect(active()).toBe(input.selectionStart))
      return active()
    }
    expect(await after('{ArrowLeft}')).toBe(2)
    expect(await after('{ArrowLeft}')).toBe(1)
    expect(await after('{Home}')).toBe(0)
    expect(await after('{ArrowRight}')).toBe(1)
    expect(await after('{End}')).toBe(3)
    await userEvent.keyboard('{Home}9')
    expect(input.value).toBe('9123')
  })

  it('OT-03 deletes to both sides, and all that is selected', async () => {
    const input = await showTyped('123456', 3)
    await userEvent.keyboard('{Backspace}')
    expect(input.value).toBe('12456')
    await userEvent.keyboard('{Delete}')
    expect(input.value).toBe('1256')
    expect(input.selectionStart).toBe(2)
    await userEvent.keyboard('{Control>}a{/Control}')
    expect([input.selectionStart, input.selectionEnd]).toEqual([0, 4])
    await userEvent.keyboard('7')
    expect(input.value).toBe('7')
    expect(shown().join('')).toBe('7·····')
  })

  it('OT-03 puts the caret into the cell that was clicked', async () => {
    const input = await showTyped('123456', 6)
    const box = input.getBoundingClientRect()
    const second = (cells()[1] as HTMLElement).getBoundingClientRect()
    await userEvent.click(input, { position: { x: second.x - box.x + 10, y: 20 } })
    await vi.waitFor(() => expect(active()).toBe(1))
  })

  it('OT-06 takes a code with a space in it whole, and lets the browser check nothing', async () => {
    const input = await showTyped('', 0)
    await paste(input, '123 456')
    expect(input.value).toBe('123456')
    expect(input.maxLength).toBe(-1)
    expect(input.checkValidity()).toBe(true)
  })

  it('OT-08 shows what is too much as plain text, and loses none of it', async () => {
    const input = await showTyped('1234567', 7)
    expect(input.value).toBe('1234567')
    expect(getComputedStyle(input).color).not.toBe('rgba(0, 0, 0, 0)')
    expect(cells().every((cell) => getComputedStyle(cell).visibility === 'hidden')).toBe(true)
    await userEvent.keyboard('{Backspace}')
    expect(getComputedStyle(input).color).toBe('rgba(0, 0, 0, 0)')
    expect(getComputedStyle(cells()[0] as HTMLElement).visibility).toBe('visible')
  })

  it.each(['١٢٣٤٥٦', '۱۲۳۴۵۶', '１２３４５６', '१२३४५६'])('OT-05 takes %s typed digit by digit', async (digits) => {
    const onComplete = vi.fn()
    const { input } = await show({ onComplete })
    await userEvent.click(input)
    for (const digit of digits) await insert(digit)
    expect(input.value).toBe('123456')
    expect(onComplete.mock.calls).toEqual([['123456']])
  })
})

describe('input methods', () => {
  it('OT-10 leaves the text alone while it is composed, and cleans it at the end', async () => {
    const onComplete = vi.fn()
    const { input } = await show({ onComplete })
    await userEvent.click(input)
    for (const text of ['１', '１２', '１２３４５６']) {
      await compose(text)
      expect(input.value).toBe(text)
      await new Promise((done) => setTimeout(done, 30))
      expect(input.value).toBe(text)
    }
    expect(onComplete).not.toHaveBeenCalled()
    await insert('１２３４５６')
    expect(input.value).toBe('123456')
    expect(shown().join('')).toBe('123456')
    expect(onComplete.mock.calls).toEqual([['123456']])
  })

  it('OT-10 does not complete or submit while composing, whatever Enter does there', async () => {
    const onComplete = vi.fn()
    const onSubmit = vi.fn((event: { preventDefault: () => void }) => event.preventDefault())
    const screen = await render(
      <form onSubmit={onSubmit}>
        <OtpInput label="Code" onComplete={onComplete} />
      </form>,
    )
    await userEvent.click(screen.getByLabelText('Code'))
    await compose('123456')
    // What a browser sends for a key that an input method eats.
    await cdp().send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Process', code: 'Enter', windowsVirtualKeyCode: 229 })
    await new Promise((done) => setTimeout(done, 50))
    expect(onSubmit).not.toHaveBeenCalled()
    expect(onComplete).not.toHaveBeenCalled()
    await insert('123456')
    expect(onComplete).toHaveBeenCalledTimes(1)
    await userEvent.keyboard('{Enter}')
    expect(onSubmit).toHaveBeenCalledTimes(1)
  })

  it('OT-10 works without a keydown that says anything', async () => {
    const { input } = await show()
    await userEvent.click(input)
    for (const digit of '1234') {
      await cdp().send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Unidentified', windowsVirtualKeyCode: 229 })
      await insert(digit)
    }
    expect(shown().join('')).toBe('1234··')
  })
})

describe('what the browser puts in', () => {
  it('SI-06 lets paste, drop and password managers through, and is never read-only of itself', async () => {
    const refused: string[] = []
    const note = (event: Event) => event.defaultPrevented && refused.push(event.type)
    const types = ['keydown', 'beforeinput', 'paste', 'dragover', 'drop', 'copy', 'contextmenu']
    types.forEach((type) => window.addEventListener(type, note))
    const { input } = await show()
    expect(input.readOnly).toBe(false)
    await userEvent.click(input)
    expect(input.readOnly).toBe(false)
    await userEvent.keyboard('9')
    await paste(input, '123456')
    expect(input.value).toBe('123456')
    await userEvent.keyboard('{Control>}a{/Control}{Delete}')
    await drop(input, '234567')
    expect(input.value).toBe('234567')
    fill(input, '345678', 'input')
    await vi.waitFor(() => expect(shown().join('')).toBe('345678'))
    types.forEach((type) => window.removeEventListener(type, note))
    expect(refused).toEqual([])
  })

  it.each([
    ['in one event', ['123456'], ['input']],
    ['in one event, with a change after it', ['123456'], ['input', 'change']],
    ['in one change', ['123456'], ['change']],
    ['character by character', ['1', '12', '123', '1234', '12345', '123456'], ['input', 'change']],
    ['twice', ['123456', '123456'], ['input', 'change']],
    ['with spaces, then without', ['123 456', '123456'], ['input', 'change']],
  ])('OT-11 completes once when autofilled %s', async (_, texts, events) => {
    const onComplete = vi.fn()
    const { input } = await show({ onComplete })
    for (const text of texts) {
      fill(input, text, ...events)
      await new Promise((done) => setTimeout(done))
    }
    expect(onComplete.mock.calls).toEqual([['123456']])
  })

  it('OT-11 completes once for each different code', async () => {
    const onComplete = vi.fn()
    const input = await showTyped('123456', 6, 6, { onComplete })
    await userEvent.keyboard('{Backspace}6')
    expect(onComplete.mock.calls).toEqual([['123456']])
    await paste(input, '123456')
    expect(onComplete.mock.calls).toEqual([['123456']])
    await userEvent.keyboard('{Backspace}7')
    await userEvent.keyboard('{Backspace}6')
    expect(onComplete.mock.calls).toEqual([['123456'], ['123457'], ['123456']])
  })
})

describe('work', () => {
  async function counted() {
    const commits = vi.fn()
    const screen = await render(
      <Profiler id="field" onRender={commits}>
        <OtpInput label="Code" />
      </Profiler>,
    )
    const input = screen.getByLabelText('Code').element() as HTMLInputElement
    await userEvent.click(input)
    await new Promise((done) => setTimeout(done, 50))
    commits.mockClear()
    const settled = () => new Promise((done) => setTimeout(done, 100))
    return { input, commits, settled }
  }

  it('commits nothing for the focus and once for each of six keys', async () => {
    const { commits, settled } = await counted()
    for (const key of '123456') {
      await userEvent.keyboard(key)
      await settled()
    }
    expect(shown().join('')).toBe('123456')
    expect(commits).toHaveBeenCalledTimes(6)
  })

  it.each(['123456', '123 456'])('commits once for a paste of %j', async (text) => {
    const { input, commits, settled } = await counted()
    await withClipboard(async () => {
      await copy(text)
      await settled()
      commits.mockClear()
      await userEvent.paste()
    })
    await settled()
    expect(input.value).toBe('123456')
    expect(commits).toHaveBeenCalledTimes(1)
  })
})

describe('look', () => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D

  /** Over white, or over black where the scheme is dark, as the page is. */
  function luminance(...colors: string[]) {
    for (const color of colors) {
      canvas.fillStyle = color
      canvas.fillRect(0, 0, 1, 1)
    }
    const [red = 0, green = 0, blue = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((channel) => {
      const part = channel / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }

  function contrast(one: number, other: number) {
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
  }

  it.each(['light', 'dark'])('OT-24 has borders, active cell and caret of 3:1 in the %s scheme', async (scheme) => {
    document.documentElement.style.colorScheme = scheme
    document.documentElement.style.background = 'Canvas'
    await showTyped('12', 2)
    const around = getComputedStyle(document.documentElement).backgroundColor
    const [first, , third] = cells() as [HTMLElement, HTMLElement, HTMLElement]
    const outside = luminance(around)
    for (const [cell, colors] of [
      [first, [getComputedStyle(first).borderTopColor]],
      [third, [getComputedStyle(third).outlineColor, getComputedStyle(third, '::after').borderInlineStartColor]],
    ] as const) {
      const inside = luminance(around, getComputedStyle(cell).backgroundColor)
      for (const color of colors) {
        expect(contrast(luminance(around, color), outside)).toBeGreaterThanOrEqual(3)
        expect(contrast(luminance(around, color), inside)).toBeGreaterThanOrEqual(3)
      }
    }
    expect(parseFloat(getComputedStyle(first).borderTopWidth)).toBeGreaterThanOrEqual(1)
    expect(getComputedStyle(third).outlineStyle).toBe('solid')
    expect(getComputedStyle(first).outlineStyle).toBe('none')
    expect(parseFloat(getComputedStyle(third, '::after').borderInlineStartWidth)).toBeGreaterThanOrEqual(2)
  })

  it('OT-24 shows cells, active cell and caret by borders and outline in forced colours, and the text once', async () => {
    const input = await showTyped('12', 2)
    await cdp().send('Emulation.setEmulatedMedia', { features: [{ name: 'forced-colors', value: 'active' }] })
    await vi.waitFor(() => expect(matchMedia('(forced-colors: active)').matches).toBe(true))
    const [first, , third] = cells() as [HTMLElement, HTMLElement, HTMLElement]
    const canvasColor = getComputedStyle(third).backgroundColor
    expect(getComputedStyle(first).borderTopStyle).toBe('solid')
    expect(getComputedStyle(first).borderTopColor).not.toBe(canvasColor)
    expect(getComputedStyle(first).outlineStyle).toBe('none')
    expect(getComputedStyle(third).outlineStyle).toBe('solid')
    expect(parseFloat(getComputedStyle(third).outlineWidth)).toBeGreaterThanOrEqual(2)
    expect(getComputedStyle(third).outlineColor).not.toBe(canvasColor)
    expect(getComputedStyle(third, '::after').borderInlineStartColor).not.toBe(canvasColor)
    expect(getComputedStyle(input).opacity).toBe('0')
  })

  it('shows the active cell only where the focus is', async () => {
    const input = await showTyped('12', 2)
    input.blur()
    expect(cells().map((cell) => getComputedStyle(cell).outlineStyle)).toEqual(Array(6).fill('none'))
  })

  it.each([6, 8, 9, 10])('OT-25 fits %i cells into 320 px with text of 200 % and wide spacing', async (length) => {
    await page.viewport(320, 480)
    document.documentElement.style.fontSize = '200%'
    document.body.style.margin = '0'
    await render(
      <div className="spaced" style={{ padding: 36 }}>
        <style>{`.spaced * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }`}</style>
        <OtpInput label="Code" length={length} defaultValue={'8'.repeat(length)} />
      </div>,
    )
    expect(document.documentElement.scrollWidth).toBe(320)
    let edge = 36
    for (const cell of cells()) {
      const box = cell.getBoundingClientRect()
      const range = document.createRange()
      range.selectNodeContents(cell)
      const glyph = range.getBoundingClientRect()
      expect(box.left).toBeGreaterThanOrEqual(edge - 0.01)
      expect(glyph.left).toBeGreaterThanOrEqual(box.left)
      expect(glyph.right).toBeLessThanOrEqual(box.right)
      expect(glyph.top).toBeGreaterThanOrEqual(box.top)
      expect(glyph.bottom).toBeLessThanOrEqual(box.bottom)
      edge = box.right
    }
    expect(edge).toBeLessThanOrEqual(320 - 36)
  })

  it('OT-26 runs left to right on a page that runs right to left, and the label follows the page', async () => {
    document.documentElement.dir = 'rtl'
    const input = await showTyped('12', 2)
    const lefts = cells().map((cell) => cell.getBoundingClientRect().left)
    expect(lefts).toEqual([...lefts].sort((one, other) => one - other))
    expect(shown().slice(0, 2)).toEqual(['1', '2'])
    expect(getComputedStyle(input).direction).toBe('ltr')
    expect(getComputedStyle(cells()[0]?.parentElement as HTMLElement).direction).toBe('ltr')

    const root = document.querySelector('[data-slot=otp]') as HTMLElement
    const label = document.createRange()
    label.selectNodeContents(root.querySelector('label')?.firstChild as Node)
    expect(label.getBoundingClientRect().right).toBeCloseTo(root.getBoundingClientRect().right, 0)
    expect(cells()[5]?.getBoundingClientRect().right).toBeCloseTo(root.getBoundingClientRect().right, 0)

    // The arrow that points left goes to the cell on the left, where a click goes too.
    await userEvent.keyboard('{ArrowLeft}')
    await vi.waitFor(() => expect(active()).toBe(1))
    const first = (cells()[0] as HTMLElement).getBoundingClientRect()
    await userEvent.click(input, { position: { x: first.x - input.getBoundingClientRect().x + 6, y: 20 } })
    await vi.waitFor(() => expect(active()).toBe(0))
  })

  it('has a target of 44 px at least and text that no phone zooms to', async () => {
    const { input } = await show()
    expect(input.getBoundingClientRect().height).toBeGreaterThanOrEqual(44)
    expect(parseFloat(getComputedStyle(input).fontSize)).toBeGreaterThanOrEqual(16)
    const [first] = cells() as [HTMLElement]
    expect(first.getBoundingClientRect().width).toBeGreaterThanOrEqual(44)
  })

  it('keeps its width where a parent shrinks to fit, and shrinks with a narrow one', async () => {
    await render(
      <div style={{ display: 'flex' }}>
        <div style={{ display: 'inline-block' }} data-testid="shrinks">
          <OtpInput label="Code" />
        </div>
      </div>,
    )
    expect(page.getByTestId('shrinks').element().getBoundingClientRect().width).toBeGreaterThanOrEqual(300)
  })
})
