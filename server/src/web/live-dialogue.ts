import type { CallRecord } from '../ports/call-record.ts'
import type { LiveCall, LiveCalls } from '../ports/live-calls.ts'
import type { Store } from '../ports/store.ts'
import { renderCallLog, renderDecision, renderSentence, renderTurn } from './call-log.ts'
import { written } from './live-list.ts'
import { eventText, type LiveSource, type LiveStream } from './live-stream.ts'

export interface LiveDialogueDeps {
  readonly live: LiveCalls
  readonly store: Pick<Store, 'getCall' | 'getTrace'>
}

/**
 * Events of one running call: `state` (as in the list), `log` (the call log as it is, without the trace; again when its
 * times count from elsewhere), `more` (what is new of it; the same number again replaces what was there), `end`.
 */
export function liveDialogue(
  instanceId: string,
  { live, store }: LiveDialogueDeps,
  stream: LiveStream,
): LiveSource {
  let state: LiveCall | undefined = live
    .running()
    .find(({ spec }) => spec.instanceId === instanceId)
  let records: CallRecord[] = []
  /** When times count from; `undefined`: all is to be told (again). */
  let startMs: number | undefined
  let hasEnded = state === undefined
  const end = (): void => {
    hasEnded = true
    stream.end()
  }
  const unwatch = live.watch({
    onCall: (call) => {
      if (call.spec.instanceId !== instanceId) return
      state = call
      stream.tell()
    },
    onRecords: (id, more) => {
      if (id !== instanceId) return
      if (more.some(({ type }) => type === 'executing')) startMs = undefined
      records.push(...more)
      stream.tell()
    },
    onEnd: (id) => {
      if (id === instanceId) end()
    },
  })
  const log = async (): Promise<string> => {
    const [call, { decisions }] = await Promise.all([
      store.getCall(instanceId),
      store.getTrace(instanceId),
    ])
    if (call === undefined) return ''
    startMs = call.instance.executingMs ?? call.instance.createdMs
    return eventText('log', renderCallLog(call, decisions))
  }
  if (hasEnded) stream.end()
  return {
    async collect() {
      const told = state === undefined ? '' : eventText('state', written(state))
      const added = records
      state = undefined
      records = []
      // What comes while the log is read is told afterwards; it may be in it already.
      const said = startMs === undefined ? await log() : more(added, startMs)
      return told + said + (hasEnded ? eventText('end', {}) : '')
    },
    close: unwatch,
  }
}

function more(records: readonly CallRecord[], startMs: number): string {
  const sentences = new Map<number, ReturnType<typeof renderSentence>>()
  const turns = new Map<number, ReturnType<typeof renderTurn>>()
  const decisions: ReturnType<typeof renderDecision>[] = []
  for (const record of records) {
    if (record.type === 'sentence') {
      sentences.set(record.sentence.entryId, renderSentence(record.sentence, startMs))
    } else if (record.type === 'turn') {
      turns.set(record.turn.turnId, renderTurn(record.turn, startMs))
    } else if (record.type === 'decision') decisions.push(renderDecision(record.decision, startMs))
  }
  if (sentences.size + turns.size + decisions.length === 0) return ''
  const lines = [...sentences.values()]
  return eventText('more', {
    dialog: lines.map(({ entry }) => entry),
    sentences: lines.map(({ extras }) => extras),
    turns: [...turns.values()],
    decisions,
  })
}
