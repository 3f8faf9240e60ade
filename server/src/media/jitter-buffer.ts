import { sequenceDistance, type RtpPacket } from './rtp-packet.ts'

/** Past this depth the oldest packets are dropped. */
export const JITTER_LIMIT_PACKETS = 50
/** How long a gap is waited for, counted from the first packet behind it. */
export const GAP_WAIT_MS = 60
/** So many frames in a row are bridged when the sender's next one is late; then it counts as silent. */
export const BRIDGE_LIMIT_FRAMES = 3
/** At most so much of a longer gap is filled once sound goes on. */
const FILL_LIMIT_FRAMES = 5
/** A jump of sequence numbers beyond this is a sender that began anew. */
const RESTART_DISTANCE = 3000
const RING_SLOTS = 64

/** What to play next. */
export type JitterOutput =
  | { readonly type: 'packet'; readonly payload: Uint8Array }
  /** The packet is lost. `next` is the one behind it, if it is there: it may repair the loss. */
  | { readonly type: 'lost'; readonly next: Uint8Array | undefined }
  /** Nothing to play yet, but the sender is speaking: conceal, and ask again on the next tick. */
  | { readonly type: 'late' }

export interface JitterCounts {
  played: number
  /** Given up after the wait. */
  lost: number
  /** Came after their turn. */
  late: number
  duplicate: number
  /** Dropped because the buffer was full. */
  overflow: number
}

interface Slot {
  readonly sequence: number
  readonly payload: Uint8Array
  readonly arrivalMs: number
}

/**
 * Puts one stream's packets in order. What is in order passes at once, so there is no delay of its
 * own; a late or lost packet makes one, of at most {@link GAP_WAIT_MS} and a frame, which then
 * absorbs the next. `pop` is asked whenever the player needs more sound.
 */
export class JitterBuffer {
  readonly #ring: (Slot | undefined)[] = Array.from({ length: RING_SLOTS }, () => undefined)
  readonly #counts: JitterCounts = { played: 0, lost: 0, late: 0, duplicate: 0, overflow: 0 }
  #ssrc: number | undefined
  /** Sequence numbers are counted on past 16 bits here. */
  #next = 0
  #highest = 0
  #depth = 0
  /** Calls of `pop` in a row that gave no packet. */
  #starved = 0
  #hasPlayed = false
  #lastGapMs = -Infinity

  /** Packets that wait. */
  get depth(): number {
    return this.#depth
  }

  get counts(): Readonly<JitterCounts> {
    return this.#counts
  }

  /** When a packet was last found missing; `-Infinity` if never. */
  get lastGapMs(): number {
    return this.#lastGapMs
  }

  /** Takes a packet that came at `nowMs`. Its payload must stay unchanged until it was played. */
  push(packet: RtpPacket, nowMs: number): void {
    if (packet.ssrc !== this.#ssrc) this.#restart(packet)
    const distance = sequenceDistance(this.#highest & 0xffff, packet.sequenceNumber)
    if (Math.abs(distance) > RESTART_DISTANCE) this.#restart(packet)
    const sequence = this.#highest + sequenceDistance(this.#highest & 0xffff, packet.sequenceNumber)
    if (sequence < this.#next) {
      // Until the first one is played, an earlier one still has its turn.
      if (this.#hasPlayed || this.#highest - sequence >= JITTER_LIMIT_PACKETS) {
        this.#counts.late += 1
        return
      }
      this.#next = sequence
    }
    if (this.#slot(sequence) !== undefined) {
      this.#counts.duplicate += 1
      return
    }
    if (sequence > this.#highest) this.#highest = sequence
    this.#makeRoom(sequence)
    this.#ring[slotOf(sequence)] = { sequence, payload: packet.payload, arrivalMs: nowMs }
    this.#depth += 1
  }

  /** The next packet, or what to do instead; `undefined` when nothing is being sent. */
  pop(nowMs: number): JitterOutput | undefined {
    const slot = this.#slot(this.#next)
    if (slot !== undefined) return this.#play(slot)
    if (this.#depth === 0 || nowMs - this.#gapFoundMs() < GAP_WAIT_MS) return this.#starve()
    return this.#giveUp(nowMs)
  }

  #play(slot: Slot): JitterOutput {
    this.#remove(slot.sequence)
    this.#next = slot.sequence + 1
    this.#starved = 0
    this.#hasPlayed = true
    this.#counts.played += 1
    return { type: 'packet', payload: slot.payload }
  }

  #starve(): JitterOutput | undefined {
    this.#starved += 1
    const isBridged = this.#hasPlayed && this.#starved <= BRIDGE_LIMIT_FRAMES + 1
    return isBridged ? { type: 'late' } : undefined
  }

  /** The wait is over. Frames that were bridged meanwhile are not made up for, but a repair is. */
  #giveUp(nowMs: number): JitterOutput {
    let first = this.#next
    while (this.#slot(first) === undefined) first += 1
    const missing = first - this.#next
    const owed = Math.min(Math.max(1, missing - this.#starved), missing, FILL_LIMIT_FRAMES)
    this.#counts.lost += missing - owed + 1
    this.#next = first - owed + 1
    this.#starved = 0
    this.#lastGapMs = nowMs
    return { type: 'lost', next: this.#slot(this.#next)?.payload }
  }

  /** When the first packet behind the gap came. */
  #gapFoundMs(): number {
    let earliestMs = Infinity
    for (const slot of this.#ring)
      if (slot !== undefined && slot.arrivalMs < earliestMs) earliestMs = slot.arrivalMs
    return earliestMs
  }

  #slot(sequence: number): Slot | undefined {
    const slot = this.#ring[slotOf(sequence)]
    return slot?.sequence === sequence ? slot : undefined
  }

  #remove(sequence: number): void {
    this.#ring[slotOf(sequence)] = undefined
    this.#depth -= 1
  }

  /** Drops what is too old to stand in the buffer beside `sequence`. */
  #makeRoom(sequence: number): void {
    const oldest = sequence - JITTER_LIMIT_PACKETS + 1
    if (oldest <= this.#next) return
    for (const slot of this.#ring) {
      if (slot === undefined || slot.sequence >= oldest) continue
      this.#remove(slot.sequence)
      this.#counts.overflow += 1
    }
    this.#next = oldest
  }

  #restart(packet: RtpPacket): void {
    this.#ring.fill(undefined)
    this.#depth = 0
    this.#ssrc = packet.ssrc
    this.#next = packet.sequenceNumber
    this.#highest = packet.sequenceNumber
    this.#hasPlayed = false
    this.#starved = 0
  }
}

function slotOf(sequence: number): number {
  return ((sequence % RING_SLOTS) + RING_SLOTS) % RING_SLOTS
}
