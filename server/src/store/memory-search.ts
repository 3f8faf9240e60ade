import type { Sentence, Turn } from '../ports/call-record.ts'
import type {
  CallCount,
  CallFilter,
  CallPage,
  CallSearch,
  FoundCall,
  SearchStore,
} from '../ports/search-store.ts'
import type { InstanceRecord } from '../ports/store.ts'
import { phrasesOf, says, SENTENCE_GAP, wordsOf } from './said-words.ts'
import { userDataLeaves } from './user-data-leaves.ts'

/** A call as the memory keeps it. */
interface KeptCall {
  readonly instance: InstanceRecord
  readonly sentences: ReadonlyMap<number, Sentence>
  readonly turns: ReadonlyMap<number, Turn>
}

/** Looks through all calls, one by one. */
export class MemorySearch implements SearchStore {
  readonly #calls: () => Iterable<KeptCall>

  constructor(calls: () => Iterable<KeptCall>) {
    this.#calls = calls
  }

  async page(search: CallSearch): Promise<CallPage> {
    return pageOf(this.#calls(), search)
  }

  async count(filter: CallFilter): Promise<CallCount> {
    return {
      count: [...this.#calls()].filter((call) => isMeant(call, filter)).length,
      isExact: true,
    }
  }
}

function pageOf(calls: Iterable<KeptCall>, search: CallSearch): CallPage {
  const sign = search.direction === 'desc' ? -1 : 1
  const rows = [...calls]
    .map((call, number) => ({ call, number, durationMs: durationOf(call.instance) }))
    .filter(({ call }) => isMeant(call, search.filter))
    .filter(({ durationMs }) => search.orderBy === 'created' || durationMs !== undefined)
    .map((row) => ({ ...row, instanceId: row.call.instance.instanceId }))
  const compare = (a: Place, b: Place): number => {
    const byDuration = search.orderBy === 'duration' ? (a.durationMs ?? 0) - (b.durationMs ?? 0) : 0
    return sign * (byDuration || (a.instanceId < b.instanceId ? -1 : 1))
  }
  const { after } = search
  const ordered = rows
    .filter(
      (row) =>
        after === undefined || (row.instanceId !== after.instanceId && compare(row, after) > 0),
    )
    .sort(compare)
  const page = ordered.slice(0, search.limit)
  const last = page.at(-1)
  return {
    calls: page.map(({ call }) => foundOf(call, search.withSentences ?? false)),
    ...(ordered.length > page.length &&
      last !== undefined && {
        next: {
          instanceId: last.instanceId,
          number: last.number,
          ...(last.durationMs !== undefined && { durationMs: last.durationMs }),
        },
      }),
  }
}

interface Place {
  readonly instanceId: string
  readonly durationMs?: number | undefined
}

function isMeant(call: KeptCall, filter: CallFilter): boolean {
  const { instance } = call
  const { agentId, status, endReason, sessionId, userData, said } = filter
  const isIn = (value: number | undefined, from: number | undefined, until: number | undefined) =>
    (from === undefined || (value !== undefined && value >= from)) &&
    (until === undefined || (value !== undefined && value <= until))
  return (
    (filter.instanceId === undefined || instance.instanceId === filter.instanceId) &&
    (agentId === undefined || instance.agentId === agentId) &&
    (status === undefined || instance.status === status) &&
    (endReason === undefined || instance.endReason === endReason) &&
    (sessionId === undefined || instance.sessionId === sessionId) &&
    isIn(instance.createdMs, filter.createdFromMs, filter.createdUntilMs) &&
    isIn(instance.finishedMs, filter.finishedFromMs, filter.finishedUntilMs) &&
    isIn(durationOf(instance), filter.minDurationMs, filter.maxDurationMs) &&
    (userData === undefined || hasLeaf(instance.userData ?? '', userData)) &&
    (said === undefined || wasSaid(call, said))
  )
}

const hasLeaf = (userData: string, wanted: { readonly path: string; readonly value: string }) =>
  userDataLeaves(userData).some(([path, value]) => path === wanted.path && value === wanted.value)

function wasSaid(call: KeptCall, { text, by }: NonNullable<CallFilter['said']>): boolean {
  const phrases = phrasesOf(text)
  const sentences = ordered(call.sentences).filter(({ role }) => by === undefined || role === by)
  const words = wordsOf(sentences.map((sentence) => sentence.text).join(SENTENCE_GAP))
  return phrases.length > 0 && says(words, phrases)
}

const ordered = (sentences: ReadonlyMap<number, Sentence>): readonly Sentence[] =>
  [...sentences.values()].sort((a, b) => a.entryId - b.entryId)

function durationOf({ executingMs, finishedMs }: InstanceRecord): number | undefined {
  if (finishedMs === undefined) return undefined
  return Math.max(0, finishedMs - (executingMs ?? finishedMs))
}

function foundOf(call: KeptCall, withSentences: boolean): FoundCall {
  const { instance, sentences } = call
  const { instanceId, agentId, status, channelId, agentUserId, createdMs } = instance
  const { userData, sessionId, executingMs, finishedMs, endReason } = instance
  const durationMs = durationOf(instance)
  return {
    instanceId,
    agentId,
    status,
    channelId,
    agentUserId,
    createdMs,
    ...(userData !== undefined && { userData }),
    ...(sessionId !== undefined && { sessionId }),
    ...(executingMs !== undefined && { executingMs }),
    ...(finishedMs !== undefined && { finishedMs }),
    ...(endReason !== undefined && { endReason }),
    ...(durationMs !== undefined && { durationMs }),
    ...figuresOf([...call.turns.values()]),
    ...(withSentences && { sentences: ordered(sentences) }),
  }
}

function figuresOf(turns: readonly Turn[]) {
  const delaysMs = turns
    .flatMap(({ firstAudioMs, speechEndMs, turnEndMs }) => {
      const fromMs = speechEndMs ?? turnEndMs
      return firstAudioMs === undefined || fromMs === undefined ? [] : [firstAudioMs - fromMs]
    })
    .sort((a, b) => a - b)
  const rank = (share: number): number => Math.ceil(delaysMs.length * share) - 1
  const [answerP50Ms, answerP95Ms] = [delaysMs[rank(0.5)], delaysMs[rank(0.95)]]
  return {
    turns: turns.filter(({ turnEndMs }) => turnEndMs !== undefined).length,
    interruptions: turns.filter(({ interruptedMs }) => interruptedMs !== undefined).length,
    ...(answerP50Ms !== undefined && { answerP50Ms }),
    ...(answerP95Ms !== undefined && { answerP95Ms }),
  }
}
