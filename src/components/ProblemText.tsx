'use client'
import { useMemo } from 'react'
import type { Problem } from '../core/flow.js'
import { useAuth } from '../hooks/context.js'
import { duration, plural, useTexts } from '../hooks/texts.js'

/** A problem in words. The wait is told once, as it was: a line that is read out must not count. */
export function ProblemText({ problem }: { problem: Problem }) {
  const { clock } = useAuth().client
  const { errors, waitFor, attemptsLeft, locale } = useTexts()
  const wait = useMemo(() => (problem.retryAt === undefined ? 0 : problem.retryAt - clock.now()), [problem, clock])
  return [
    errors[problem.code],
    wait > 0 && waitFor.replace('{wait}', duration(wait, locale)),
    problem.attemptsLeft !== undefined && plural(attemptsLeft, problem.attemptsLeft, locale),
  ]
    .filter(Boolean)
    .join(' ')
}
