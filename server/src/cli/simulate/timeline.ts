import type { CallRecord, Sentence, Turn } from '../../ports/call-record.ts'
import { AgentState, InterruptReason, ServerMessage } from '../../schema/messages.ts'

export type MomentKind =
  | 'step'
  | 'heard'
  | 'said'
  | 'shown'
  | 'asked'
  | 'state'
  | 'interrupted'
  | 'message'
  | 'decision'
  | 'ended'

/** Something that happened in a simulated call. Times are ms since its start. */
export interface Moment {
  readonly atMs: number
  readonly kind: MomentKind
  readonly text: string
  /** Of messages: number and data. Of decisions: the reason; of states: the state before. */
  readonly message?: { readonly type: number; readonly data: Readonly<Record<string, unknown>> }
  readonly words?: string
}

export interface Span {
  readonly fromMs: number
  untilMs: number
}

/** Frames further apart than this belong to different sounds. */
const GAP_MS = 60
/** Quieter than this is silence. */
const SOUND_PEAK = 100

/** What happens in a call, as its user and a reader of its record notice it. */
export class Timeline {
  readonly moments: Moment[] = []
  /** When the agent is heard. */
  readonly sounds: Span[] = []
  #originMs = 0
  #state = ''
  readonly #turns = new Map<number, Turn>()
  /** By entry: the agent's words that have begun to sound. */
  readonly #heard = new Map<number, Sentence>()

  /** The call begins now: its times count from here. */
  begin(wallMs: number): void {
    this.#originMs = wallMs
  }

  /** The model is asked. */
  ask(question: string, wallMs: number): void {
    this.add(wallMs - this.#originMs, 'asked', question)
  }

  add(atMs: number, kind: MomentKind, text: string, more: Partial<Moment> = {}): void {
    this.moments.push({ atMs, kind, text, ...more })
  }

  /** The agent's frame as its user gets it. */
  hear(frame: Int16Array | undefined, atMs: number): void {
    if (frame === undefined || !isAudible(frame)) return
    const last = this.sounds.at(-1)
    if (last !== undefined && atMs - last.untilMs <= GAP_MS) last.untilMs = atMs
    else this.sounds.push({ fromMs: atMs, untilMs: atMs })
  }

  record(record: CallRecord, atMs: number): void {
    switch (record.type) {
      case 'sentence':
        return this.#onSentence(record.sentence, atMs)
      case 'turn':
        this.#turns.set(record.turn.turnId, record.turn)
        return
      case 'decision': {
        const { kind, words } = record.decision
        return this.add(record.decision.atMs - this.#originMs, 'decision', kind, { words })
      }
      case 'finished':
        return this.add(atMs, 'ended', record.reason)
      default:
    }
  }

  /** A message that the user's client gets. */
  receive(type: number, data: Readonly<Record<string, unknown>>, atMs: number): void {
    this.add(atMs, 'message', String(type), { message: { type, data } })
    if (type === ServerMessage.state) {
      const state = nameOf(AgentState, data['state'])
      this.add(atMs, 'state', state, { words: this.#state })
      this.#state = state
    } else if (type === ServerMessage.interrupted) {
      this.add(atMs, 'interrupted', nameOf(InterruptReason, data['reason']))
    } else if (type === ServerMessage.userSubtitle || type === ServerMessage.agentSubtitle) {
      const text = String(data['text'])
      if (text !== '') this.add(atMs, 'shown', text)
    }
  }

  /** What the history holds at the end: turns as they are recorded, in order. */
  history(): readonly { readonly user?: string; readonly agent?: string }[] {
    return [...this.#turns.values()]
      .toSorted((one, other) => one.turnId - other.turnId)
      .flatMap(({ history }) =>
        history.map(({ role, content }) =>
          role === 'user' ? { user: content } : { agent: content },
        ),
      )
  }

  /** What was heard of the agent is only known at the end: an interrupted sentence loses its rest. */
  finish(): void {
    for (const { beginMs, text, spokenText } of this.#heard.values()) {
      this.add(beginMs - this.#originMs, 'heard', (spokenText ?? text).trim())
    }
    this.moments.sort((one, other) => one.atMs - other.atMs)
  }

  #onSentence(sentence: Sentence, atMs: number): void {
    const { role, isFinal, text, entryId } = sentence
    if (role === 'agent') this.#heard.set(entryId, sentence)
    else if (isFinal) this.add(atMs, 'said', text)
  }
}

const nameOf = (names: Readonly<Record<string, number>>, value: unknown): string =>
  Object.entries(names).find(([, known]) => known === value)?.[0] ?? String(value)

/** A look at every eighth sample tells sound from silence. */
function isAudible(frame: Int16Array): boolean {
  for (let index = 0; index < frame.length; index += 8) {
    if (Math.abs(frame[index] ?? 0) > SOUND_PEAK) return true
  }
  return false
}
