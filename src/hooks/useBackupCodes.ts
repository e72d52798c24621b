'use client'
import { useRef, useState, type ComponentPropsWithRef } from 'react'
import { normalizeCode } from '../core/otp.js'
import { useAllTexts } from './allTexts.js'
import { today } from './day.js'
import { mergeProps, type PropGetter } from './mergeProps.js'
import { saveText } from './saveText.js'
import { useAccountName } from './useAccountName.js'

export interface UseBackupCodes {
  /** `failed`: the text was selected instead, for copying by hand. */
  readonly copied: 'no' | 'yes' | 'failed'
  readonly acknowledged: boolean
  /** "Done" was pressed without the acknowledgement; `wrong`: what was typed back is none of the codes. */
  readonly unacknowledged: false | 'missing' | 'wrong'
  copy(): Promise<void>
  /** Saves them as a text file that names the site, the account and the day. */
  download(): void
  /** Opens the browser's own dialog. The kit's stylesheet leaves nothing but the heading and the codes on the paper. */
  print(): void
  done(): void
  getListProps: PropGetter<'ol'>
  /** Of the checkbox, or of the field that one code is typed back into. */
  getAcknowledgeProps: PropGetter<'input'>
}

/** How codes are shown, wherever they are. */
export interface BackupCodesOptions {
  /** How a person says that they have stored the codes: with a checkbox, or by typing one of them back. Default `checkbox`. */
  acknowledge?: 'checkbox' | 'type' | undefined
  /** Whose site it is, for the file. Default: the page's host. */
  issuer?: string | undefined
  /** Whose account it is, for the file. Default: whoever has signed in on this page; where nobody knows, the line is left out. */
  account?: string | undefined
}

export interface UseBackupCodesOptions extends BackupCodesOptions {
  codes: readonly string[]
  onAcknowledged: () => void
}

/** Codes that are shown once. The clipboard is written in the click and never read. */
export function useBackupCodes({
  codes,
  onAcknowledged,
  acknowledge = 'checkbox',
  issuer,
  account,
}: UseBackupCodesOptions): UseBackupCodes {
  const { backupCodes: words, locale } = useAllTexts()
  const signedInAs = useAccountName(account === undefined)
  const list = useRef<HTMLOListElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no')
  const [acknowledged, setAcknowledged] = useState(false)
  const [unacknowledged, setUnacknowledged] = useState<UseBackupCodes['unacknowledged']>(false)
  const typed = acknowledge === 'type'
  const text = codes.join('\n')

  /** Compared here: what is typed goes nowhere and is kept nowhere. */
  function missing(): UseBackupCodes['unacknowledged'] {
    if (!typed) return !acknowledged && 'missing'
    const given = plain(field.current?.value ?? '')
    return given === '' ? 'missing' : !codes.some((code) => plain(code) === given) && 'wrong'
  }

  const own: ComponentPropsWithRef<'input'> = typed
    ? {
        type: 'text',
        autoComplete: 'off',
        autoCapitalize: 'off',
        autoCorrect: 'off',
        spellCheck: false,
        dir: 'ltr',
        onInput: () => setUnacknowledged(false),
      }
    : {
        type: 'checkbox',
        checked: acknowledged,
        onChange(event) {
          setAcknowledged(event.currentTarget.checked)
          setUnacknowledged(false)
        },
      }

  return {
    copied,
    acknowledged,
    unacknowledged,
    async copy() {
      setCopied((await copyText(text, list.current)) ? 'yes' : 'failed')
    },
    download() {
      const whose = account || signedInAs
      const about = [
        words.fileTitle.replace('{site}', () => issuer || location.host),
        ...(whose ? [words.fileAccount.replace('{account}', () => whose)] : []),
        words.fileDate.replace('{date}', () => today(locale)),
      ]
      saveText(words.fileName, `${about.join('\n')}\n\n${text}\n`)
    },
    print: () => window.print(),
    done() {
      const gap = missing()
      setUnacknowledged(gap)
      if (!gap) return onAcknowledged()
      if (typed) field.current?.focus()
    },
    getListProps: (given) => mergeProps({ ref: list, dir: 'ltr' }, given),
    getAcknowledgeProps: (given) =>
      mergeProps({ ...own, ref: field, 'aria-required': true, 'aria-invalid': unacknowledged !== false || undefined }, given),
  }
}

/** A code without what people leave out, add or change when they write it down. */
const plain = (code: string) => normalizeCode(code).toLowerCase()

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
