import type { CallEndCause, CallErrorCode, LeaveReason } from 'antiphon-client'
import type { ApiFailure } from '../base/api.ts'

/** Something that the user should know, and what can be done about it. */
export interface Problem {
  readonly title: string
  readonly text: string
  readonly tone: 'error' | 'note'
}

const error = (title: string, text: string): Problem => ({ title, text, tone: 'error' })
const note = (title: string, text: string): Problem => ({ title, text, tone: 'note' })

const SERVER_GONE = error(
  'The server does not answer',
  'It may have been stopped, or the network is down. Check that it is running, then try again.',
)
const UNAVAILABLE = error(
  'The server cannot take a call right now',
  'All lines are busy, or it is still starting. Try again in a moment.',
)

/** Undefined is what the user did on purpose. */
const CALL_PROBLEMS: Readonly<Record<CallErrorCode, Problem | undefined>> = {
  cancelled: undefined,
  'insecure-context': error(
    'This page cannot use the microphone',
    'Browsers give a microphone only to pages on localhost or over https. Open the page on the machine ' +
      'that runs the server, or set ANTIPHON_TLS_CERT and ANTIPHON_TLS_KEY.',
  ),
  'microphone-refused': error(
    'The microphone is blocked',
    'Allow it for this page, usually by the icon beside the address, then start the call again.',
  ),
  'microphone-missing': error(
    'No microphone was found',
    'Connect one, or switch it on in the settings of your system, then start the call again.',
  ),
  'microphone-busy': error(
    'The microphone cannot be opened',
    'Another program may be using it. Close that program, then start the call again.',
  ),
  'microphone-lost': error(
    'The microphone is gone',
    'It was unplugged or switched off. You can still write, or hang up and call again.',
  ),
  'server-gone': SERVER_GONE,
  unavailable: UNAVAILABLE,
  'token-refused': error(
    'This call may not be joined any more',
    'Its permission has expired. Start a new call.',
  ),
  'channel-gone': note(
    'The call is over',
    'The server has ended it. Start a new one when you like.',
  ),
  'media-blocked': error(
    'Sound cannot reach the server',
    'The server answers, but no media comes through. A firewall or VPN may block UDP between here and it.',
  ),
  refused: error(
    'The server refused the call',
    'Its log says why. If the page is old, reload it and try again.',
  ),
  'agent-failed': error('The agent has a problem', 'It may not hear you or answer for a while.'),
}

const LEAVE_PROBLEMS: Readonly<Record<LeaveReason, Problem>> = {
  idle: note('The agent hung up', 'Nobody had said anything for a while.'),
  takeoverEnded: note('The conversation is over', 'The person who took over has left.'),
  // The agent itself, a program, or a server that is being stopped.
  other: note('The call was ended', 'Call again whenever you like.'),
}

export function callProblem(code: CallErrorCode, reason = ''): Problem | undefined {
  const problem = CALL_PROBLEMS[code]
  const isForUser = code === 'refused' || code === 'agent-failed'
  if (problem === undefined || !isForUser || reason === '') return problem
  return { ...problem, text: `${problem.text} (${reason})` }
}

/** Why a call is over, when it was not the user who ended it. */
export function endProblem(cause: CallEndCause, leaveReason?: LeaveReason): Problem | undefined {
  switch (cause) {
    case 'hang-up':
      return undefined
    case 'agent-left':
      return LEAVE_PROBLEMS[leaveReason ?? 'other']
    case 'closed-by-server':
      return note(
        'The call was ended',
        'It was stopped at the server, or joined from another page.',
      )
    case 'server-gone':
      return error(
        'The connection was lost',
        'The server could not be reached for a while, so the call is over.',
      )
    case 'channel-gone':
    case 'token-refused':
      return CALL_PROBLEMS[cause]
  }
}

export function apiProblem(failure: Exclude<ApiFailure, { type: 'signed-out' }>): Problem {
  switch (failure.type) {
    case 'server-gone':
      return SERVER_GONE
    case 'unavailable':
      return UNAVAILABLE
    case 'refused':
      return error('The server refused the request', failure.message)
  }
}
