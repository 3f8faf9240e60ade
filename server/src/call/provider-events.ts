import type { DialogueEvent, HeardEvent } from '../dialogue/events.ts'
import type { PlayoutEvents } from '../media/playout-queue.ts'
import type { ProviderError } from '../ports/provider-error.ts'
import type { ListeningEvents } from './listening.ts'
import type { ThinkingEvents } from './thinking.ts'

/** Hands the engine an event that happens now. */
export type Now = (event: (atMs: number) => DialogueEvent) => void

/** Hands the engine what is heard now. */
export type Hear = (event: (atMs: number) => HeardEvent) => void

/** What comes of somebody's sound, as events of the engine. */
export const listeningEvents = (
  now: Hear,
  onBroken: ListeningEvents['onBroken'],
): ListeningEvents => ({
  onSpeechStart: (onsetMs) => now((atMs) => ({ type: 'speech-start', atMs, onsetMs })),
  onSpeechEnd: (endMs) => now((atMs) => ({ type: 'speech-end', atMs, endMs })),
  onPartial: (text) => now((atMs) => ({ type: 'transcript-partial', atMs, text })),
  onFinal: (text, flushId) => now((atMs) => ({ type: 'transcript-final', atMs, text, flushId })),
  onBroken,
})

/** What comes of the model, as events of the engine. */
export const thinkingEvents = (
  now: Now,
  onFault: (error: ProviderError) => void,
): ThinkingEvents => ({
  onDelta: (replyId, text) => now((atMs) => ({ type: 'reply-delta', atMs, replyId, text })),
  onThinking: (replyId) => now((atMs) => ({ type: 'reply-thinking', atMs, replyId })),
  onToolCall: (replyId, { name, arguments: given }) =>
    now((atMs) => ({ type: 'reply-tool-call', atMs, replyId, name, arguments: given })),
  onEnd: (replyId) => now((atMs) => ({ type: 'reply-end', atMs, replyId })),
  onError: (replyId, error) => {
    onFault(error)
    now((atMs) => ({ type: 'reply-error', atMs, replyId, isRetryable: error.isRetryable }))
  },
})

/** What goes out, as events of the engine. */
export const playoutEvents = (now: Now): PlayoutEvents => ({
  onSegmentStart: (segmentId) => now((atMs) => ({ type: 'segment-start', atMs, segmentId })),
  onSegmentEnd: (segmentId) => now((atMs) => ({ type: 'segment-end', atMs, segmentId })),
})
