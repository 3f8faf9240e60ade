import { OUTPUT_RATE_HZ } from '../media/pcm.ts'
import { PlayoutQueue } from '../media/playout-queue.ts'
import { Resampler } from '../media/resample.ts'
import type { TtsProvider, TtsStream } from '../ports/tts.ts'
import type { Voice } from './speaking.ts'

/** Beside the agent's own voice: softer, since it is heard while the user speaks. */
const GAIN = 0.5

/** Says short words under the user's speech ("uh-huh"), beside the agent's turn and never instead of it. */
export class SoftVoice {
  readonly #tts: TtsProvider
  readonly #queue = new PlayoutQueue({ onSegmentStart() {}, onSegmentEnd() {} })
  readonly #mixed = new Int16Array((OUTPUT_RATE_HZ * 20) / 1000)
  #stream: TtsStream | undefined
  #wordNo = 0
  #gain = GAIN

  constructor(tts: TtsProvider) {
    this.#tts = tts
  }

  /** One word at a time; a new one replaces the one before. `voiceGain`: how much the agent's own voice is
   * changed at present. */
  say(text: string, { voiceId, speechRate, style }: Voice, voiceGain: number): void {
    this.stop()
    this.#gain = GAIN * voiceGain
    const wordNo = ++this.#wordNo
    let resampler: { readonly fromHz: number; readonly process: Resampler } | undefined
    this.#queue.open(wordNo)
    this.#stream = this.#tts.speak(
      { text, voiceId, speechRate, style },
      {
        onAudio: (pcm, fromHz) => {
          if (fromHz === OUTPUT_RATE_HZ) {
            this.#queue.push(wordNo, pcm)
            return
          }
          if (resampler?.fromHz !== fromHz) {
            resampler = { fromHz, process: new Resampler({ fromHz, toHz: OUTPUT_RATE_HZ }) }
          }
          this.#queue.push(wordNo, resampler.process.process(pcm).slice())
        },
        onMark() {},
        onEnd: () => this.#queue.complete(wordNo),
        onError: () => this.#queue.complete(wordNo),
      },
    )
  }

  stop(): void {
    this.#stream?.cancel()
    this.#stream = undefined
    this.#queue.flush()
  }

  /**
   * The agent's frame with the soft word mixed in; the array given back is lent until the next call. A word that
   * is still going on when the agent's own speech begins fades away within the frame.
   */
  mixInto(frame: Int16Array | undefined): Int16Array | undefined {
    const soft = this.#queue.next()
    if (soft === undefined) return frame
    const fade = frame === undefined ? 0 : 1 / this.#mixed.length
    for (let index = 0; index < this.#mixed.length; index += 1) {
      const gain = this.#gain * (1 - fade * index)
      const sum = (frame?.[index] ?? 0) + (soft[index] ?? 0) * gain
      this.#mixed[index] = Math.max(-32_768, Math.min(32_767, sum))
    }
    if (frame !== undefined) this.stop()
    return this.#mixed
  }
}
