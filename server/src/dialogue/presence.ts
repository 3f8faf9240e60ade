import { interrupt, INTERRUPTED_BY, playoutLevelAtRest, settleSuspicion } from './barge-in.ts'
import {
  act,
  clearTimer,
  enter,
  explain,
  setPlayoutLevel,
  setTimer,
  update,
  type Draft,
} from './draft.ts'
import type { DialogueEvent, EndReason } from './events.ts'
import { keepIdleTime, touch } from './idle-time.ts'
import { finishPress, takeText } from './listening.ts'
import { isSpeakable } from './segments.ts'
import { open } from './opening.ts'
import { FAREWELL_LIMIT_MS, pickText } from './settings.ts'
import { startReply } from './replying.ts'
import { cutSpeech, say, saySound } from './speaking.ts'
import { settleSpeculation } from './speculation.ts'
import { keepStallTime } from './stall.ts'
import { isTakenOver, isUserTalking } from './state.ts'
import {
  isHuman,
  onHumanJoin,
  onHumanLeave,
  onTakenOverReady,
  settleTakeover,
  tellTakeover,
} from './takeover.ts'

/** `LeaveReason` of the wire, and words for the client's developer. */
const LEAVE: Readonly<Record<EndReason, { readonly reason: number; readonly message: string }>> = {
  stopped: { reason: 0, message: 'stopped by API' },
  'client-stop': { reason: 0, message: 'stopped by the client' },
  'user-never-came': { reason: 0, message: 'nobody joined' },
  'user-left': { reason: 0, message: 'the user left' },
  idle: { reason: 2001, message: 'idle for too long' },
  'hangup-function': { reason: 0, message: 'the agent hung up' },
  'takeover-ended': { reason: 2002, message: 'the human who had taken over has left' },
  shutdown: { reason: 0, message: 'the server is shutting down' },
  lost: { reason: 0, message: 'the server was restarted' },
  error: { reason: 0, message: 'an error ended the call' },
}

/** The agent waits for its user: one who has never come, or one who has to come back. */
export function onAgentReady(draft: Draft): void {
  const { hasBegun, settings } = draft.state
  onTakenOverReady(draft)
  if (hasBegun) setTimer(draft, 'user-offline', draft.nowMs + settings.userOfflineTimeoutMs)
  else setTimer(draft, 'user-online', draft.nowMs + settings.userOnlineTimeoutMs)
}

export function onUserJoin(draft: Draft, userId: string): void {
  if (isHuman(draft.state, userId)) return onHumanJoin(draft)
  const { users, hasBegun, settings, phase } = draft.state
  clearTimer(draft, 'user-online')
  clearTimer(draft, 'user-offline')
  update(draft, { lostAtMs: undefined, ...(users.length === 0 ? { backMs: draft.nowMs } : {}) })
  if (!users.includes(userId)) update(draft, { users: [...users, userId] })
  act(draft, { type: 'tell-phase', phase })
  if (settings.isPushToTalk) act(draft, { type: 'tell-push-to-talk', isEnabled: true })
  tellTakeover(draft, userId)
  if (hasBegun) {
    setPlayoutLevel(draft, playoutLevelAtRest(draft.state))
    return
  }
  update(draft, { hasBegun: true })
  act(draft, { type: 'note-executing', atMs: draft.nowMs })
  open(draft)
}

export function onUserLeave(draft: Draft, userId: string, isOnPurpose: boolean): void {
  if (isHuman(draft.state, userId)) return onHumanLeave(draft, isOnPurpose)
  const users = draft.state.users.filter((user) => user !== userId)
  update(draft, { users })
  if (users.length > 0) return
  finishPress(draft)
  setPlayoutLevel(draft, playoutLevelAtRest(draft.state))
  setTimer(draft, 'user-offline', draft.nowMs + draft.state.settings.userOfflineTimeoutMs)
}

/** The call is to end: at once, or when the agent has finished what it is saying. */
export function onStop(draft: Draft, reason: EndReason): void {
  const { speech, settings, leaving, users } = draft.state
  if (leaving !== undefined) return
  const isGraceful =
    settings.isGracefulShutdown && speech !== undefined && users.length > 0 && reason !== 'error'
  if (!isGraceful) {
    leave(draft, reason)
    return
  }
  update(draft, { leaving: reason })
  setTimer(draft, 'farewell', draft.nowMs + FAREWELL_LIMIT_MS)
}

/** Nobody has come back in time; a call that was lost ended when it was lost. */
export function onUserOffline(draft: Draft): void {
  leave(draft, draft.state.lostAtMs === undefined ? 'user-left' : 'lost')
}

/** Ends the call at once. */
export function leave(draft: Draft, reason: EndReason): void {
  update(draft, { leaving: reason, waiting: undefined, pendingQuery: '' })
  if (draft.state.speech !== undefined) cutSpeech(draft)
}

/** Speech before the end has taken too long. */
export function onFarewellTimer(draft: Draft): void {
  const { leaving, speech } = draft.state
  if (leaving !== undefined) leave(draft, leaving)
  else if (speech?.hangsUp === true) leave(draft, 'hangup-function')
}

export function onTextInput(
  draft: Draft,
  event: Extract<DialogueEvent, { readonly type: 'text-input' }>,
): void {
  if (event.text.trim() === '') return
  const { speech } = draft.state
  const stops = event.interrupts && speech !== undefined && !isTakenOver(draft.state)
  if (stops) interrupt(draft, INTERRUPTED_BY.query)
  takeText(draft, event.text.trim())
}

/** Says something at once, or when the agent is free; it counts as interaction. */
export function onAgentSpeech(
  draft: Draft,
  event: Extract<DialogueEvent, { readonly type: 'agent-speech' }>,
): void {
  const { text, soundId } = event
  if (soundId === undefined && !isSpeakable(text)) return
  const { speech } = draft.state
  const stops = event.interrupts && speech !== undefined && !isTakenOver(draft.state)
  if (stops) interrupt(draft, INTERRUPTED_BY.speech)
  touch(draft)
  const saying = { text, kind: 'speech' as const, ...(soundId === undefined ? {} : { soundId }) }
  update(draft, { toSay: [...draft.state.toSay, saying] })
}

/** The user has been silent for long: ask whether they are there; in the end, hang up. */
export function onUserIdle(draft: Draft, chance: number): void {
  const { settings, idle } = draft.state
  update(draft, { idle: { ...idle, isWaiting: false } })
  const { userIdle } = settings
  if (userIdle === undefined) return
  if (idle.prompts < userIdle.maxRepeats) {
    update(draft, { idle: { ...draft.state.idle, prompts: idle.prompts + 1 } })
    const text = pickText(userIdle.messages, chance)
    const { waitMs, maxRepeats } = userIdle
    const prompts = idle.prompts + 1
    const words = `the user was silent for ${waitMs} ms: prompt ${prompts} of ${maxRepeats}`
    explain(draft, 'idle-prompt', words, { figures: { waitMs, prompts, maxRepeats } })
    if (isSpeakable(text)) say(draft, text, 'speech')
    return
  }
  if (!isSpeakable(userIdle.farewell)) return leave(draft, 'idle')
  say(draft, userIdle.farewell, 'speech')
  update(draft, { leaving: 'idle' })
  setTimer(draft, 'farewell', draft.nowMs + FAREWELL_LIMIT_MS)
}

/** After every event: what follows from nobody speaking any more. */
export function settle(draft: Draft): void {
  settleTakeover(draft)
  settleSpeculation(draft)
  settleSuspicion(draft)
  const { speech, cut, leaving, hasBegun } = draft.state
  if (cut === undefined && speech === undefined) {
    if (leaving !== undefined) {
      end(draft, leaving)
      return
    }
    if (hasBegun) beginWaiting(draft)
  }
  keepStallTime(draft)
  keepIdleTime(draft)
}

function beginWaiting(draft: Draft): void {
  const { pendingQuery, sentence, users, toSay } = draft.state
  const isFree = !isUserTalking(draft.state) && users.length > 0
  const [next, ...later] = toSay
  if (next !== undefined && isFree) {
    update(draft, { toSay: later })
    const { text, kind, soundId } = next
    if (soundId === undefined) say(draft, text, kind)
    else saySound(draft, { text, soundId })
    return
  }
  if (pendingQuery !== '' && sentence === undefined) {
    update(draft, { pendingQuery: '' })
    takeText(draft, pendingQuery)
  }
  const { waiting } = draft.state
  if (waiting !== undefined && isFree && !isTakenOver(draft.state)) {
    update(draft, { waiting: undefined })
    startReply(draft, waiting)
  } else enter(draft, 'listening')
}

const TIMERS = [
  'endpoint',
  'more-speech',
  'final-wait',
  'barge-in',
  'false-barge-in',
  'greeting',
  'opening',
  'user-online',
  'user-offline',
  'idle',
  'user-idle',
  'filler',
  'first-token',
  'stall',
  'tool-filler',
  'judge',
  'backchannel',
  'output',
  'farewell',
  'takeover',
  'human-endpoint',
] as const

function end(draft: Draft, reason: EndReason): void {
  for (const timer of TIMERS) clearTimer(draft, timer)
  // A filler may be left over, whose answer never came.
  act(draft, { type: 'speech-cancel' })
  update(draft, { isOver: true })
  explain(draft, 'call-end', LEAVE[reason].message)
  const isSomebodyThere = draft.state.users.length > 0 || draft.state.takeover?.phase === 'here'
  if (isSomebodyThere) act(draft, { type: 'tell-leaving', ...LEAVE[reason] })
  act(draft, { type: 'end', atMs: draft.state.lostAtMs ?? draft.nowMs, reason })
}
