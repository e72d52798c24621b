'use client'
import { QRCodeSVG } from 'qrcode.react'
import { slot } from '../hooks/stateAttributes.js'

/** Dark on light in every theme, drawn here: the secret leaves for nowhere. Its name says what it is, never what is in it. */
export function QrCode({ value, title }: { value: string; title: string }) {
  return (
    <div {...slot('qr')} data-sensitive="">
      <QRCodeSVG value={value} size={192} marginSize={4} level="M" bgColor="#ffffff" fgColor="#000000" title={title} />
    </div>
  )
}
