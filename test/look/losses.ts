import { texts } from './colour.js'

/** Where an element's own words stand, line by line. */
function lines(one: HTMLElement): DOMRect[] {
  if (one.localName === 'input') return [one.getBoundingClientRect()]
  return [...one.childNodes]
    .filter((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim())
    .flatMap((node) => {
      const range = document.createRange()
      range.selectNode(node)
      return [...range.getClientRects()]
    })
}

const overlap = (a: DOMRect, b: DOMRect) =>
  Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 6 && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2

/** What the screen loses: text that is cut off, pushed out of sight or laid over other text, or a page that scrolls both ways. */
export function losses(at: string): string {
  const found: string[] = []
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} wide in ${clientWidth}`)
  const fields = document.querySelectorAll<HTMLElement>('[data-slot=root] input:not([data-slot=username])')
  const words = [...texts(), ...fields].flatMap((of) =>
    lines(of).map((box) => ({ of, box, name: (of.textContent || of.id).slice(0, 30) })),
  )
  for (const { of, box, name } of words) {
    const frame = of.closest('[data-slot=card]')?.getBoundingClientRect()
    if (frame && (box.left < frame.left || box.right > frame.right)) found.push(`"${name}" leaves the card`)
    if (box.left < 0 || box.right > clientWidth) found.push(`"${name}" leaves the page`)
    for (let around = of.parentElement; around; around = around.parentElement) {
      if (around === document.body) break
      const { overflowX, overflowY } = getComputedStyle(around)
      const held = around.getBoundingClientRect()
      const beyond =
        (overflowX !== 'visible' && box.right > held.right + 1) || (overflowY !== 'visible' && box.bottom > held.bottom + 1)
      const burst = around.matches('button, a, summary') && (box.bottom > held.bottom + 1 || box.right > held.right + 1)
      if (beyond || burst) found.push(`"${name}" is cut off`)
    }
  }
  for (const [i, a] of words.entries()) {
    for (const b of words.slice(i + 1)) {
      if (
        !a.of.contains(b.of) &&
        !b.of.contains(a.of) &&
        a.of.localName !== 'input' &&
        b.of.localName !== 'input' &&
        overlap(a.box, b.box)
      )
        found.push(`"${a.name}" and "${b.name}" lie on each other`)
    }
  }
  return found.map((one) => `${at}: ${one}`).join('\n')
}
