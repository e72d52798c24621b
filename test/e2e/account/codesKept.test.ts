import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { addTotp, button, card, codeField, expect, nora, open, readQrCode, secretIn, signIn, storeCodes, test } from '../demo.js'

/** What ink would go on: each text that is drawn, and everything that is no text. */
const onPaper = (page: Page) =>
  page.evaluate(() => {
    const texts: { text: string; color: string; grounds: string[]; lines: number; breaks: string }[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement
      const text = node.nodeValue?.trim() ?? ''
      if (!text || !parent?.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      const grounds: string[] = []
      for (let at: Element | null = parent; at; at = at.parentElement) grounds.push(getComputedStyle(at).backgroundColor)
      texts.push({
        text,
        color: getComputedStyle(parent).color,
        grounds: [...new Set(grounds)],
        lines: range.getClientRects().length,
        breaks: getComputedStyle(parent.closest('li') ?? parent).breakInside,
      })
    }
    const others = [...document.querySelectorAll('button, input, a, img, svg, canvas')].filter((one) => one.checkVisibility())
    return { texts, others: others.map(({ outerHTML }) => outerHTML) }
  })

test(
  'BC-04 BC-05 backup codes are saved as a file under the strict policy, and of the page nothing but they goes on paper',
  { tag: '@once' },
  async ({ page, server, seen }) => {
    await page.addInitScript(() => {
      const told = { prints: 0, writes: 0 }
      Object.assign(window, { told, print: () => told.prints++ })
      document.write = () => void told.writes++
    })
    const popups: unknown[] = []
    page.on('popup', (popup) => popups.push(popup.url()))
    await open(page, '/account')
    await signIn(page, nora)
    const secret = secretIn((await readQrCode(await addTotp(page))) ?? '')
    seen.setupKey(secret)
    await codeField(page).fill(await server.totp(secret))
    const items = page.locator('[data-slot="codes"] li')
    await expect(items.first()).toBeVisible()
    const codes = await items.allTextContents()
    seen.secret(...codes)

    const downloading = page.waitForEvent('download')
    await button(page, 'Download').click()
    const file = await downloading
    expect(file.suggestedFilename()).toBe('backup-codes.txt')
    const lines = (await readFile(await file.path(), 'utf8')).split('\n')
    expect(lines).toEqual([
      'Backup codes for Latchkey demo',
      expect.stringMatching(/^Account: /),
      expect.stringMatching(/^Made on .*\d{4}\. Each code works once\.$/),
      '',
      ...codes,
      '',
    ])

    await button(page, 'Print').click()
    expect(await page.evaluate(() => (window as unknown as { told: object }).told)).toEqual({ prints: 1, writes: 0 })
    expect(popups).toEqual([])
    expect(page.frames()).toHaveLength(1)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ media: 'print', colorScheme })
      const { texts, others } = await onPaper(page)
      expect(texts.map(({ text }) => text)).toEqual(['Store your backup codes', ...codes])
      expect(others).toEqual([])
      for (const { text, color, grounds, lines, breaks } of texts) {
        expect({ color, grounds, lines }, text).toEqual({ color: 'rgb(0, 0, 0)', grounds: ['rgb(255, 255, 255)'], lines: 1 })
        if (codes.includes(text)) expect(breaks, text).toBe('avoid')
      }
    }
    // The print itself: on a small sheet there is room for the codes, and for nothing beside them.
    const sheets = async () => (await page.pdf({ format: 'A6' })).toString('latin1').match(/\/Type\s*\/Page\b/g)?.length
    expect(await sheets()).toBe(1)

    await page.emulateMedia({ media: null, colorScheme: null })
    await expect(card(page)).toHaveAttribute('data-step', 'backup-codes')
    await storeCodes(page)
    await page.emulateMedia({ media: 'print' })
    // Without codes the page is printed as it is.
    expect((await onPaper(page)).texts.length).toBeGreaterThan(codes.length + 1)
    expect(await sheets()).toBeGreaterThan(1)
  },
)
