import { isSpeakable } from '../dialogue/segments.ts'
import { speakable, type PronunciationRule } from '../dialogue/speakable.ts'
import { Loudness } from '../media/loudness.ts'
import { OUTPUT_RATE_HZ } from '../media/pcm.ts'
import { PlayoutQueue, type PlayoutEvents, type PlayoutLevel } from '../media/playout-queue.ts'
import { Volume } from '../media/volume.ts'
import { Resampler } from '../media/resample.ts'
import type { CallSpec } from '../ports/calls.ts'
import type { TtsExtendData, TtsProvider, TtsStream, TtsStyle } from '../ports/tts.ts'

/** Segments that are synthesised at the same time: the one that is playing and the next. */
const AHEAD_LIMIT = 2
/** For a segment whose length is not known yet: how long a character takes to say. */
const MS_PER_CHAR = 65

/** How a call speaks. */
export interface Voice {
  readonly voiceId: string
  readonly speechRate: number
  readonly pronunciations: readonly PronunciationRule[]
  readonly style: TtsStyle
  /** `undefined`: every voice is brought to the same loudness. */
  readonly volumePercent: number | undefined
}

/** The call that something is said in. */
export type SpeakingCall = Pick<CallSpec, 'instanceId' | 'channelId' | 'userData'>

interface Piece {
  readonly segmentId: number
  readonly turnId?: number
  readonly text: string
  /** As it is synthesised. */
  readonly spoken: string
  readonly marks: { readonly chars: number; readonly atMs: number }[]
  stream?: TtsStream
  resampler?: { readonly fromHz: number; readonly resampler: Resampler }
  isComplete: boolean
}

/** Turns segments of text into the agent's sound, in order. */
export class Speaking {
  readonly #tts: TtsProvider
  readonly #queue: PlayoutQueue
  readonly #onError: (message: string) => void
  readonly #pieces: Piece[] = []
  readonly #volume = new Volume()
  readonly #loudness = new Loudness()
  readonly #spec: SpeakingCall
  #voice: Voice
  #userData: string | undefined

  constructor(options: {
    readonly tts: TtsProvider
    readonly voice: Voice
    readonly spec: SpeakingCall
    readonly events: PlayoutEvents
    /** A segment could not be said (whole); it counts as played as far as it came. */
    readonly onError: (message: string) => void
  }) {
    this.#tts = options.tts
    this.#voice = options.voice
    this.#spec = options.spec
    this.#userData = options.spec.userData
    this.#volume.setPercent(options.voice.volumePercent ?? 100)
    this.#onError = options.onError
    this.#queue = new PlayoutQueue({
      onSegmentStart: (segmentId) => options.events.onSegmentStart(segmentId),
      onSegmentEnd: (segmentId) => {
        this.#forget(segmentId)
        options.events.onSegmentEnd(segmentId)
      },
    })
  }

  /** Voice, pace and pronunciation from the next segment on, volume at once. */
  setVoice(voice: Voice): void {
    this.#voice = voice
    this.#volume.setPercent(voice.volumePercent ?? 100)
  }

  setUserData(userData: string | undefined): void {
    this.#userData = userData
  }

  /** How much the voice is changed at present, by `Volume` or to bring it to the usual loudness. */
  get gain(): number {
    const { volumePercent } = this.#voice
    return volumePercent === undefined ? this.#loudness.gain : volumePercent / 100
  }

  setLevel(level: PlayoutLevel): void {
    this.#queue.setLevel(level)
  }

  speak(segmentId: number, text: string, turnId?: number): void {
    this.#queue.open(segmentId)
    const spoken = speakable(text, this.#voice.pronunciations)
    const piece = { segmentId, text, spoken, marks: [], isComplete: false }
    this.#pieces.push(turnId === undefined ? piece : { ...piece, turnId })
    this.#synthesise()
  }

  /** A sound in the place of words; 24 kHz. */
  play(segmentId: number, sound: Int16Array): void {
    this.#queue.open(segmentId)
    const stream = { cancel() {} }
    this.#pieces.push({ segmentId, text: '', spoken: '', marks: [], stream, isComplete: true })
    if (!this.#queue.push(segmentId, sound)) this.#onError('too much sound is waiting')
    this.#queue.complete(segmentId)
  }

  /** The next 20 ms of sound at 24 kHz, or `undefined`. */
  next(): Int16Array | undefined {
    const frame = this.#queue.next()
    if (frame !== undefined) this.#volume.apply(frame)
    return frame
  }

  /** Drops everything; tells how much of the segment under way was said, in UTF-16 units. */
  cancel(): { readonly segmentId?: number; readonly spokenChars: number } {
    const { segmentId, playedMs, queuedMs } = this.#queue.flush()
    const piece = this.#pieces.find((given) => given.segmentId === segmentId)
    for (const given of this.#pieces) given.stream?.cancel()
    this.#pieces.length = 0
    if (piece === undefined) return { spokenChars: 0 }
    return { segmentId: piece.segmentId, spokenChars: spokenChars(piece, playedMs, queuedMs) }
  }

  close(): void {
    this.cancel()
  }

  #synthesise(): void {
    for (const piece of this.#pieces.slice(0, AHEAD_LIMIT)) {
      if (piece.stream === undefined) this.#start(piece)
    }
  }

  #start(piece: Piece): void {
    const finish = (): void => {
      if (piece.isComplete) return
      piece.isComplete = true
      this.#queue.complete(piece.segmentId)
    }
    // Set first: a provider may answer while `speak` runs.
    piece.stream = { cancel() {} }
    if (!isSpeakable(piece.spoken)) return finish()
    const { voiceId, speechRate, style } = this.#voice
    const stream = this.#tts.speak(
      { text: piece.spoken, voiceId, speechRate, style, extendData: this.#extendData(piece) },
      {
        onAudio: (pcm, sampleRateHz) => this.#onAudio(piece, pcm, sampleRateHz),
        onMark: (chars, atMs) => piece.marks.push({ chars, atMs }),
        onEnd: finish,
        onError: (error) => {
          this.#onError(error.message)
          finish()
        },
      },
    )
    piece.stream = stream
  }

  #onAudio(piece: Piece, pcm: Int16Array, sampleRateHz: number): void {
    if (piece.isComplete) return
    const sound = sampleRateHz === OUTPUT_RATE_HZ ? pcm : resampled(piece, pcm, sampleRateHz)
    const levelled = this.#voice.volumePercent === undefined ? this.#loudness.process(sound) : sound
    if (!this.#queue.push(piece.segmentId, levelled)) this.#onError('too much sound is waiting')
  }

  #extendData({ turnId }: Piece): TtsExtendData {
    const { instanceId, channelId } = this.#spec
    return {
      instanceId,
      channelId,
      ...(turnId === undefined ? {} : { sentenceId: turnId }),
      ...(this.#userData === undefined ? {} : { userData: this.#userData }),
    }
  }

  #forget(segmentId: number): void {
    const index = this.#pieces.findIndex((piece) => piece.segmentId === segmentId)
    if (index >= 0) this.#pieces.splice(index, 1)
    this.#synthesise()
  }
}

function resampled(piece: Piece, pcm: Int16Array, fromHz: number): Int16Array {
  if (piece.resampler?.fromHz !== fromHz) {
    piece.resampler = { fromHz, resampler: new Resampler({ fromHz, toHz: OUTPUT_RATE_HZ }) }
  }
  return piece.resampler.resampler.process(pcm).slice()
}

/** Evenly between the provider's marks where it gives them, else evenly over the sound. */
function spokenChars(piece: Piece, playedMs: number, queuedMs: number): number {
  const lead = piece.text.length - piece.text.trimStart().length
  const length = piece.text.trim().length
  const spokenLength = Math.max(1, piece.spoken.length)
  const wholeMs = piece.isComplete ? queuedMs : Math.max(queuedMs, spokenLength * MS_PER_CHAR)
  // Marks count what was synthesised; the text shown may be longer or shorter.
  const inText = (chars: number): number => lead + Math.round((chars * length) / spokenLength)
  let before = { chars: 0, atMs: 0 }
  for (const mark of [...piece.marks, { chars: spokenLength, atMs: wholeMs }]) {
    if (mark.atMs > playedMs) {
      const part = (playedMs - before.atMs) / (mark.atMs - before.atMs)
      return inText(before.chars + (mark.chars - before.chars) * part)
    }
    before = mark
  }
  return lead + length
}
