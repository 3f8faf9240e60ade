import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { INPUT_RATE_HZ } from '../media/pcm.ts'

/** The compiler's library for servers leaves this out. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: object }
}

/** What we use of the codec's WebAssembly module: plain libopus. Pointers are numbers. */
interface OpusModule {
  readonly memory: { readonly buffer: ArrayBuffer }
  malloc(bytes: number): number
  _initialize(): void
  opus_decoder_get_size(channels: number): number
  opus_decoder_init(decoder: number, rateHz: number, channels: number): number
  opus_decode(
    decoder: number,
    packet: number,
    packetBytes: number,
    pcm: number,
    frameSamples: number,
    useFec: number,
  ): number
}

/** The longest Opus packet: 120 ms. */
export const OPUS_LIMIT_SAMPLES = (INPUT_RATE_HZ * 120) / 1000
/** The largest packet libopus makes of one frame is 1275 bytes; several frames may share a packet. */
export const OPUS_LIMIT_BYTES = 8192
/** Concealment and repair work in steps of 2.5 ms. */
const STEP_SAMPLES = (INPUT_RATE_HZ * 2.5) / 1000

let shared: Shared | undefined

interface Shared {
  readonly opus: OpusModule
  readonly packetAt: number
  readonly pcmAt: number
  /** Memory of decoders that were closed, to be used again: the module has no way to shrink. */
  readonly free: number[]
  /** Views of the module's memory; made anew when it has grown. */
  packet: Uint8Array
  pcm: Int16Array
}

/**
 * Decodes Opus straight to 16 kHz mono, by the WebAssembly build of `@evan/opus`: unlike its native one
 * it gives access to repair (in-band FEC) and concealment.
 */
export class OpusDecoder {
  #decoder: number
  readonly #shared: Shared

  constructor() {
    this.#shared = shared ??= load()
    const { opus, free } = this.#shared
    this.#decoder = free.pop() ?? opus.malloc(opus.opus_decoder_get_size(1))
    refreshViews(this.#shared)
    const code = opus.opus_decoder_init(this.#decoder, INPUT_RATE_HZ, 1)
    if (code !== 0) throw new Error(`Opus decoder cannot start: code ${code}`)
  }

  /** A packet's sound; `undefined` if it is malformed. Valid until any decoder's next call. */
  decode(packet: Uint8Array): Int16Array | undefined {
    return this.#run(packet, OPUS_LIMIT_SAMPLES, false)
  }

  /** The sound of the lost packet before `packet`, as far as that repeats it, else concealment. */
  repair(packet: Uint8Array, samples: number): Int16Array | undefined {
    return this.#run(packet, samples, true)
  }

  /** Sound to fill a gap with: the last one dying away. */
  conceal(samples: number): Int16Array | undefined {
    return this.#run(undefined, samples, false)
  }

  /** May be called twice. */
  close(): void {
    if (this.#decoder !== 0) this.#shared.free.push(this.#decoder)
    this.#decoder = 0
  }

  #run(packet: Uint8Array | undefined, samples: number, useFec: boolean): Int16Array | undefined {
    const { opus, packetAt, pcmAt } = this.#shared
    if (this.#decoder === 0) return undefined
    const bytes = packet?.length ?? 0
    // An empty packet would mean concealment.
    if (packet !== undefined && (bytes === 0 || bytes > OPUS_LIMIT_BYTES)) return undefined
    refreshViews(this.#shared)
    if (packet !== undefined) this.#shared.packet.set(packet)
    const wanted = Math.min(samples, OPUS_LIMIT_SAMPLES)
    const frame = packet === undefined || useFec ? wanted - (wanted % STEP_SAMPLES) : wanted
    const count = opus.opus_decode(
      this.#decoder,
      packet === undefined ? 0 : packetAt,
      bytes,
      pcmAt,
      frame,
      useFec ? 1 : 0,
    )
    return count > 0 ? this.#shared.pcm.subarray(0, count) : undefined
  }
}

function load(): Shared {
  const require = createRequire(import.meta.url)
  const module = new WebAssembly.Module(readFileSync(require.resolve('@evan/opus/wasm/simd.wasm')))
  const nothing = (): number => 0
  const instance = new WebAssembly.Instance(module, {
    wasi_snapshot_preview1: {
      fd_seek: nothing,
      fd_write: nothing,
      fd_close: nothing,
      proc_exit: nothing,
    },
    // Views are made anew before each use: see refreshViews.
    env: { emscripten_notify_memory_growth: nothing },
  })
  const opus = instance.exports as unknown as OpusModule
  opus._initialize()
  const packetAt = opus.malloc(OPUS_LIMIT_BYTES)
  const pcmAt = opus.malloc(OPUS_LIMIT_SAMPLES * 2)
  const empty = { packet: new Uint8Array(0), pcm: new Int16Array(0) }
  return { opus, packetAt, pcmAt, free: [], ...empty }
}

/** The module's memory moves when it grows, and the views on it die. */
function refreshViews(shared: Shared): void {
  const { buffer } = shared.opus.memory
  if (shared.packet.buffer === buffer) return
  shared.packet = new Uint8Array(buffer, shared.packetAt, OPUS_LIMIT_BYTES)
  shared.pcm = new Int16Array(buffer, shared.pcmAt, OPUS_LIMIT_SAMPLES)
}
