import type { CallEndCause, CallErrorCode, LeaveReason } from 'antiphon-client'
import type { ApiFailure } from '../base/api.ts'
import type { PROBLEM_TITLES } from './problem-words.ts'

export type ProblemName = keyof (typeof PROBLEM_TITLES)['en']

/** Something that the user should know; what is said about it stands in `problem-words.ts`. */
export interface Problem {
  readonly name: ProblemName
  /** What the server or the agent said of it, for whoever can make something of it. */
  readonly reason: string
}

/** Nothing went wrong: these are told, not complained of. */
const NOTES: ReadonlySet<ProblemName> = new Set<ProblemName>([
  'channel-gone',
  'idle',
  'takeover-ended',
  'agent-left',
  'closed-by-server',
])

export const isError = ({ name }: Problem): boolean => !NOTES.has(name)

const problem = (name: ProblemName, reason = ''): Problem => ({ name, reason })

/** Undefined is what the user did on purpose. */
export function callProblem(code: CallErrorCode, reason = ''): Problem | undefined {
  if (code === 'cancelled') return undefined
  // Of the others the text says it all.
  return problem(code, code === 'refused' || code === 'agent-failed' ? reason : '')
}

const LEAVE_PROBLEMS = {
  idle: 'idle',
  takeoverEnded: 'takeover-ended',
  // The agent itself, a program, or a server that is being stopped.
  other: 'agent-left',
} as const satisfies Readonly<Record<LeaveReason, ProblemName>>

/** Why a call is over, when it was not the user who ended it. */
export function endProblem(
  cause: CallEndCause,
  leaveReason: LeaveReason = 'other',
): Problem | undefined {
  switch (cause) {
    case 'hang-up':
      return undefined
    case 'agent-left':
      return problem(LEAVE_PROBLEMS[leaveReason])
    case 'server-gone':
      return problem('connection-lost')
    case 'closed-by-server':
    case 'channel-gone':
    case 'token-refused':
      return problem(cause)
  }
}

export function apiProblem(failure: Exclude<ApiFailure, { type: 'signed-out' }>): Problem {
  if (failure.type === 'refused') return problem('request-refused', failure.message)
  return problem(failure.type)
}
