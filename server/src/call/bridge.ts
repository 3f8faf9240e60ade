import { INPUT_FRAME_SAMPLES, INPUT_RATE_HZ, OUTPUT_RATE_HZ } from '../media/pcm.ts'
import { Resampler } from '../media/resample.ts'
import type { TakeoverVoice } from '../dialogue/events.ts'

/** The human who has taken an agent's place. */
export interface Human {
  /** The name in the channel. */
  readonly userId: string
  readonly voice: TakeoverVoice
}

/** Carries sound between the users of a channel and the human who has taken the agent's place. */
export class Bridge {
  readonly human: Human
  readonly #toUsers = new Lane()
  readonly #toHuman = new Lane()

  constructor(human: Human) {
    this.human = human
  }

  /** 20 ms at 16 kHz, each way; `undefined` is silence. */
  carry(frames: {
    readonly fromUsers: Int16Array | undefined
    readonly fromHuman: Int16Array | undefined
  }): void {
    this.#toHuman.carry(frames.fromUsers)
    // In the agent's voice the words come later, and not from here.
    this.#toUsers.carry(this.human.voice === 'own' ? frames.fromHuman : undefined)
  }

  /** The same 20 ms at 24 kHz, valid until the next `carry`. */
  get toUsers(): Int16Array | undefined {
    return this.#toUsers.frame
  }

  get toHuman(): Int16Array | undefined {
    return this.#toHuman.frame
  }
}

const SILENCE = new Int16Array(INPUT_FRAME_SAMPLES)

/** One direction. */
class Lane {
  readonly #resampler = new Resampler({ fromHz: INPUT_RATE_HZ, toHz: OUTPUT_RATE_HZ })
  #isSounding = false
  frame: Int16Array | undefined

  carry(input: Int16Array | undefined): void {
    const wasSounding = this.#isSounding
    this.#isSounding = input !== undefined
    // The end of a sound lies in the resampler still.
    const isOn = this.#isSounding || wasSounding
    this.frame = isOn ? this.#resampler.process(input ?? SILENCE) : undefined
  }
}
