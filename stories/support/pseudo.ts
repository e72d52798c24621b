import type { Messages } from '../../src/core/messages.js'
import { en } from '../../src/locales/en.js'

const vowels: Readonly<Record<string, string>> = {
  a: 'áà',
  e: 'éè',
  i: 'íì',
  o: 'óò',
  u: 'úù',
  A: 'ÁÀ',
  E: 'ÉÈ',
  I: 'ÍÌ',
  O: 'ÓÒ',
  U: 'ÚÙ',
}

const letters = 'abcdefghijklmnopqrstuvwxyz'
const arabic = 'ابتثجحخدذرزسشصضطظعغفقكلمنه'

/** English, at least 40 % longer, word by word: the length that many languages need. The brackets show when an end is cut off. */
export const stretched: Messages = { ...inTexts(en, stretch), locale: 'en', dir: 'ltr' }

/** English in Arabic letters: it says nothing, and runs from right to left. */
export const mirrored: Messages = { ...inTexts(en, toArabic), locale: 'ar', dir: 'rtl' }

/** The catalogues of the toolbar's languages. English is the kit's own. */
export const catalogues: Readonly<Record<string, Messages | undefined>> = { stretched, mirrored }

function stretch(text: string): string {
  const longer = text.replace(/[aeiou]/gi, (vowel) => vowels[vowel] ?? vowel)
  const missing = Math.ceil(text.length * 1.4) - longer.length - 2
  return `⟦${longer}${'é'.repeat(Math.max(0, missing))}⟧`
}

function toArabic(text: string): string {
  return text.toLowerCase().replace(/[a-z]/g, (letter) => arabic[letters.indexOf(letter)] ?? letter)
}

/** Changes every text of a catalogue, and nothing that stands in braces. */
function inTexts<T>(texts: T, change: (text: string) => string): T {
  if (typeof texts === 'string') return texts.replace(/(\{\w+\})|[^{]+/g, (part, name) => (name ? part : change(part))) as T
  return Object.fromEntries(Object.entries(texts as object).map(([key, value]) => [key, inTexts(value, change)])) as T
}
