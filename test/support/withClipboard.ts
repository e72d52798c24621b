import { commands } from 'vitest/browser'
import type {} from './clipboardTurn.js'

/** Copies and pastes while nobody else does. */
export async function withClipboard(work: () => Promise<void>): Promise<void> {
  await commands.takeClipboard()
  try {
    await work()
  } finally {
    await commands.giveClipboard()
  }
}
