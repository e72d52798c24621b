'use client'
import { useRef, useState, type ReactNode } from 'react'
import type { EnrollState } from '../core/enrollFlow.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { slot } from '../hooks/stateAttributes.js'
import { copyText } from '../hooks/useBackupCodes.js'
import { useCodeForm } from '../hooks/useCodeForm.js'
import { useHeadingFocus } from '../hooks/useHeadingFocus.js'
import type { UseTotpEnroll } from '../hooks/useTotpEnroll.js'
import { Card } from './Card.js'
import { CodeForm, MalformedText } from './CodeForm.js'
import type { Frame } from './Frame.js'
import { ProblemText } from './ProblemText.js'
import { QrCode } from './QrCode.js'

export interface TotpSetupProps {
  frame: Frame
  enroll: UseTotpEnroll
  state: Extract<EnrollState, { step: 'verify'; type: 'totp' }>
  autoSubmit: boolean
  links: ReactNode
}

/** The secret, three ways (a picture, a key, a link on the same device), and the code that proves it arrived. */
export function TotpSetup({ frame, enroll, state, autoSubmit, links }: TotpSetupProps) {
  const { enroll: texts, code, backupCodes } = useAllTexts()
  const { totp } = enroll
  const pending = state.pending !== null
  const key = useRef<HTMLElement>(null)
  // Nobody scans a screen with the device that shows it.
  const [touch] = useState(() => globalThis.matchMedia?.('(pointer: coarse)').matches)
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no')
  const secret = totp?.secret ?? state.secret
  const form = useCodeForm({
    idPrefix: frame.idPrefix,
    length: totp?.digits ?? 6,
    type: 'numeric',
    pending,
    problem: state.problem,
    autoSubmit,
    submit: enroll.verify,
    edited: enroll.edited,
  })

  const here = totp && touch
  const scans = totp && !touch
  const picture = totp && <QrCode value={state.uri} title={texts.qr} />
  const manual = (
    <details {...slot('key')} open={!totp || touch || undefined} data-sensitive="">
      <summary>{scans ? texts.keyHint : texts.keyHere}</summary>
      <dl>
        <dt>{texts.key}</dt>
        <dd>
          {/* Groups are gaps of the look, so that a copy has none. */}
          <code ref={key} dir="ltr">
            {secret.match(/.{1,4}/g)?.map((group, i) => (
              <span key={i}>{group}</span>
            ))}
          </code>
        </dd>
        {totp?.issuer && <Detail term={texts.issuer} value={totp.issuer} />}
        {totp?.account && <Detail term={texts.account} value={totp.account} />}
      </dl>
      {totp && (
        <p {...slot('hint', { small: true })}>
          {texts.parameters.replace('{digits}', `${totp.digits}`).replace('{period}', `${totp.period}`)}
        </p>
      )}
      <button
        {...slot('link')}
        type="button"
        onClick={() => void copyText(secret, key.current).then((done) => setCopied(done ? 'yes' : 'failed'))}
      >
        {texts.copyKey}
      </button>
    </details>
  )
  const link = totp && (
    <p {...slot('row')}>
      <a {...slot('link')} href={state.uri} data-sensitive="">
        {texts.openApp}
      </a>
    </p>
  )

  return (
    <Card
      frame={useHeadingFocus(frame)}
      step="verify"
      title={scans ? texts.scanTitle : texts.hereTitle}
      hint={`${scans ? texts.scanHint : here ? texts.hereHint : texts.keyOnlyHint} ${texts.pending}`}
      error={
        form.malformed ? (
          <MalformedText problem={form.malformed} length={form.value.length} />
        ) : (
          state.problem && <ProblemText problem={state.problem} />
        )
      }
      status={
        copied === 'yes'
          ? backupCodes.copied
          : copied === 'failed'
            ? backupCodes.copyFailed
            : state.failures >= 2 && code.clockHint
      }
      pending={pending}
      links={links}
    >
      {here ? (
        <>
          {link}
          {manual}
          <p {...slot('hint', { small: true })}>{texts.scanElsewhere}</p>
          {picture}
        </>
      ) : (
        <>
          {picture}
          {manual}
          {link}
        </>
      )}
      <CodeForm
        frame={frame}
        form={form}
        pending={pending}
        autoSubmit={autoSubmit}
        label={texts.codeLabel}
        submit={texts.submit}
      />
    </Card>
  )
}

function Detail({ term, value }: { term: string; value: string }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </>
  )
}
