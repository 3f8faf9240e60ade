import { clearTimer, setTimer, update, type Draft } from './draft.ts'
import { isSpeakable } from './segments.ts'
import { OPENING_WAIT_MS } from './settings.ts'
import { say, saySound } from './speaking.ts'
import { isTakenOver, isUserTalking, type Saying } from './state.ts'

/** The first user is there: a sound if one is configured (`PreConnectAudioUrl`), then the greeting. */
export function open(draft: Draft): void {
  const { settings, opening } = draft.state
  if (isTakenOver(draft.state)) return
  if (settings.hasOpeningSound && opening === undefined) {
    update(draft, { opening: 'awaited' })
    setTimer(draft, 'opening', draft.nowMs + OPENING_WAIT_MS)
    return
  }
  playOpening(draft)
}

/** The sound before the greeting can be played, or (without an id) could not be had. */
export function onOpeningSound(
  draft: Draft,
  sound: { readonly soundId?: string; readonly text: string },
): void {
  const { opening, hasBegun } = draft.state
  const { soundId, text } = sound
  const known = soundId === undefined ? {} : { sound: { soundId, text } }
  if (opening === 'awaited') {
    clearTimer(draft, 'opening')
    update(draft, { opening: known })
    playOpening(draft)
  } else if (!hasBegun) update(draft, { opening: known })
}

/** It has been waited for long enough: without it, then. */
export function onOpeningTimer(draft: Draft): void {
  update(draft, { opening: {} })
  playOpening(draft)
}

function playOpening(draft: Draft): void {
  const { opening, settings, speech } = draft.state
  const sound = typeof opening === 'object' ? opening.sound : undefined
  if (sound !== undefined && speech === undefined) {
    if (isUserTalking(draft.state)) sayLater(draft, { ...sound, kind: 'speech' })
    else saySound(draft, sound)
  }
  if (settings.greetingDelayMs > 0)
    setTimer(draft, 'greeting', draft.nowMs + settings.greetingDelayMs)
  else greet(draft)
}

/** Says the greeting, after the opening sound and what the user is saying, and takes up what was asked before. */
export function greet(draft: Draft): void {
  const { settings, speech } = draft.state
  update(draft, { pendingQuery: settings.wakeUpQuery })
  if (!isSpeakable(settings.greeting)) return
  const isSound = speech?.segments.some(({ soundId }) => soundId !== undefined) === true
  const isLater = isSound || (speech === undefined && isUserTalking(draft.state))
  if (isLater) sayLater(draft, { text: settings.greeting, kind: 'greeting' })
  else if (speech === undefined) say(draft, settings.greeting, 'greeting')
}

/** Before all that others want said, but after the opening's own sound. */
function sayLater(draft: Draft, saying: Saying): void {
  const { toSay, opening } = draft.state
  const soundId = typeof opening === 'object' ? opening.sound?.soundId : undefined
  const isOpening = (one: Saying): boolean => soundId !== undefined && one.soundId === soundId
  const others = toSay.filter((one) => !isOpening(one))
  update(draft, { toSay: [...toSay.filter(isOpening), saying, ...others] })
}
