import { WebSocket } from 'ws'
import { FRAME_MS, INPUT_FRAME_SAMPLES, INPUT_RATE_HZ } from '../src/media/pcm.ts'
import type { CallerPlan, CallerReport } from './load-protocol.ts'

/** A frame with a sample above this is heard. */
const LOUD_PEAK = 200
/** The scripted voice speaks at 6000; a frame that never exceeds this has been lowered. */
const LOWERED_PEAK = 4000
const FRAME_BYTES = INPUT_FRAME_SAMPLES * 2
const TONE_HZ = 400
const TONE_AMPLITUDE = 9000
/** An answer that does not come within this is counted as missed. */
const ANSWER_LIMIT_MS = 5000

const SILENCE = Buffer.alloc(FRAME_BYTES)
/** 20 ms hold a whole number of periods. */
const TONE = Buffer.from(
  Int16Array.from({ length: INPUT_FRAME_SAMPLES }, (_, index) =>
    Math.round(TONE_AMPLITUDE * Math.sin((2 * Math.PI * TONE_HZ * index) / INPUT_RATE_HZ)),
  ).buffer,
)

/**
 * One caller over the WebSocket channel, in turns: speaks (a tone), is silent until the answer begins, listens
 * for a while, speaks into the answer, and so on. Or plays a recording again and again.
 */
export class BenchCaller {
  readonly #socket: WebSocket
  readonly #plan: CallerPlan
  readonly #recording: Buffer | undefined
  readonly #report: CallerReport = {
    firstAudioMs: [],
    loweredMs: [],
    stoppedMs: [],
    gapsMs: [],
    missed: 0,
    heardFrames: 0,
    loudFrames: 0,
  }
  #nextMs: number
  #phase: 'quiet' | 'speaking' | 'waiting' | 'listening' = 'quiet'
  #phaseSinceMs: number
  #spokenFrames = 0
  #playedBytes = 0
  #firstLoudSentMs = 0
  #lastLoudSentMs = 0
  #lastHeardMs: number | undefined
  #lastLoudHeardMs: number | undefined
  #loweredMs: number | undefined
  #isMeasuring = false
  isOpen = false

  constructor(plan: CallerPlan, recording: Buffer | undefined, nowMs: number) {
    this.#plan = plan
    this.#recording = recording
    this.#nextMs = nowMs + plan.phaseMs
    this.#phaseSinceMs = nowMs + plan.delayMs
    this.#socket = new WebSocket(plan.address, { perMessageDeflate: false })
    this.#socket.binaryType = 'nodebuffer'
    this.#socket.on('open', () => (this.isOpen = true))
    this.#socket.on('close', () => (this.isOpen = false))
    this.#socket.on('error', (error) => console.error(`caller: ${error.message}`))
    this.#socket.on('message', (data, isBinary) => {
      if (isBinary) this.#hear(data as Buffer, performance.now())
    })
  }

  get report(): CallerReport {
    return this.#report
  }

  /** What happens from now on counts. */
  measure(): void {
    this.#isMeasuring = true
  }

  close(): void {
    this.#socket.close()
  }

  /** Sends what is due. */
  pump(nowMs: number): void {
    for (; this.#nextMs <= nowMs; this.#nextMs += FRAME_MS) {
      if (!this.isOpen) continue
      const frame = this.#recording === undefined ? this.#frame(nowMs) : this.#played(nowMs)
      this.#socket.send(frame)
    }
  }

  /** The recording, then a pause in which the agent may answer, and again. */
  #played(nowMs: number): Buffer {
    if (nowMs < this.#phaseSinceMs) return SILENCE
    const recording = this.#recording ?? SILENCE
    const at = this.#playedBytes
    const lengthBytes = recording.length + (this.#plan.listenMs / FRAME_MS) * FRAME_BYTES
    this.#playedBytes = (at + FRAME_BYTES) % (lengthBytes - (lengthBytes % FRAME_BYTES))
    return at + FRAME_BYTES <= recording.length ? recording.subarray(at, at + FRAME_BYTES) : SILENCE
  }

  #frame(nowMs: number): Buffer {
    const sinceMs = nowMs - this.#phaseSinceMs
    switch (this.#phase) {
      case 'quiet':
        return sinceMs >= 0 ? this.#speak(nowMs) : SILENCE
      case 'speaking':
        return this.#goOnSpeaking(nowMs)
      case 'waiting':
        if (sinceMs <= ANSWER_LIMIT_MS) return SILENCE
        this.#report.missed += 1
        return this.#speak(nowMs)
      case 'listening':
        return sinceMs >= this.#plan.listenMs ? this.#speak(nowMs) : SILENCE
    }
  }

  #speak(nowMs: number): Buffer {
    this.#enter('speaking', nowMs)
    this.#spokenFrames = 1
    this.#firstLoudSentMs = nowMs
    this.#lastLoudHeardMs = undefined
    this.#loweredMs = undefined
    return TONE
  }

  #goOnSpeaking(nowMs: number): Buffer {
    this.#lastLoudSentMs = nowMs
    this.#spokenFrames += 1
    if (this.#spokenFrames < this.#plan.speakMs / FRAME_MS) return TONE
    // Only an answer that was heard can have been stopped.
    if (this.#isMeasuring && this.#lastLoudHeardMs !== undefined) {
      this.#report.stoppedMs.push(this.#lastLoudHeardMs - this.#firstLoudSentMs)
      if (this.#loweredMs !== undefined)
        this.#report.loweredMs.push(this.#loweredMs - this.#firstLoudSentMs)
    }
    this.#enter('waiting', nowMs)
    return TONE
  }

  #enter(phase: 'speaking' | 'waiting' | 'listening', nowMs: number): void {
    this.#phase = phase
    this.#phaseSinceMs = nowMs
  }

  #hear(bytes: Buffer, nowMs: number): void {
    if (this.#isMeasuring && this.#lastHeardMs !== undefined)
      this.#report.gapsMs.push(nowMs - this.#lastHeardMs)
    this.#lastHeardMs = nowMs
    const peak = peakOf(bytes)
    this.#report.heardFrames += 1
    if (peak > LOUD_PEAK) this.#report.loudFrames += 1
    if (this.#phase === 'speaking') {
      if (peak <= LOWERED_PEAK) this.#loweredMs ??= nowMs
      if (peak > LOUD_PEAK) this.#lastLoudHeardMs = nowMs
    } else if (this.#phase === 'waiting' && peak > LOUD_PEAK) {
      if (this.#isMeasuring) {
        this.#report.firstAudioMs.push(nowMs - this.#lastLoudSentMs - this.#plan.silenceMs)
      }
      this.#enter('listening', nowMs)
    }
  }
}

function peakOf(bytes: Buffer): number {
  let peak = 0
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const sample = Math.abs(bytes.readInt16LE(at))
    if (sample > peak) peak = sample
  }
  return peak
}
