'use client'
import type { Messages } from '../core/messages.js'
import { en } from '../locales/en.js'
import { useAuth } from './context.js'

/** Every text. Apart from `useTexts`, so that the first screen does not bring what later steps say. */
export function useAllTexts(): Messages {
  return useAuth().messages ?? en
}
