import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { tokensFile } from '../../src/providers/moonshine/tokens.ts'

/** The stand-in for the native library. */
export const FAKE_LIBRARY = new URL('./fake-sherpa.ts', import.meta.url).href

const root = mkdtempSync(join(tmpdir(), 'antiphon-models-'))
after(() => rmSync(root, { recursive: true }))

/** A folder of that name with files of no content but their metadata. */
export function modelFolder(
  name: string,
  files: readonly string[],
  metadata: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): string {
  const folder = join(mkdtempSync(join(root, 'one-')), name)
  mkdirSync(folder, { recursive: true })
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    if (file.endsWith('/')) mkdirSync(join(folder, file), { recursive: true })
    else writeFileSync(join(folder, file), onnxWith(metadata[file] ?? {}))
  }
  return folder
}

/** The end of an ONNX file: something like weights, then metadata as Protocol Buffers have it. */
export function onnxWith(metadata: Readonly<Record<string, string>>): Buffer {
  const piece = (tag: number, bytes: Buffer): Buffer => {
    const length: number[] = []
    let rest = bytes.length
    for (; rest > 0x7f; rest >>>= 7) length.push((rest & 0x7f) | 0x80)
    return Buffer.concat([Buffer.from([tag, ...length, rest]), bytes])
  }
  const entries = Object.entries(metadata).map(([key, value]) =>
    piece(0x72, Buffer.concat([piece(0x0a, Buffer.from(key)), piece(0x12, Buffer.from(value))])),
  )
  // A length that leads beyond the end, and the tag itself, as weights may hold them.
  return Buffer.concat([Buffer.from([8, 9, 0x72, 0xff, 0x72, 3, 1]), ...entries])
}

/** The files of Moonshine that the server uses itself, laid out as a model folder of sherpa-onnx. */
export async function moonshineFolder(): Promise<string> {
  const folder = modelFolder('sherpa-onnx-moonshine-tiny-en', [])
  const packageFile = import.meta.resolve('@usefulsensors/moonshine-js')
  for (const name of ['encoder_model', 'decoder_model_merged']) {
    const file = fileURLToPath(new URL(`./model/tiny/quantized/${name}.onnx`, packageFile))
    symlinkSync(file, join(folder, `${name}.onnx`))
  }
  symlinkSync(await tokensFile(root), join(folder, 'tokens.txt'))
  return folder
}
