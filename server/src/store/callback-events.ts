import type { CallEndReason, CallRecord, Sentence } from '../ports/call-record.ts'
import { CallbackCode, type CallbackEvent } from '../schema/callback-event.ts'

/** Why a call ended, as `agent_stop` says it. */
const ENDS: Readonly<Record<CallEndReason, readonly [code: number, message: string]>> = {
  stopped: [CallbackCode.stopped, 'The call was stopped by the API.'],
  'client-stop': [CallbackCode.clientStop, 'The call was stopped by the client.'],
  'user-never-came': [CallbackCode.userNeverCame, 'No user came.'],
  'user-left': [CallbackCode.userLeft, 'The user left and did not come back.'],
  idle: [CallbackCode.idle, 'Nobody said anything for too long.'],
  'hangup-function': [CallbackCode.hangupFunction, 'The agent hung up.'],
  'takeover-ended': [CallbackCode.takeoverEnded, 'The human who had taken over left.'],
  shutdown: [CallbackCode.internal, 'The server was stopped.'],
  lost: [CallbackCode.internal, 'The server was restarted and nobody came back.'],
  error: [CallbackCode.internal, 'An error ended the call.'],
}

/** Whether a sentence has just been completed, `before` being what the store knew of it. */
export const isCompletion = (
  sentence: Pick<Sentence, 'isFinal' | 'text'>,
  before: Pick<Sentence, 'isFinal' | 'text'> | undefined,
): boolean =>
  sentence.isFinal &&
  sentence.text !== '' &&
  !(before?.isFinal === true && before.text === sentence.text)

/** What is told of a sentence that is complete. Its time is when it began, as in the call log. */
export function chatRecord(
  sentence: Pick<Sentence, 'role' | 'text' | 'turnId' | 'beginMs'>,
): CallbackEvent {
  const { role, text, turnId, beginMs } = sentence
  return {
    name: 'chat_record',
    code: CallbackCode.normal,
    message: 'A sentence is complete.',
    atMs: beginMs,
    data: { role, text, sentence_id: turnId },
  }
}

/** What is told of a record that says something new (`isCompletion` tells of sentences whether they do). */
export function eventOf(record: CallRecord): CallbackEvent | undefined {
  switch (record.type) {
    case 'ready': {
      const { atMs } = record
      return lifeEvent('agent_start', CallbackCode.agentStarted, 'The agent has started.', atMs)
    }
    case 'executing': {
      const { atMs } = record
      return lifeEvent('session_start', CallbackCode.sessionStarted, 'The user is there.', atMs)
    }
    case 'sentence':
      return chatRecord(record.sentence)
    case 'takeover': {
      const { atMs, takeover } = record
      if (takeover.phase !== 'given-up') return undefined
      const message = 'The human did not come in time; the agent goes on.'
      return lifeEvent('error', CallbackCode.internal, message, atMs)
    }
    case 'event':
      return record.event
    case 'finished': {
      const [code, message] = ENDS[record.reason]
      const event = lifeEvent('agent_stop', code, message, record.atMs)
      return { ...event, extendData: { reason: record.reason } }
    }
    case 'settings':
    case 'provider-failure':
    case 'turn':
    case 'decision':
    case 'trace':
      return undefined
  }
}

const lifeEvent = (
  name: CallbackEvent['name'],
  code: number,
  message: string,
  atMs: number,
): CallbackEvent => ({ name, code, message, atMs })
