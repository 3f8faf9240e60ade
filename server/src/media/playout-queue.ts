import { OUTPUT_FRAME_SAMPLES, OUTPUT_RATE_HZ } from './pcm.ts'

/** How loud the queue plays: `ducked` is -12 dB, `held` keeps its place and gives nothing. */
export type PlayoutLevel = 'full' | 'ducked' | 'held'

const DUCKED_GAIN = 0.25
const GAIN: Readonly<Record<PlayoutLevel, number>> = { full: 1, ducked: DUCKED_GAIN, held: 0 }

/** More sound than this waiting is refused: 10 minutes. */
export const PLAYOUT_LIMIT_SAMPLES = OUTPUT_RATE_HZ * 600

export interface PlayoutEvents {
  /** The first frame of the segment is going out with this very call of `next`. */
  onSegmentStart(segmentId: number): void
  /** Its last frame has gone out. */
  onSegmentEnd(segmentId: number): void
}

interface QueuedSegment {
  readonly segmentId: number
  readonly chunks: Int16Array[]
  samples: number
  playedSamples: number
  hasStarted: boolean
  isComplete: boolean
}

/**
 * The agent's sound on its way out, segment by segment, 20 ms (480 samples at 24 kHz) a call. It knows to
 * within one frame what has been played. Every change of level is a ramp over one frame, so that nothing
 * clicks; a frame that fades out is played again when the sound goes on.
 */
export class PlayoutQueue {
  readonly #segments: QueuedSegment[] = []
  readonly #events: PlayoutEvents
  readonly #frame = new Int16Array(OUTPUT_FRAME_SAMPLES)
  #level: PlayoutLevel = 'full'
  #gain = 1
  #samples = 0

  constructor(events: PlayoutEvents) {
    this.#events = events
  }

  /** Opens a segment behind those that are there. */
  open(segmentId: number): void {
    this.#segments.push({
      segmentId,
      chunks: [],
      samples: 0,
      playedSamples: 0,
      hasStarted: false,
      isComplete: false,
    })
  }

  /** Adds sound at 24 kHz to a segment. False when the queue is full and the sound was refused. */
  push(segmentId: number, pcm: Int16Array): boolean {
    const segment = this.#segments.find((queued) => queued.segmentId === segmentId)
    if (segment === undefined || pcm.length === 0) return true
    if (this.#samples + pcm.length > PLAYOUT_LIMIT_SAMPLES) return false
    segment.chunks.push(pcm)
    segment.samples += pcm.length
    this.#samples += pcm.length
    return true
  }

  /** No more sound will come for the segment. */
  complete(segmentId: number): void {
    const segment = this.#segments.find((queued) => queued.segmentId === segmentId)
    if (segment !== undefined) segment.isComplete = true
  }

  setLevel(level: PlayoutLevel): void {
    this.#level = level
  }

  /** Drops everything. Gives back where the sound stood: the segment under way and how much was played. */
  flush(): { readonly segmentId?: number; readonly playedMs: number; readonly queuedMs: number } {
    const [first] = this.#segments
    this.#segments.length = 0
    this.#samples = 0
    if (first === undefined || !first.hasStarted) return { playedMs: 0, queuedMs: 0 }
    return {
      segmentId: first.segmentId,
      playedMs: (first.playedSamples * 1000) / OUTPUT_RATE_HZ,
      queuedMs: (first.samples * 1000) / OUTPUT_RATE_HZ,
    }
  }

  /**
   * The next 20 ms, or `undefined` when there is nothing to play. The array is the queue's own and valid
   * until the next call.
   */
  next(): Int16Array | undefined {
    const target = GAIN[this.#level]
    if (this.#level === 'held' && this.#gain === 0) return undefined
    const segment = this.#frontWithSound()
    if (segment === undefined) {
      this.#gain = target
      return undefined
    }
    if (!segment.hasStarted) {
      if (this.#level === 'held') return undefined
      segment.hasStarted = true
      this.#events.onSegmentStart(segment.segmentId)
    }
    const taken = copyFront(segment, this.#frame)
    ramp(this.#frame, this.#gain, target)
    this.#gain = target
    // A frame that faded to nothing was not heard whole: it keeps its place.
    if (target > 0) this.#advance(segment, taken)
    return this.#frame
  }

  /** The first segment that can give a frame; ends those before it that are through. */
  #frontWithSound(): QueuedSegment | undefined {
    for (;;) {
      const [segment] = this.#segments
      if (segment === undefined) return undefined
      const left = segment.samples - segment.playedSamples
      if (left >= OUTPUT_FRAME_SAMPLES || (segment.isComplete && left > 0)) return segment
      if (!segment.isComplete) return undefined
      this.#segments.shift()
      this.#events.onSegmentEnd(segment.segmentId)
    }
  }

  #advance(segment: QueuedSegment, samples: number): void {
    segment.playedSamples += samples
    this.#samples -= samples
    dropFront(segment, samples)
    if (segment.isComplete && segment.playedSamples >= segment.samples) {
      this.#segments.shift()
      this.#events.onSegmentEnd(segment.segmentId)
    }
  }
}

/** Fills the frame from the front of the segment, the rest with silence. Gives back how much it found. */
function copyFront(segment: QueuedSegment, frame: Int16Array): number {
  let filled = 0
  for (const chunk of segment.chunks) {
    const piece = chunk.subarray(0, frame.length - filled)
    frame.set(piece, filled)
    filled += piece.length
    if (filled === frame.length) return filled
  }
  frame.fill(0, filled)
  return filled
}

function dropFront(segment: QueuedSegment, samples: number): void {
  let left = samples
  while (left > 0) {
    const [chunk] = segment.chunks
    if (chunk === undefined) return
    if (chunk.length <= left) {
      segment.chunks.shift()
      left -= chunk.length
    } else {
      segment.chunks[0] = chunk.subarray(left)
      left = 0
    }
  }
}

function ramp(frame: Int16Array, from: number, to: number): void {
  if (from === 1 && to === 1) return
  const step = (to - from) / frame.length
  for (let index = 0; index < frame.length; index += 1) {
    frame[index] = (frame[index] ?? 0) * (from + step * (index + 1))
  }
}
