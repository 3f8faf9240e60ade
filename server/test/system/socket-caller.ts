import { readFileSync } from 'node:fs'
import { WebSocket } from 'ws'
import { FRAME_MS, INPUT_FRAME_SAMPLES } from '../../src/media/pcm.ts'
import { readWav } from '../../src/media/wav.ts'
import { until } from './antiphon-process.ts'

export interface Message {
  readonly atMs: number
  readonly type: number
  readonly data: Readonly<Record<string, unknown>>
}

const AUDIO = new URL('../audio/', import.meta.url)

/** 16 kHz mono samples of a file in `test/audio`. */
export function sound(name: string): Int16Array {
  const wav = readWav(readFileSync(new URL(name, AUDIO)))
  if (!wav.ok) throw new Error(wav.error)
  return wav.value.samples
}

/** A program that calls an agent over the WebSocket channel at 16 kHz. */
export class SocketCaller {
  readonly messages: Message[] = []
  /** Everything the agent sent, frame by frame, with the time it came. */
  readonly heard: { readonly atMs: number; readonly frame: Int16Array }[] = []
  closeCode: number | undefined
  readonly #socket: WebSocket
  #timer: NodeJS.Timeout | undefined
  #queue: Int16Array[] = []
  #startMs = 0
  #sent = 0

  constructor(socket: WebSocket) {
    this.#socket = socket
    socket.binaryType = 'nodebuffer'
    socket.on('message', (data: Buffer, isBinary) => {
      const atMs = performance.now()
      if (isBinary) {
        const frame = new Int16Array(
          data.buffer.slice(data.byteOffset, data.byteOffset + data.length),
        )
        this.heard.push({ atMs, frame })
      } else this.messages.push({ atMs, ...(JSON.parse(data.toString()) as Omit<Message, 'atMs'>) })
    })
    socket.on('close', (code) => {
      this.closeCode = code
      clearInterval(this.#timer)
    })
    socket.on('error', () => {})
  }

  /** Connects and keeps sending silence in real time, as a microphone would. */
  static async connect(origin: string, channelId: string, token: string): Promise<SocketCaller> {
    const query = new URLSearchParams({ token, sampleRate: '16000' })
    const address = `${origin.replace(/^http/, 'ws')}/rtc/channels/${channelId}/socket?${query}`
    const socket = new WebSocket(address)
    const caller = new SocketCaller(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('unexpected-response', (_request, response) =>
        reject(new Error(`HTTP ${response.statusCode}`)),
      )
      socket.once('error', reject)
    })
    caller.#startMs = performance.now()
    caller.#timer = setInterval(() => caller.#pump(), FRAME_MS / 2)
    return caller
  }

  get isOpen(): boolean {
    return this.closeCode === undefined
  }

  /** Plays samples (16 kHz) into the call; resolves when they are through. */
  async play(samples: Int16Array): Promise<void> {
    for (let at = 0; at < samples.length; at += INPUT_FRAME_SAMPLES) {
      const frame = new Int16Array(INPUT_FRAME_SAMPLES)
      frame.set(samples.subarray(at, at + INPUT_FRAME_SAMPLES))
      this.#queue.push(frame)
    }
    await until(() => this.#queue.length === 0 || !this.isOpen, 120_000)
  }

  send(type: number, data: object = {}): void {
    this.#socket.send(JSON.stringify({ type, data, seqId: 1, senderId: '', receiverId: '' }))
  }

  of(type: number): readonly Message[] {
    return this.messages.filter((message) => message.type === type)
  }

  /** Final texts of the user, in order. */
  said(): readonly string[] {
    return this.of(1003)
      .filter(({ data }) => data['end'] === true)
      .map(({ data }) => String(data['text']))
  }

  /** The agent's text by sentence id, increments joined. */
  answered(): ReadonlyMap<number, string> {
    const texts = new Map<number, string>()
    for (const { data } of this.of(1002)) {
      const id = Number(data['sentenceId'])
      texts.set(id, (texts.get(id) ?? '') + String(data['text']))
    }
    return texts
  }

  close(): void {
    clearInterval(this.#timer)
    this.#socket.close()
  }

  /** Goes without a word, as a crashed client does. */
  vanish(): void {
    clearInterval(this.#timer)
    this.#socket.terminate()
  }

  #pump(): void {
    const due = Math.floor((performance.now() - this.#startMs) / FRAME_MS)
    for (; this.#sent < due; this.#sent += 1) {
      const frame = this.#queue.shift() ?? new Int16Array(INPUT_FRAME_SAMPLES)
      if (this.#socket.readyState === WebSocket.OPEN) {
        this.#socket.send(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength))
      }
    }
  }
}
