'use client'
import { useAllTexts } from '../hooks/allTexts.js'
import { slot } from '../hooks/stateAttributes.js'
import { useBackupCodes, type UseBackupCodesOptions } from '../hooks/useBackupCodes.js'
import { useHeadingFocus } from '../hooks/useHeadingFocus.js'
import { Button } from './Button.js'
import { Card } from './Card.js'
import { frameOf, type Frame, type FrameProps } from './Frame.js'
import { Root } from './Root.js'

export interface BackupCodesProps extends FrameProps, UseBackupCodesOptions {}

/** Backup codes, shown once, left only when the person says that they are stored. */
export function BackupCodes({ codes, onAcknowledged, acknowledge, issuer, account, ...props }: BackupCodesProps) {
  const frame = frameOf(props, true)
  return (
    <Root classNames={frame.classNames}>
      <BackupCodesStep frame={frame} {...{ codes, onAcknowledged, acknowledge, issuer, account }} />
    </Root>
  )
}

export function BackupCodesStep({ frame, ...options }: UseBackupCodesOptions & { frame: Frame }) {
  const { backupCodes: words } = useAllTexts()
  const list = useBackupCodes(options)
  const { unacknowledged, copied } = list
  const id = `${frame.idPrefix}-acknowledge`
  const acknowledge = list.getAcknowledgeProps({ id, 'aria-describedby': `${frame.idPrefix}-error` })
  const typed = options.acknowledge === 'type'
  return (
    <Card
      frame={useHeadingFocus(frame)}
      step="backup-codes"
      title={words.title}
      hint={words.hint}
      error={unacknowledged && (unacknowledged === 'wrong' ? words.typeBackWrong : words.acknowledgeMissing)}
      status={copied === 'yes' ? words.copied : copied === 'failed' && words.copyFailed}
    >
      <ol {...list.getListProps()} {...slot('codes')} aria-label={words.list} data-sensitive="">
        {options.codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div {...slot('row')}>
        {(['copy', 'download', 'print'] as const).map((way) => (
          <button key={way} {...slot('button', { quiet: true })} type="button" onClick={() => void list[way]()}>
            {words[way]}
          </button>
        ))}
      </div>
      <form
        method="post"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          list.done()
        }}
      >
        {typed ? (
          <div {...slot('field', {}, frame.classNames.field)}>
            <label {...slot('label', {}, frame.classNames.label)} htmlFor={id}>
              {words.typeBack}
            </label>
            <input {...slot('input', { code: true }, frame.classNames.input)} {...acknowledge} data-sensitive="" />
          </div>
        ) : (
          <label {...slot('check')}>
            <input {...acknowledge} />
            {words.acknowledge}
          </label>
        )}
        <Button frame={frame}>{words.done}</Button>
      </form>
    </Card>
  )
}
