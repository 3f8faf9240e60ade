import { onBackchannelTimer } from './backchannel.ts'
import { interrupt, INTERRUPTED_BY, onBargeInTimer, release } from './barge-in.ts'
import { act, update, type Draft } from './draft.ts'
import type { Action, DialogueEvent, Timer } from './events.ts'
import * as listening from './listening.ts'
import * as presence from './presence.ts'
import { onFillerTimer, onReply } from './replying.ts'
import { onOutputTimer, onSegmentEnd, onSegmentStart, onSpeechCancelled } from './speaking.ts'
import type { DialogueState } from './state.ts'

export interface Step {
  readonly state: DialogueState
  readonly actions: readonly Action[]
}

/**
 * The whole engine: what happened in, what to do out. The same events always give the same actions, so any
 * call can be played again. Nothing happens after `end`.
 */
export function step(state: DialogueState, event: DialogueEvent): Step {
  if (state.isOver) return { state, actions: [] }
  const draft: Draft = { state, actions: [], nowMs: event.atMs }
  if (state.leaving === undefined || !FROM_THE_USER.has(event.type)) react(draft, event)
  presence.settle(draft)
  return { state: draft.state, actions: draft.actions }
}

/** On its way out the agent listens to nobody. */
const FROM_THE_USER: ReadonlySet<DialogueEvent['type']> = new Set([
  'speech-start',
  'speech-end',
  'transcript-partial',
  'transcript-final',
  'text-input',
  'agent-speech',
  'talk-start',
  'talk-finish',
  'talk-cancel',
  'interrupt',
])

function react(draft: Draft, event: DialogueEvent): void {
  switch (event.type) {
    case 'agent-ready':
      return presence.onAgentReady(draft)
    case 'user-join':
      return presence.onUserJoin(draft, event.userId)
    case 'user-leave':
      return presence.onUserLeave(draft, event.userId)
    case 'speech-start':
      if (draft.state.earMode === 'vad') listening.onSpeechStart(draft, event.onsetMs)
      return
    case 'speech-end':
      if (draft.state.earMode === 'vad') listening.onSpeechEnd(draft, event.endMs)
      return
    case 'transcript-partial':
      return listening.onPartial(draft, event.text)
    case 'transcript-final':
      return listening.onFinal(draft, event.text, event.flushId)
    case 'reply-delta':
    case 'reply-tool-call':
    case 'reply-end':
    case 'reply-error':
      return onReply(draft, event)
    case 'segment-start':
      return onSegmentStart(draft, event.segmentId)
    case 'segment-end':
      return onSegmentEnd(draft, event.segmentId)
    case 'speech-cancelled':
      return onSpeechCancelled(draft, event)
    case 'timer-fire':
      return onTimer(draft, event.timer, event.chance)
    case 'interrupt':
      if (draft.state.speech !== undefined) interrupt(draft, INTERRUPTED_BY.command)
      return
    case 'agent-speech':
      return presence.onAgentSpeech(draft, event)
    case 'text-input':
      return presence.onTextInput(draft, event)
    case 'talk-start':
      if (draft.state.settings.isPushToTalk && draft.state.speech !== undefined) {
        interrupt(draft, INTERRUPTED_BY.voice)
      }
      return listening.onTalk(draft, event)
    case 'talk-finish':
    case 'talk-cancel':
      return listening.onTalk(draft, event)
    case 'talk-switch':
      return listening.switchPushToTalk(draft, event.isEnabled)
    case 'state-query':
      return act(draft, { type: 'tell-phase', phase: draft.state.phase })
    case 'settings-change':
      return changeSettings(draft, event.settings)
    case 'stop':
      return presence.onStop(draft, event.reason)
  }
}

function changeSettings(draft: Draft, settings: DialogueState['settings']): void {
  const { isPushToTalk } = draft.state.settings
  update(draft, { settings: { ...settings, isPushToTalk } })
  if (settings.isPushToTalk !== isPushToTalk) {
    listening.switchPushToTalk(draft, settings.isPushToTalk)
  }
}

function onTimer(draft: Draft, timer: Timer, chance: number): void {
  switch (timer) {
    case 'endpoint':
      return listening.onEndpoint(draft)
    case 'more-speech':
      return listening.onMoreSpeechTimer(draft)
    case 'final-wait':
      return listening.onFinalWait(draft)
    case 'barge-in':
      return onBargeInTimer(draft)
    case 'false-barge-in':
      return release(draft)
    case 'greeting':
      return presence.greet(draft)
    case 'user-online':
      return presence.leave(draft, 'user-never-came')
    case 'user-offline':
      return presence.onUserOffline(draft)
    case 'idle':
      return presence.onStop(draft, 'idle')
    case 'user-idle':
      return presence.onUserIdle(draft, chance)
    case 'backchannel':
      return onBackchannelTimer(draft, chance)
    case 'filler':
      return onFillerTimer(draft, chance)
    case 'output':
      return onOutputTimer(draft)
    case 'farewell':
      return presence.onFarewellTimer(draft)
  }
}
