'use client'
import type { Problem } from '../core/flow.js'
import { useAllTexts } from '../hooks/allTexts.js'
import { ProblemText } from './ProblemText.js'

/** What went wrong with a change of one's factors. */
export function ChangeProblem({ problem }: { problem: Problem }) {
  const { factors } = useAllTexts()
  return problem.code === 'not_confirmed' ? factors.notConfirmed : <ProblemText problem={problem} />
}
