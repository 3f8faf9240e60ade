import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const FILE_NAME = 'moonshine-tokens-32000.txt'

/** The vocabulary in the form that sherpa reads: a line for each token, `base64(bytes)\tid`. */
export function tokensText(vocabulary: readonly string[]): string {
  return vocabulary.map((token, id) => `${tokenBytes(token).toString('base64')}\t${id}\n`).join('')
}

/** Tokens like `<0x0A>` stand for one byte. */
function tokenBytes(token: string): Buffer {
  const hex = /^<0x([0-9A-F]{2})>$/.exec(token)?.[1]
  return hex === undefined ? Buffer.from(token, 'utf8') : Buffer.from(hex, 'hex')
}

/** Writes the file if it is not there yet, whole or not at all; several processes may do so at a time. */
export async function tokensFile(folder: string): Promise<string> {
  const file = join(folder, FILE_NAME)
  if (existsSync(file)) return file
  const { default: tokenizer } = await import('llama-tokenizer-js')
  mkdirSync(folder, { recursive: true })
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, tokensText(tokenizer.vocabById))
  renameSync(draft, file)
  return file
}
