/** The file behind `CallLogUrl`, and what `/console/live` tells of a running call. Times are ms since `startTime`. */

export interface CallLog {
  readonly instanceId: string
  /** Seconds since 1970. */
  readonly startTime: number
  readonly dialog: readonly Entry[]
  readonly antiphon: Extras
}

export interface Entry {
  readonly id: number
  /** Seconds since the start. */
  readonly begin: number
  readonly role: string
  readonly type: string
  readonly text: string
}

export interface Extras {
  readonly endTime?: number
  readonly endReason?: string
  readonly sentences: readonly SentenceExtras[]
  readonly turns: readonly Turn[]
  readonly decisions: readonly Decision[]
  readonly trace?: { readonly stretches: readonly Stretch[] }
}

export interface SentenceExtras {
  readonly id: number
  readonly turnId: number
  readonly spokenText?: string
  readonly saidBy?: string
}

/** What did not happen is absent. */
export interface Turn {
  readonly turnId: number
  readonly speechStartMs?: number
  readonly speechEndMs?: number
  readonly finalTranscriptMs?: number
  readonly turnEndMs?: number
  readonly firstTokenMs?: number
  readonly firstAudioMs?: number
  readonly playoutEndMs?: number
  readonly interruptedMs?: number
  readonly interruptReason?: string
  readonly endpointReason?: string
}

export interface Decision {
  readonly kind: string
  readonly atMs: number
  readonly turnId?: number
  readonly words: string
  readonly figures: Readonly<Record<string, number>>
}

export interface Stretch {
  readonly head: {
    readonly wallOffsetMs: number
    readonly config: Readonly<Record<string, unknown>>
  }
  readonly events: readonly EngineEvent[]
}

/** What happened to the engine; of its many kinds the timeline looks at those with sound. */
export interface EngineEvent {
  readonly type: string
  readonly atMs: number
  /** Of `speech-start` and `speech-end`: when the sound itself began and ended. */
  readonly onsetMs?: number
  readonly endMs?: number
  /** Of `segment-start`, `segment-end`, `speech-cancelled`. */
  readonly segmentId?: number
}

/** What is new of a running call. */
export interface LogAddition {
  readonly dialog: readonly Entry[]
  readonly sentences: readonly SentenceExtras[]
  readonly turns: readonly Turn[]
  readonly decisions: readonly Decision[]
}

/** Lays what is new over a log: the same number replaces what was there, a decision that is known is not added. */
export function withAddition(log: CallLog, addition: LogAddition): CallLog {
  const { antiphon } = log
  const known = new Set(antiphon.decisions.map(decisionKey))
  const decisions = addition.decisions.filter((decision) => !known.has(decisionKey(decision)))
  return {
    ...log,
    dialog: laidOver(log.dialog, addition.dialog, ({ id }) => id),
    antiphon: {
      ...antiphon,
      sentences: laidOver(antiphon.sentences, addition.sentences, ({ id }) => id),
      turns: laidOver(antiphon.turns, addition.turns, ({ turnId }) => turnId),
      decisions: [...antiphon.decisions, ...decisions],
    },
  }
}

const decisionKey = ({ kind, atMs, turnId }: Decision): string => `${kind} ${atMs} ${turnId ?? ''}`

function laidOver<Item>(
  before: readonly Item[],
  added: readonly Item[],
  numberOf: (item: Item) => number,
): readonly Item[] {
  if (added.length === 0) return before
  const all = new Map(before.map((item) => [numberOf(item), item]))
  for (const item of added) all.set(numberOf(item), item)
  return [...all.values()].toSorted((one, other) => numberOf(one) - numberOf(other))
}
