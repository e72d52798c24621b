import * as React from 'react'

/**
 * Counts how often React runs an effect of one mount: 2 under StrictMode, 1 without.
 * The React leg and StrictMode are set up in several places; these two tests notice when one of them is lost.
 */
export function EffectCounter({ onEffect }: { onEffect: () => void }) {
  React.useEffect(onEffect, [onEffect])
  return null
}
