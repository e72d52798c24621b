type Rgb = readonly [number, number, number]

const canvas = document.createElement('canvas')
canvas.width = canvas.height = 1
const pen = canvas.getContext('2d', { willReadFrequently: true })

/** What is seen where these colours lie on each other, the lowest first: any CSS colour, see-through ones too. */
export function blend(...layers: readonly string[]): Rgb {
  if (!pen) throw new Error('There is no canvas.')
  pen.clearRect(0, 0, 1, 1)
  for (const layer of layers) {
    pen.fillStyle = layer
    pen.fillRect(0, 0, 1, 1)
  }
  const [red = 0, green = 0, blue = 0] = pen.getImageData(0, 0, 1, 1).data
  return [red, green, blue]
}

/** The colours that lie under an element's text, the lowest first. */
export function ground(element: Element): string[] {
  const layers = element.parentElement ? ground(element.parentElement) : ['white']
  return [...layers, getComputedStyle(element).backgroundColor]
}

/** WCAG 2.2, "contrast ratio". */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((value) => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** The elements that hold text of their own which is to be seen. */
export function texts(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-slot=root] *')].filter(
    (one) =>
      !one.closest('svg') &&
      one.checkVisibility() &&
      getComputedStyle(one).clipPath === 'none' &&
      [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim()),
  )
}
