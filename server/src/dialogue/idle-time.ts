import { clearTimer, setTimer, update, type Draft } from './draft.ts'
import type { DialogueSettings } from './settings.ts'
import { isTakenOver } from './state.ts'

/** User and agent have to do with each other: idle time begins anew. */
export function touch(draft: Draft): void {
  const { idle } = draft.state
  if (idle.sinceMs !== undefined) clearTimer(draft, 'idle')
  if (idle.isWaiting) clearTimer(draft, 'user-idle')
  update(draft, { idle: { spentMs: 0, prompts: 0, isWaiting: false } })
}

/**
 * Starts and stops the two clocks of an idle call after every event. The one of `MaxIdleTime` stands still
 * while somebody is busy and goes on where it stood: prompts do not reset it, only the user does. The one of
 * `UserIdle` starts anew with every silence.
 */
export function keepIdleTime(draft: Draft): void {
  const { phase, users, hasBegun, speech, leaving } = draft.state
  const isFree = speech === undefined && !leaving && !isTakenOver(draft.state)
  const isQuiet = phase === 'listening' && hasBegun && users.length > 0 && isFree
  keepMaxIdle(draft, isQuiet)
  keepUserIdle(draft, isQuiet)
}

function keepMaxIdle(draft: Draft, isQuiet: boolean): void {
  const { idle, settings } = draft.state
  if (isQuiet && idle.sinceMs === undefined && settings.maxIdleMs !== undefined) {
    update(draft, { idle: { ...idle, sinceMs: draft.nowMs } })
    setTimer(draft, 'idle', draft.nowMs + Math.max(0, settings.maxIdleMs - idle.spentMs))
  } else if (!isQuiet && idle.sinceMs !== undefined) {
    const spentMs = idle.spentMs + draft.nowMs - idle.sinceMs
    update(draft, { idle: { ...idle, spentMs, sinceMs: undefined } })
    clearTimer(draft, 'idle')
  }
}

function keepUserIdle(draft: Draft, isQuiet: boolean): void {
  const { idle, settings, sentence, isSpeechOn, earMode } = draft.state
  const { userIdle } = settings
  const waits = isQuiet && !isSpeechOn && sentence === undefined && earMode !== 'open'
  if (waits && !idle.isWaiting && userIdle !== undefined) {
    update(draft, { idle: { ...idle, isWaiting: true } })
    setTimer(draft, 'user-idle', draft.nowMs + userIdle.waitMs)
  } else if (!waits && idle.isWaiting) {
    update(draft, { idle: { ...idle, isWaiting: false } })
    clearTimer(draft, 'user-idle')
  }
}

/** Other times are to hold: what has been waited counts for `MaxIdleTime`, and the wait of `UserIdle` starts anew. */
export function stopChangedClocks(draft: Draft, settings: DialogueSettings): void {
  const { idle, settings: before } = draft.state
  if (settings.maxIdleMs !== before.maxIdleMs) keepMaxIdle(draft, false)
  const isSame = JSON.stringify(settings.userIdle) === JSON.stringify(before.userIdle)
  if (isSame || !idle.isWaiting) return
  update(draft, { idle: { ...draft.state.idle, isWaiting: false } })
  clearTimer(draft, 'user-idle')
}
