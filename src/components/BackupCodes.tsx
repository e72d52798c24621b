'use client'
import { useAllTexts } from '../hooks/allTexts.js'
import { slot } from '../hooks/stateAttributes.js'
import { useBackupCodes, type UseBackupCodesOptions } from '../hooks/useBackupCodes.js'
import { Button } from './Button.js'
import { Card } from './Card.js'
import { frameOf, type Frame, type FrameProps } from './Frame.js'
import { Root } from './Root.js'

export interface BackupCodesProps extends FrameProps, UseBackupCodesOptions {}

/** Backup codes, shown once, left only when the person says that they are stored. */
export function BackupCodes({ codes, onAcknowledged, ...props }: BackupCodesProps) {
  const frame = frameOf(props, true)
  return (
    <Root classNames={frame.classNames}>
      <BackupCodesStep frame={frame} codes={codes} onAcknowledged={onAcknowledged} />
    </Root>
  )
}

export function BackupCodesStep({ frame, ...options }: UseBackupCodesOptions & { frame: Frame }) {
  const { backupCodes } = useAllTexts()
  const list = useBackupCodes(options)
  return (
    <Card
      frame={frame}
      step="backup-codes"
      title={backupCodes.title}
      hint={backupCodes.hint}
      error={list.unacknowledged && backupCodes.acknowledgeMissing}
      status={list.copied === 'yes' ? backupCodes.copied : list.copied === 'failed' && backupCodes.copyFailed}
    >
      <ol {...list.getListProps()} {...slot('codes')} aria-label={backupCodes.list} data-sensitive="">
        {options.codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <button {...slot('button', { quiet: true })} type="button" onClick={() => void list.copy()}>
        {backupCodes.copy}
      </button>
      <label {...slot('check')}>
        <input {...list.getAcknowledgeProps()} aria-describedby={`${frame.idPrefix}-error`} />
        {backupCodes.acknowledge}
      </label>
      <Button frame={frame} type="button" onClick={() => list.done()}>
        {backupCodes.done}
      </Button>
    </Card>
  )
}
