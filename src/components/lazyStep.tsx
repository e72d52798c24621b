'use client'
import { useEffect, useState, type ComponentType } from 'react'
import { useTexts } from '../hooks/texts.js'
import { LinkButton } from './Button.js'
import { Card } from './Card.js'
import type { Frame } from './Frame.js'

export type LazyStep<P> = ComponentType<P> & { preload(): Promise<void> }

/**
 * A step whose code comes when it is needed. Unlike React.lazy it can try again: a chunk that does not arrive is a moment's trouble, and the sign-in
 * that led here is still there.
 */
export function lazyStep<P extends { frame: Frame }>(load: () => Promise<ComponentType<P>>): LazyStep<P> {
  let loaded: ComponentType<P> | null = null
  const fetch = async () => (loaded = await load())

  function Lazy(props: P) {
    const [Step, setStep] = useState<ComponentType<P> | null>(() => loaded)
    const [failed, setFailed] = useState(false)
    const { common } = useTexts()

    useEffect(() => {
      if (Step || failed) return
      let here = true
      fetch().then(
        (step) => here && setStep(() => step),
        () => here && setFailed(true),
      )
      return () => {
        here = false
      }
    }, [Step, failed])

    if (Step) return <Step {...props} />
    return (
      <Card
        frame={props.frame}
        step="loading"
        title={common.loading}
        error={failed && common.chunkFailed}
        links={
          failed && (
            <LinkButton frame={props.frame} onClick={() => setFailed(false)}>
              {common.tryAgain}
            </LinkButton>
          )
        }
      />
    )
  }

  return Object.assign(Lazy, {
    async preload() {
      await fetch().catch(() => undefined)
    },
  })
}
