import { onBackchannelTimer } from './backchannel.ts'
import { interrupt, INTERRUPTED_BY, onBargeInTimer, onFalseBargeIn } from './barge-in.ts'
import { act, update, type Draft } from './draft.ts'
import type { Action, DialogueEvent, Timer } from './events.ts'
import { stopChangedClocks } from './idle-time.ts'
import * as listening from './listening.ts'
import * as opening from './opening.ts'
import * as presence from './presence.ts'
import { onFillerTimer, onFirstTokenTimer, onReply } from './replying.ts'
import { onOutputTimer, onSegmentEnd, onSegmentStart, onSpeechCancelled } from './speaking.ts'
import { onStallTimer } from './stall.ts'
import { isTakenOver, type DialogueState } from './state.ts'
import { onToolFiller, onToolResult, thinkIfSilent } from './tools.ts'
import { onHumanEndpoint, onHumanHeard, onTakeoverStart, onTakeoverTimer } from './takeover.ts'

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
  'takeover-start',
  'human-heard',
])

function react(draft: Draft, event: DialogueEvent): void {
  switch (event.type) {
    case 'agent-ready':
      return presence.onAgentReady(draft)
    case 'user-join':
      return presence.onUserJoin(draft, event.userId)
    case 'user-leave':
      return presence.onUserLeave(draft, event.userId, event.isOnPurpose ?? false)
    case 'takeover-start':
      return onTakeoverStart(draft, event)
    case 'human-heard':
      return onHumanHeard(draft, event.heard)
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
    case 'reply-thinking':
    case 'reply-end':
    case 'reply-error':
      return onReply(draft, event)
    case 'tool-result':
      return onToolResult(draft, event.toolCallId, event.content)
    case 'turn-judged':
      return listening.onTurnJudged(draft, event.judgeId, event.verdict)
    case 'segment-start':
      return onSegmentStart(draft, event.segmentId)
    case 'segment-end':
      onSegmentEnd(draft, event.segmentId)
      return thinkIfSilent(draft)
    case 'speech-cancelled':
      return onSpeechCancelled(draft, event)
    case 'timer-fire':
      return onTimer(draft, event.timer, event.chance)
    case 'interrupt':
      if (draft.state.speech !== undefined) interrupt(draft, INTERRUPTED_BY.command)
      return
    case 'agent-speech':
      return presence.onAgentSpeech(draft, event)
    case 'opening-sound':
      return opening.onOpeningSound(draft, event)
    case 'text-input':
      return presence.onTextInput(draft, event)
    case 'talk-start': {
      const { settings, speech } = draft.state
      const stops = settings.isPushToTalk && speech !== undefined && !isTakenOver(draft.state)
      if (stops) interrupt(draft, INTERRUPTED_BY.voice)
      return listening.onTalk(draft, event)
    }
    case 'talk-finish':
    case 'talk-cancel':
      return listening.onTalk(draft, event)
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
  stopChangedClocks(draft, settings)
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
      return onFalseBargeIn(draft)
    case 'greeting':
      return opening.greet(draft)
    case 'opening':
      return opening.onOpeningTimer(draft)
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
    case 'judge':
      return listening.onJudgeLate(draft)
    case 'first-token':
      return onFirstTokenTimer(draft)
    case 'stall':
      return onStallTimer(draft)
    case 'tool-filler':
      return onToolFiller(draft)
    case 'filler':
      return onFillerTimer(draft, chance)
    case 'output':
      return onOutputTimer(draft)
    case 'farewell':
      return presence.onFarewellTimer(draft)
    case 'takeover':
      return onTakeoverTimer(draft)
    case 'human-endpoint':
      return onHumanEndpoint(draft)
  }
}
