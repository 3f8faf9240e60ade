import type { DialogueState } from '../dialogue/state.ts'
import type { CallRecord } from '../ports/call-record.ts'
import type { LiveState } from '../ports/live-calls.ts'
import type { CallPast } from '../ports/worker-protocol.ts'

/** Delays of that many answers are remembered, the latest ones. */
const ANSWERS_KEPT = 200

/** What of the engine's state can be seen from outside. Times are on the call's clock. */
export interface Scene {
  readonly phase: LiveState['phase']
  readonly isUserSpeaking: boolean
  readonly users: number
  readonly human?: string
  readonly waitingSinceMs?: number
}

export function sceneOf(state: DialogueState): Scene {
  const { phase, isSpeechOn, users, takeover, turn, speech } = state
  const waitingSinceMs =
    phase === 'thinking' && speech?.beginMs === undefined
      ? (turn?.note.speechEndMs ?? turn?.closedMs)
      : undefined
  return {
    phase,
    isUserSpeaking: isSpeechOn,
    users: users.length,
    ...(takeover?.phase === 'here' ? { human: takeover.userId } : {}),
    ...(waitingSinceMs === undefined ? {} : { waitingSinceMs }),
  }
}

/** Keeps of one call what those who look on are told. */
export class LiveView {
  readonly #instanceId: string
  #answers: number[] = []
  #latestMs: number | undefined
  #executingMs: number | undefined
  #sentences = 0
  #interruptions = 0
  /** As it was told last. */
  #told = ''

  constructor(instanceId: string, past?: Pick<CallPast, 'executingMs' | 'sentences'>) {
    this.#instanceId = instanceId
    this.#executingMs = past?.executingMs
    this.#sentences = past?.sentences.length ?? 0
  }

  note(records: readonly CallRecord[]): void {
    for (const record of records) {
      if (record.type === 'sentence') {
        this.#sentences = Math.max(this.#sentences, record.sentence.entryId)
      } else if (record.type === 'executing') this.#executingMs ??= record.atMs
      else if (record.type === 'decision') this.#decided(record.decision)
    }
  }

  #decided({ kind, figures }: Extract<CallRecord, { type: 'decision' }>['decision']): void {
    if (kind === 'interruption') this.#interruptions += 1
    const { totalMs } = figures
    if (kind !== 'answer' || totalMs === undefined) return
    this.#latestMs = totalMs
    this.#answers.push(totalMs)
    if (this.#answers.length > ANSWERS_KEPT) this.#answers.shift()
  }

  /** What there is to tell; `undefined` when it is what was told last. */
  news(scene: Scene, wallOffsetMs: number): LiveState | undefined {
    const state = this.#state(scene, wallOffsetMs)
    const told = JSON.stringify(state)
    if (told === this.#told) return undefined
    this.#told = told
    return state
  }

  /** Somebody new looks on: all of it is news again. */
  forget(): void {
    this.#told = ''
  }

  #state({ waitingSinceMs, ...scene }: Scene, wallOffsetMs: number): LiveState {
    const sorted = this.#answers.toSorted((one, other) => one - other)
    const executingMs = this.#executingMs
    return {
      instanceId: this.#instanceId,
      ...scene,
      ...(executingMs === undefined ? {} : { executingMs }),
      ...(waitingSinceMs === undefined
        ? {}
        : { waitingSinceMs: Math.round(waitingSinceMs + wallOffsetMs) }),
      ...(this.#latestMs === undefined
        ? {}
        : {
            answerMs: this.#latestMs,
            answerP50Ms: rank(sorted, 50),
            answerP95Ms: rank(sorted, 95),
          }),
      sentences: this.#sentences,
      interruptions: this.#interruptions,
    }
  }
}

/** By nearest rank. */
const rank = (sorted: readonly number[], percent: number): number =>
  sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0
