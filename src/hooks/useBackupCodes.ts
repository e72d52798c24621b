'use client'
import { useRef, useState } from 'react'
import { mergeProps, type PropGetter } from './mergeProps.js'

export interface UseBackupCodes {
  /** `failed`: the text was selected instead, for copying by hand. */
  readonly copied: 'no' | 'yes' | 'failed'
  readonly acknowledged: boolean
  /** "Done" was pressed without the acknowledgement. */
  readonly unacknowledged: boolean
  copy(): Promise<void>
  done(): void
  getListProps: PropGetter<'ol'>
  getAcknowledgeProps: PropGetter<'input'>
}

export interface UseBackupCodesOptions {
  codes: readonly string[]
  onAcknowledged: () => void
}

/** Codes that are shown once. The clipboard is written in the click and never read. */
export function useBackupCodes({ codes, onAcknowledged }: UseBackupCodesOptions): UseBackupCodes {
  const list = useRef<HTMLOListElement>(null)
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no')
  const [acknowledged, setAcknowledged] = useState(false)
  const [unacknowledged, setUnacknowledged] = useState(false)
  return {
    copied,
    acknowledged,
    unacknowledged,
    async copy() {
      setCopied((await copyText(codes.join('\n'), list.current)) ? 'yes' : 'failed')
    },
    done() {
      setUnacknowledged(!acknowledged)
      if (acknowledged) onAcknowledged()
    },
    getListProps: (given) => mergeProps({ ref: list, dir: 'ltr' }, given),
    getAcknowledgeProps: (given) =>
      mergeProps(
        {
          type: 'checkbox',
          checked: acknowledged,
          'aria-required': true,
          'aria-invalid': unacknowledged || undefined,
          onChange(event) {
            setAcknowledged(event.currentTarget.checked)
            setUnacknowledged(false)
          },
        },
        given,
      ),
  }
}

/** Copies within a click. Where that is refused or not there, selects `shown`, so that a hand can. Answers whether it was copied. */
export async function copyText(text: string, shown: Node | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    if (shown) getSelection()?.selectAllChildren(shown)
    return false
  }
}
