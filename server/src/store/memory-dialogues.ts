import { fail, ok, type Result } from '../base/result.ts'
import type { Sentence, Turn } from '../ports/call-record.ts'
import type { DialogueQuery, DialogueStore, StoredDialogue } from '../ports/dialogue-store.ts'
import {
  NO_WORDS,
  type RetentionStore,
  type SweptPart,
  type WordsState,
} from '../ports/retention-store.ts'
import type { InstanceRecord } from '../ports/store.ts'

/** What a call left behind, as `MemoryStore` keeps it. */
export interface KeptCall {
  instance: InstanceRecord
  readonly sentences: Map<number, Sentence>
  readonly turns: Map<number, Turn>
  /** Numbers of the sentences that were erased. */
  readonly erased: Set<number>
}

/** Forgets what else is known of a call: `log` what was said and how it went, `all` everything. */
export type Forget = (instanceId: string, what: 'log' | 'all') => void

/** Dialogues in memory. */
export class MemoryDialogues implements DialogueStore {
  readonly #calls: ReadonlyMap<string, KeptCall>
  readonly #forget: Forget

  constructor(calls: ReadonlyMap<string, KeptCall>, forget: Forget) {
    this.#calls = calls
    this.#forget = forget
  }

  async listDialogues(query: DialogueQuery): Promise<readonly StoredDialogue[]> {
    const { fromMs, untilMs, isAscending, part } = query
    const said = [...this.#calls.values()]
      .filter(({ instance }) => sessionOf(instance) === query.sessionId)
      .flatMap(({ instance: { instanceId }, sentences }) =>
        [...sentences.values()].map((sentence) => ({ instanceId, sentence })),
      )
      .filter(({ sentence }) => sentence.text !== '')
      .filter(({ sentence }) => isWithin(Math.round(sentence.beginMs), fromMs, untilMs))
      .sort(byTime)
    const newestFirst = said.toReversed()
    if (part.type === 'newest') {
      const rounds = new Set([...new Set(newestFirst.map(roundOf))].slice(0, part.rounds))
      return (isAscending ? said : newestFirst).filter((one) => rounds.has(roundOf(one)))
    }
    const skipped = (part.pageNumber - 1) * part.pageSize
    return (isAscending ? said : newestFirst).slice(skipped, skipped + part.pageSize)
  }

  async deleteDialogue(dialogue: Parameters<DialogueStore['deleteDialogue']>[0]): Promise<boolean> {
    const call = this.#calls.get(dialogue.instanceId)
    const sentence = call?.sentences.get(dialogue.entryId)
    if (call === undefined || sentence === undefined || sentence.text === '') return false
    if (sessionOf(call.instance) !== dialogue.sessionId) return false
    const { spokenText: _, ...rest } = sentence
    call.sentences.set(sentence.entryId, { ...rest, text: '' })
    call.erased.add(sentence.entryId)
    if (call.instance.status === 'Finished') this.forgetErased(call)
    return true
  }

  /** Of a finished call: the words of its erased sentences are forgotten wherever else they stand. */
  forgetErased({ instance, sentences, turns, erased }: KeptCall): void {
    for (const entryId of erased) {
      const turn = turns.get(sentences.get(entryId)?.turnId ?? 0)
      if (turn !== undefined) turns.set(turn.turnId, { ...turn, history: [] })
    }
    if (erased.size > 0) this.#forget(instance.instanceId, 'log')
  }
}

/** Deletes calls that are kept in memory. */
export class MemoryRetention implements RetentionStore {
  readonly #calls: Map<string, KeptCall>
  readonly #forget: Forget

  constructor(calls: Map<string, KeptCall>, forget: Forget) {
    this.#calls = calls
    this.#forget = forget
  }

  async deleteCall(instanceId: string): Promise<Result<void, 'unknown' | 'running'>> {
    const call = this.#calls.get(instanceId)
    if (call === undefined) return fail('unknown')
    if (call.instance.status !== 'Finished') return fail('running')
    this.#calls.delete(instanceId)
    this.#forget(instanceId, 'all')
    return ok(undefined)
  }

  async sweep(part: SweptPart, endedBeforeMs: number, limit: number): Promise<number> {
    const old = [...this.#calls.values()]
      .filter(({ instance }) => (instance.finishedMs ?? Infinity) < endedBeforeMs)
      .filter(({ instance }) => part === 'calls' || instance.isLogDeleted !== true)
      .slice(0, limit)
    for (const call of old) {
      const { instanceId } = call.instance
      if (part === 'calls') {
        await this.deleteCall(instanceId)
        continue
      }
      call.sentences.clear()
      call.turns.clear()
      call.instance = { ...call.instance, isLogDeleted: true }
      this.#forget(instanceId, 'log')
    }
    return old.length
  }

  /** There is no index. */
  async stepWords(): Promise<WordsState> {
    return NO_WORDS
  }

  async dropOldPages(): Promise<boolean> {
    return true
  }
}

const sessionOf = (instance: InstanceRecord): string => instance.sessionId ?? instance.instanceId

const isWithin = (ms: number, fromMs: number, untilMs: number): boolean =>
  ms >= fromMs && ms <= untilMs

const roundOf = ({ instanceId, sentence }: StoredDialogue): string =>
  `${instanceId} ${sentence.turnId}`

const byTime = (a: StoredDialogue, b: StoredDialogue): number =>
  a.sentence.beginMs - b.sentence.beginMs ||
  (a.instanceId < b.instanceId ? -1 : a.instanceId > b.instanceId ? 1 : 0) ||
  a.sentence.entryId - b.sentence.entryId
