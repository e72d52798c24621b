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
    const [failure, setFailure] = useState<'none' | 'told' | 'retrying'>('none')
    const { common } = useTexts()

    useEffect(() => {
      if (Step || failure === 'told') return
      let here = true
      fetch().then(
        (step) => here && setStep(() => step),
        () => here && setFailure('told'),
      )
      return () => {
        here = false
      }
    }, [Step, failure])

    if (Step) return <Step {...props} />
    return (
      <Card
        frame={props.frame}
        step="loading"
        title={common.loading}
        error={failure === 'told' && common.chunkFailed}
        pending={failure === 'retrying'}
        links={
          failure !== 'none' && (
            <LinkButton frame={props.frame} pending={failure === 'retrying'} onClick={() => setFailure('retrying')}>
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
