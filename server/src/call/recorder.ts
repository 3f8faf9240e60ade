import type { Action, SentenceNote } from '../dialogue/events.ts'
import { CallTape } from '../media/call-tape.ts'
import { SoundMemory } from '../media/sound-memory.ts'
import type { RecordingWriter } from '../ports/recordings.ts'

/** `antiphon.Recording` in our words. */
export interface RecordingSettings {
  readonly call: boolean
  readonly sentences: boolean
}

/** Sound from before a sentence is known to have begun: recognisers may take that long for their first text. */
const KEPT_MS = 30_000

/**
 * Records a call from its first user on: all of it as it was heard, and sentence by sentence without the
 * background. Both sides lie on the call's own time.
 */
export class Recorder {
  readonly #settings: RecordingSettings
  readonly #writer: RecordingWriter
  readonly #wallOffsetMs: number
  readonly #callTape: CallTape
  readonly #voiceTape: CallTape
  readonly #sides = { user: new SoundMemory(), agent: new SoundMemory() }
  /** When the sentence that is being said on a side began. */
  readonly #openSinceMs: { user?: number; agent?: number } = {}
  #isOn = false

  constructor(options: {
    readonly settings: RecordingSettings
    readonly writer: RecordingWriter
    /** From the call's clock to wall time. */
    readonly wallOffsetMs: number
    /** The first user was there before: the call goes on after it has lost its worker. */
    readonly hasBegun: boolean
  }) {
    this.#settings = options.settings
    this.#writer = options.writer
    this.#wallOffsetMs = Math.round(options.wallOffsetMs)
    this.#isOn = options.hasBegun
    this.#callTape = new CallTape((atMs, sound) =>
      this.#writer.writeCall(Math.round(atMs) + this.#wallOffsetMs, sound),
    )
    this.#voiceTape = new CallTape((atMs, sound) => this.#remember(atMs, sound))
  }

  hear(frame: Int16Array | undefined, nowMs: number): void {
    if (!this.#isOn) return
    if (this.#settings.call) this.#callTape.hear(frame, nowMs)
    if (this.#settings.sentences) this.#voiceTape.hear(frame, nowMs)
  }

  /** What the agent says, and the same as it goes out. */
  speak(voice: Int16Array | undefined, frame: Int16Array | undefined): void {
    if (!this.#isOn) return
    if (this.#settings.call) this.#callTape.speak(frame)
    if (this.#settings.sentences) this.#voiceTape.speak(voice)
  }

  /** What the engine has just noted. */
  note(actions: readonly Action[], nowMs: number): void {
    for (const action of actions) {
      if (action.type === 'note-executing') this.#isOn = true
      if (action.type === 'note-sentence' && this.#settings.sentences) {
        this.#onSentence(action.sentence, nowMs)
      }
    }
  }

  /** Completes the files. */
  close(): void {
    this.#callTape.flush()
    void this.#writer.close()
  }

  #remember(atMs: number, sound: Int16Array): void {
    const [user, agent] = [0, 1].map((side) =>
      Int16Array.from({ length: sound.length / 2 }, (_, index) => sound[index * 2 + side] ?? 0),
    )
    for (const [role, samples] of [
      ['user', user],
      ['agent', agent],
    ] as const) {
      if (samples === undefined) continue
      this.#sides[role].add(atMs, samples)
      this.#sides[role].forgetBefore(Math.min(atMs - KEPT_MS, this.#openSinceMs[role] ?? atMs))
    }
  }

  #onSentence(sentence: SentenceNote, nowMs: number): void {
    const { role, entryId, beginMs, isFinal, saidBy } = sentence
    if (saidBy !== undefined) return
    if (!isFinal) {
      this.#openSinceMs[role] = beginMs
      return
    }
    delete this.#openSinceMs[role]
    this.#voiceTape.flush()
    const { atMs, samples } = this.#sides[role].cut(beginMs, nowMs)
    if (samples.length === 0) return
    const startMs = Math.round(atMs) + this.#wallOffsetMs
    this.#writer.writeSentence({ role, entryId, startMs, samples })
  }
}
