import type { AgentState, ConnectionStatus, MicrophoneDevice, SubtitleLine } from 'antiphon-client'
import type { Agent } from './calls.ts'
import type { Problem } from './problems.ts'

/** Something that stands between the lines of what was said. */
export interface Note {
  readonly kind: 'custom' | 'human'
  /** Of a custom message. */
  readonly text: string
  /** `lineKey` of the line that it follows; `''` before the first. */
  readonly afterKey: string
}

/** All that the page shows, except loudness, which changes too often. */
export interface View {
  readonly screen: 'loading' | 'signed-out' | 'unreachable' | 'ready' | 'starting' | 'calling'
  readonly agents: readonly Agent[]
  readonly agentId: string
  readonly isMicrophoneOpen: boolean
  readonly microphones: readonly MicrophoneDevice[]
  readonly microphoneId: string
  readonly problem: Problem | undefined
  readonly connection: ConnectionStatus
  readonly agentState: AgentState
  readonly lines: readonly SubtitleLine[]
  readonly notes: readonly Note[]
  /** A human is about to take the agent's place, or has. */
  readonly takeover: 'none' | 'coming' | 'here'
  /** From this sentence on the human speaks in the agent's place. */
  readonly humanFromSentenceId: number
  readonly isMuted: boolean
  readonly isPushToTalk: boolean
  readonly isTalking: boolean
  readonly isLeaving: boolean
  readonly isPlaybackBlocked: boolean
  readonly beganAtMs: number
  /** Of the last call; undefined before the first one has ended. */
  readonly durationMs: number | undefined
}

export type ViewEvent =
  | { readonly type: 'load-start' }
  | { readonly type: 'sign-out' }
  | { readonly type: 'load-fail'; readonly problem: Problem }
  | { readonly type: 'load-end'; readonly agents: readonly Agent[]; readonly agentId: string }
  | { readonly type: 'agent-choose'; readonly agentId: string }
  | { readonly type: 'microphone-change'; readonly isOpen: boolean }
  | { readonly type: 'problem-change'; readonly problem: Problem | undefined }
  | { readonly type: 'call-start' }
  | { readonly type: 'call-fail'; readonly problem: Problem | undefined }
  | { readonly type: 'call-begin'; readonly atMs: number }
  | {
      readonly type: 'call-end'
      readonly durationMs: number
      readonly problem: Problem | undefined
    }
  | { readonly type: 'connection-change'; readonly status: ConnectionStatus }
  | { readonly type: 'state-change'; readonly state: AgentState }
  | { readonly type: 'lines-change'; readonly lines: readonly SubtitleLine[] }
  | { readonly type: 'takeover-start' }
  | { readonly type: 'takeover-connect' }
  | { readonly type: 'custom-message'; readonly text: string }
  | { readonly type: 'microphones-change'; readonly microphones: readonly MicrophoneDevice[] }
  | { readonly type: 'microphone-choose'; readonly deviceId: string }
  | { readonly type: 'mute-change'; readonly isMuted: boolean }
  | { readonly type: 'push-to-talk-change'; readonly isOn: boolean }
  | { readonly type: 'talk-change'; readonly isTalking: boolean }
  | { readonly type: 'leave-start' }
  | { readonly type: 'playback-change'; readonly isBlocked: boolean }

/** What a call starts from. */
const NEW_CALL = {
  connection: 'idle',
  // The vendor's clients assume so too until the agent says otherwise.
  agentState: 'listening',
  lines: [],
  notes: [],
  takeover: 'none',
  humanFromSentenceId: Number.POSITIVE_INFINITY,
  isMuted: false,
  isPushToTalk: false,
  isTalking: false,
  isLeaving: false,
  isPlaybackBlocked: false,
  beganAtMs: 0,
} as const

export const FIRST_VIEW: View = {
  ...NEW_CALL,
  screen: 'loading',
  agents: [],
  agentId: '',
  isMicrophoneOpen: false,
  microphones: [],
  microphoneId: '',
  problem: undefined,
  durationMs: undefined,
}

export function reduce(view: View, event: ViewEvent): View {
  switch (event.type) {
    case 'load-start':
      return { ...view, screen: 'loading', problem: undefined }
    case 'sign-out':
      return { ...view, screen: 'signed-out', problem: undefined }
    case 'load-fail':
      return { ...view, screen: 'unreachable', problem: event.problem }
    case 'load-end':
      return { ...view, screen: 'ready', agents: event.agents, agentId: event.agentId }
    case 'agent-choose':
      return { ...view, agentId: event.agentId }
    case 'microphone-change':
      return { ...view, isMicrophoneOpen: event.isOpen }
    case 'problem-change':
      return { ...view, problem: event.problem }
    case 'call-start':
      return { ...view, ...NEW_CALL, screen: 'starting', problem: undefined }
    case 'call-fail':
      return { ...view, screen: 'ready', problem: event.problem, durationMs: undefined }
    case 'call-begin':
      return { ...view, screen: 'calling', beganAtMs: event.atMs }
    case 'call-end':
      return { ...view, screen: 'ready', durationMs: event.durationMs, problem: event.problem }
    case 'connection-change':
      return { ...view, connection: event.status }
    case 'state-change':
      // An agent that thinks or speaks again has waited in vain for the human.
      return {
        ...view,
        agentState: event.state,
        ...(view.takeover === 'coming' && event.state !== 'listening' && { takeover: 'none' }),
      }
    case 'lines-change':
      return { ...view, lines: event.lines }
    case 'takeover-start':
      return { ...view, takeover: 'coming' }
    case 'takeover-connect':
      return {
        ...withNote(view, 'human'),
        takeover: 'here',
        humanFromSentenceId: 1 + Math.max(0, ...view.lines.map(({ sentenceId }) => sentenceId)),
      }
    case 'custom-message':
      return withNote(view, 'custom', event.text)
    case 'microphones-change':
      return { ...view, microphones: event.microphones }
    case 'microphone-choose':
      return { ...view, microphoneId: event.deviceId }
    case 'mute-change':
      return { ...view, isMuted: event.isMuted }
    case 'push-to-talk-change':
      return { ...view, isPushToTalk: event.isOn, isTalking: false }
    case 'talk-change':
      return { ...view, isTalking: event.isTalking }
    case 'leave-start':
      return { ...view, isLeaving: true }
    case 'playback-change':
      return { ...view, isPlaybackBlocked: event.isBlocked }
  }
}

export const lineKey = ({ speaker, sentenceId }: SubtitleLine): string => `${speaker} ${sentenceId}`

const withNote = (view: View, kind: Note['kind'], text = ''): View => {
  const last = view.lines.at(-1)
  const afterKey = last === undefined ? '' : lineKey(last)
  return { ...view, notes: [...view.notes, { kind, text, afterKey }].slice(-NOTE_LIMIT) }
}

/** Notes kept; past it the oldest go. */
const NOTE_LIMIT = 100

/** The agent to offer: the one chosen last time if it is still there, else the first. */
export function preferredAgentId(agents: readonly Agent[], lastAgentId: string | null): string {
  const last = agents.find(({ agentId }) => agentId === lastAgentId)
  return (last ?? agents[0])?.agentId ?? ''
}

/** `65_000` → `1:05`; from an hour on `1:00:05`. */
export function durationText(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000))
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  if (parts[0] === 0) parts.shift()
  return parts
    .map((part, index) => (index === 0 ? `${part}` : `${part}`.padStart(2, '0')))
    .join(':')
}
