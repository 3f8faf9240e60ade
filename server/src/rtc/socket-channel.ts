import type { Duplex } from 'node:stream'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { DelayTrimmer } from '../media/delay-trimmer.ts'
import {
  FRAME_MS,
  INPUT_FRAME_SAMPLES,
  INPUT_RATE_HZ,
  OUTPUT_FRAME_SAMPLES,
  OUTPUT_RATE_HZ,
} from '../media/pcm.ts'
import { Resampler } from '../media/resample.ts'
import {
  CHANNEL_LOST_MS,
  type Channel,
  type ChannelCloseReason,
  type ChannelEvents,
} from '../ports/channel.ts'
import {
  byeMessage,
  closeCode,
  MESSAGE_LIMIT_BYTES,
  ownMessage,
  PONG,
  SEND_LIMIT_BYTES,
} from './channel-protocol.ts'

/** Sound that came ahead of its time waits so long; past it the oldest is dropped. */
export const SOCKET_QUEUE_MS = 1000
/** Sound the client does not take waits so long; past it the newest is not sent. */
export const SOCKET_SEND_QUEUE_MS = 1000
const CHECK_EVERY_MS = 1000
const CHECKS_PER_PING = 5
/** A client that does not answer the close frame is cut off. */
const CLOSE_LIMIT_MS = 2000
/** The largest WebSocket message, sound or text. */
const PAYLOAD_LIMIT_BYTES = 256 * 1024
const QUEUE_SAMPLES = (INPUT_RATE_HZ * SOCKET_QUEUE_MS) / 1000
/** After so many silent frames the resampler has nothing left of the sound before. */
const SILENT_FRAMES = 3
/** Close codes by which a client leaves on purpose; 1005 is a close without a code. */
const ORDERLY = new Set([1000, 1001, 1005])

export interface SocketChannelOptions {
  /** The connection whose handshake was read, by this process or another. */
  readonly socket: Duplex
  /** What was read past the handshake. */
  readonly head: Uint8Array
  /** The handshake's `Sec-WebSocket-Key`. */
  readonly key: string
  /** Of the sound both ways: 16000, 24000 or 48000. */
  readonly sampleRateHz: number
  readonly connectionId: string
  readonly userId: string
  readonly events: ChannelEvents
  readonly clock: Clock
  readonly log: Log
}

/** Completes handshakes; it holds nothing. Compression would cost more than it saves on sound. */
const handshakes = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: PAYLOAD_LIMIT_BYTES,
})

/** Answers a WebSocket handshake and makes the connection a channel. `onOpen` comes a moment later; so does
 * `onClose`, if the socket was gone already. */
export function adoptSocket(options: SocketChannelOptions): Channel {
  return new SocketChannel(options)
}

/** A program's connection: PCM in binary frames, messages in text frames. */
class SocketChannel implements Channel {
  readonly connectionId: string
  readonly userId: string
  readonly #events: ChannelEvents
  readonly #clock: Clock
  readonly #log: Log
  readonly #toInput: Resampler
  readonly #fromOutput: Resampler
  readonly #trimmer = new DelayTrimmer()
  readonly #frameBytes: number
  /** A ring of what the user said and nobody has read yet, at 16 kHz. */
  readonly #queue = new Int16Array(QUEUE_SAMPLES)
  readonly #frame = new Int16Array(INPUT_FRAME_SAMPLES)
  #queueStart = 0
  #queued = 0
  #oddByte: number | undefined
  #socket: WebSocket | undefined
  #isClosed = false
  #heardMs: number
  #checks = 0
  #silentFrames = SILENT_FRAMES
  #droppedSamples = 0
  #unsentFrames = 0
  #cancelCheck: () => void

  constructor(options: SocketChannelOptions) {
    const { sampleRateHz, clock } = options
    this.connectionId = options.connectionId
    this.userId = options.userId
    this.#events = options.events
    this.#clock = clock
    this.#log = options.log
    this.#toInput = new Resampler({ fromHz: sampleRateHz, toHz: INPUT_RATE_HZ })
    this.#fromOutput = new Resampler({ fromHz: OUTPUT_RATE_HZ, toHz: sampleRateHz })
    this.#frameBytes = (sampleRateHz * FRAME_MS * 2) / 1000
    this.#heardMs = clock.nowMs()
    this.#cancelCheck = clock.after(CHECK_EVERY_MS, () => this.#check())
    this.#socket = this.#upgrade(options)
    queueMicrotask(() => {
      if (this.#socket === undefined) this.close('lost')
      else if (!this.#isClosed) this.#tell(() => this.#events.onOpen())
    })
  }

  readAudio(nowMs: number): Int16Array | undefined {
    if (this.#isClosed) return undefined
    const frame = this.#next()
    if (frame === undefined) return undefined
    const depthFrames = Math.floor(this.#queued / INPUT_FRAME_SAMPLES)
    if (!this.#trimmer.shouldDrop(frame, { depthFrames, reserveFrames: 1, nowMs })) return frame
    this.#droppedSamples += INPUT_FRAME_SAMPLES
    return this.#next() ?? frame
  }

  /** Silence is sent too: a client has something to play at any time, and need not keep a clock. */
  writeAudio(frame: Int16Array | undefined, _nowMs: number): void {
    const socket = this.#socket
    if (this.#isClosed || socket === undefined) return
    const limitBytes = (this.#frameBytes * SOCKET_SEND_QUEUE_MS) / FRAME_MS
    if (socket.bufferedAmount > limitBytes) {
      this.#unsentFrames += 1
      return
    }
    this.#attempt(() => socket.send(this.#bytesOf(frame), { binary: true }))
  }

  sendMessage(text: string): void {
    const socket = this.#socket
    if (this.#isClosed || socket === undefined) return
    this.#attempt(() => socket.send(text))
    if (socket.bufferedAmount > SEND_LIMIT_BYTES) this.close('lost')
  }

  close(reason: ChannelCloseReason): void {
    if (this.#isClosed) return
    const bye = byeMessage(reason)
    if (bye !== undefined) this.sendMessage(bye)
    // Sending may have found the client gone.
    if (this.#hasClosed()) return
    this.#isClosed = true
    this.#cancelCheck()
    this.#endSocket(reason)
    this.#log.info('channel closed', {
      connectionId: this.connectionId,
      reason,
      droppedSamples: this.#droppedSamples,
      unsentFrames: this.#unsentFrames,
    })
    this.#tell(() => this.#events.onClose(reason))
  }

  /** `undefined` when the socket was gone or the key is no key. */
  #upgrade(options: SocketChannelOptions): WebSocket | undefined {
    const request = {
      method: 'GET',
      headers: {
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': options.key,
      },
    } as unknown as Parameters<typeof handshakes.handleUpgrade>[0]
    const head = Buffer.from(options.head)
    let upgraded: WebSocket | undefined
    this.#attempt(() =>
      handshakes.handleUpgrade(request, options.socket, head, (socket) => {
        upgraded = socket
        this.#listen(socket)
      }),
    )
    return upgraded
  }

  #listen(socket: WebSocket): void {
    socket.on('message', (data: RawData, isBinary: boolean) => {
      if (this.#isClosed) return
      this.#heardMs = this.#clock.nowMs()
      const bytes = data as Buffer
      if (isBinary) this.#takeSound(bytes)
      else this.#takeText(bytes)
    })
    const hear = (): void => {
      this.#heardMs = this.#clock.nowMs()
    }
    socket.on('ping', hear)
    socket.on('pong', hear)
    socket.on('close', (code) => this.close(ORDERLY.has(code) ? 'hang-up' : 'lost'))
    socket.on('error', (error) => {
      this.#log.info('socket failed', { connectionId: this.connectionId, reason: error.message })
    })
  }

  #takeText(bytes: Buffer): void {
    if (bytes.length > MESSAGE_LIMIT_BYTES) {
      this.#log.warn('message too long', { connectionId: this.connectionId, bytes: bytes.length })
      return
    }
    const text = bytes.toString('utf8')
    const own = ownMessage(text)
    if (own === 'ping') this.sendMessage(PONG)
    if (own === undefined) this.#tell(() => this.#events.onMessage(text))
  }

  /** Pieces may have any length, even one that splits a sample. */
  #takeSound(bytes: Buffer): void {
    if (bytes.length === 0) return
    const carried = this.#oddByte === undefined ? 0 : 1
    const whole = new Uint8Array((bytes.length + carried) & ~1)
    if (this.#oddByte !== undefined && whole.length > 0) whole[0] = this.#oddByte
    const isOdd = (bytes.length + carried) % 2 === 1
    whole.set(isOdd ? bytes.subarray(0, bytes.length - 1) : bytes, carried)
    this.#oddByte = isOdd ? bytes[bytes.length - 1] : undefined
    const sound = this.#toInput.process(new Int16Array(whole.buffer))
    this.#enqueue(sound.length > QUEUE_SAMPLES ? sound.subarray(-QUEUE_SAMPLES) : sound)
  }

  #enqueue(sound: Int16Array): void {
    const excess = this.#queued + sound.length - QUEUE_SAMPLES
    if (excess > 0) {
      this.#queueStart = (this.#queueStart + excess) % QUEUE_SAMPLES
      this.#queued -= excess
      this.#droppedSamples += excess
    }
    const end = (this.#queueStart + this.#queued) % QUEUE_SAMPLES
    const untilWrap = Math.min(sound.length, QUEUE_SAMPLES - end)
    this.#queue.set(sound.subarray(0, untilWrap), end)
    this.#queue.set(sound.subarray(untilWrap), 0)
    this.#queued += sound.length
  }

  #next(): Int16Array | undefined {
    if (this.#queued < INPUT_FRAME_SAMPLES) return undefined
    const untilWrap = Math.min(INPUT_FRAME_SAMPLES, QUEUE_SAMPLES - this.#queueStart)
    this.#frame.set(this.#queue.subarray(this.#queueStart, this.#queueStart + untilWrap))
    this.#frame.set(this.#queue.subarray(0, INPUT_FRAME_SAMPLES - untilWrap), untilWrap)
    this.#queueStart = (this.#queueStart + INPUT_FRAME_SAMPLES) % QUEUE_SAMPLES
    this.#queued -= INPUT_FRAME_SAMPLES
    return this.#frame
  }

  /** New memory each time: the socket may keep it until the network takes it. */
  #bytesOf(frame: Int16Array | undefined): Buffer {
    this.#silentFrames = frame === undefined ? this.#silentFrames + 1 : 0
    const bytes = Buffer.alloc(this.#frameBytes)
    if (this.#silentFrames > SILENT_FRAMES) return bytes
    const sound = this.#fromOutput.process(frame ?? new Int16Array(OUTPUT_FRAME_SAMPLES))
    const source = Buffer.from(sound.buffer, sound.byteOffset, sound.byteLength)
    source.copy(bytes, 0, 0, bytes.length)
    return bytes
  }

  #check(): void {
    const socket = this.#socket
    if (this.#isClosed || socket === undefined) return
    if (this.#clock.nowMs() - this.#heardMs >= CHANNEL_LOST_MS) {
      this.close('lost')
      return
    }
    this.#cancelCheck = this.#clock.after(CHECK_EVERY_MS, () => this.#check())
    this.#checks += 1
    if (this.#checks % CHECKS_PER_PING === 0) this.#attempt(() => socket.ping())
  }

  #endSocket(reason: ChannelCloseReason): void {
    const socket = this.#socket
    if (socket === undefined) return
    if (reason === 'lost') {
      this.#attempt(() => socket.terminate())
      return
    }
    this.#attempt(() => socket.close(closeCode(reason), reason))
    const cancel = this.#clock.after(CLOSE_LIMIT_MS, () => this.#attempt(() => socket.terminate()))
    socket.once('close', cancel)
  }

  #hasClosed(): boolean {
    return this.#isClosed
  }

  /** Use of a socket that may be gone: its end is told by its own event. */
  #attempt(act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#log.info('socket failed', { connectionId: this.connectionId, reason: String(error) })
    }
  }

  /** Tells the call something; an exception in there is its bug and must not end the process. */
  #tell(act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#log.error('channel event failed', {
        connectionId: this.connectionId,
        stack: error instanceof Error ? error.stack : String(error),
      })
    }
  }
}
